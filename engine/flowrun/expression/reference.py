"""The reference page of the language, made from the declarations."""

from collections.abc import Iterable, Iterator

from flowrun.expression.functions.catalog import FAMILIES, functions
from flowrun.expression.functions.declaration import Example, Function, NullArgument, NullSubject
from flowrun.expression.guide import CONVERSIONS, DIFFERENCES, INTRODUCTION, LIMITS_OF_CONVERSION, TYPES, WRITING
from flowrun.expression.types import ResultType


def reference_page() -> str:
    """The page in Markdown: how the language is written, then each function, by family."""
    parts = [INTRODUCTION, *_examples(WRITING), "", TYPES, *_table(("to", "from", "how"), CONVERSIONS)]
    parts += ["", LIMITS_OF_CONVERSION]
    for family in FAMILIES:
        parts += [f"## {family}", ""]
        for function in functions(family):
            parts += _entry(function)
    return "\n".join([*parts, DIFFERENCES])


def _entry(function: Function) -> Iterator[str]:
    yield f"### {function.name}"
    yield ""
    yield f"`{_signature(function)}` → {function.result.value}"
    yield ""
    yield " ".join([function.meaning, *_null_rules(function)])
    yield ""
    yield _sentence(function.example)
    yield ""


def _signature(function: Function) -> str:
    subject = f"{_type_name(function.subject)}:" if function.has_subject else ""
    written = ""
    for argument in function.arguments:
        comma = ", " if written else ""
        shown = f"{comma}{argument.name}: {_type_name(argument.type)}{', …' if argument.is_repeated else ''}"
        written += f"[{shown}]" if argument.is_optional else shown
    return f"{subject}{function.name}({written})"


def _type_name(wanted: ResultType | None) -> str:
    return "any" if wanted is None else wanted.value


def _null_rules(function: Function) -> Iterator[str]:
    """Who gives what when null: those that give the same in one sentence."""
    outcomes: dict[str, list[str]] = {}
    if function.has_subject and function.null_subject is not NullSubject.SEEN:
        outcomes[function.null_subject.value] = ["subject"]
    for argument in function.arguments:
        if argument.null is not NullArgument.SEEN:
            outcomes.setdefault(argument.null.value, []).append(argument.name)
    for outcome, names in outcomes.items():
        yield f"A null {' or '.join(names)} gives {outcome}."


def _sentence(example: Example) -> str:
    given = f" with {_given(example)}" if _given(example) else ""
    result = f"something that `{example.pattern}` fits" if example.pattern else _quoted(example.result)
    return f"{_quoted(example.expression)}{given} gives {result}."


def _examples(examples: tuple[Example, ...]) -> Iterator[str]:
    return _table(
        ("written", "with", "gives"),
        [(_quoted(example.expression), _given(example), _quoted(example.result)) for example in examples],
    )


def _given(example: Example) -> str:
    given = [f"`{name}` = {_quoted(value)}" for name, value in example.attributes.items()]
    given += [f"state `{name}` = {_quoted(value)}" for name, value in example.state.items()]
    return ", ".join(given)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    for row in (head, ("---",) * len(head), *rows):
        yield f"| {' | '.join(row)} |".replace("|  |", "| |")


def _quoted(text: str) -> str:
    """The text as code; nothing at all is said in words."""
    if not text:
        return "an empty string"
    fence = "``" if "`" in text else "`"
    shown = text.replace("\t", "\\t").replace("\n", "\\n")
    return f"{fence}{shown}{fence}"
