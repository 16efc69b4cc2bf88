"""The `on_dead_letter:` of a flow: who is told when flowfiles are given up."""

from collections.abc import Collection

from msgspec.structs import replace

from flowrun.flow.definition import OnDeadLetterDefinition, Text
from flowrun.flow.fields import Fields
from flowrun.flow.keys import ON_DEAD_LETTER_KEYS
from flowrun.flow.problem_list import ProblemList
from flowrun.flow.wording import nearest, quoted


def read_on_dead_letter(
    flow: Fields, processors: Collection[str], problems: ProblemList
) -> OnDeadLetterDefinition | None:
    """What the flow says; None: nobody is told, and status and summary show them all the same."""
    node = flow.mapping("on_dead_letter")
    if node is None:
        return None
    fields = Fields(node, ON_DEAD_LETTER_KEYS, problems)
    read = OnDeadLetterDefinition(
        node.place,
        command=fields.texts("command"),
        every=fields.text("every"),
        time_limit=fields.text("time_limit"),
        processor=fields.name("processor"),
    )
    if not fields.may_have("command") and not fields.may_have("processor"):
        problems.report("on_dead_letter needs a 'command' or a 'processor': add one", node.place)
    for key in ("every", "time_limit"):
        text = fields.text(key)
        if text is not None and not fields.may_have("command"):
            problems.report(f"{key} belongs to a 'command': remove it", text.place)
    if fields.sequence("command") is not None and (not read.command or not read.command[0].value.strip()):
        problems.report("command must begin with a program: write command: [PROGRAM, ARGUMENT]", node.place)
    return replace(read, processor=_known(read.processor, processors, problems))


def _known(name: Text | None, processors: Collection[str], problems: ProblemList) -> Text | None:
    if name is None or name.value in processors:
        return name
    meant = nearest(name.value, processors)
    guess = "" if meant is None else f"; did you mean {quoted(meant)}?"
    problems.report(f"no processor {quoted(name.value)}{guess}", name.place)
    return None
