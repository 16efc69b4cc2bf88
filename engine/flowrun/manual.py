"""Manual pages of processor types and controller services, in Markdown, from what the types declare."""

import inspect
from collections.abc import Iterable, Mapping, Sequence

from flowrun.configurable import Configurable
from flowrun.dynamic_properties import DynamicDeclaration
from flowrun.processor import Input, Processor
from flowrun.property import REQUIRED, Declaration
from flowrun.relationship import Relationship
from flowrun.service_property import ServiceProperty

_INPUT = {
    Input.REQUIRED: "Takes flowfiles: a connection must come in.",
    Input.ALLOWED: "Takes flowfiles; without a connection coming in, it is a source.",
    Input.FORBIDDEN: "A source: no connection may come in.",
}
_ANY = "Any other property is one whose name the flow's author chooses."


def summary(kind: type[Configurable]) -> str:
    """The first line of the type's docstring."""
    return (inspect.getdoc(kind) or "").partition("\n")[0]


def page(kind: type[Configurable]) -> str:
    """The manual page of one type."""
    blocks = [
        f"# {kind.__name__}",
        summary(kind),
        *_facts(kind),
        *_example(kind),
        *_details(kind),
        *_properties(kind.declarations.properties),
        *_unsupported(kind.declarations.properties),
        *_dynamic(kind.declarations.dynamic),
        *_rules(kind),
        *_relationships(kind.declared_relationships, kind.declarations.dynamic),
    ]
    if issubclass(kind, Processor):
        blocks += [
            *_attributes("Attributes it reads", kind.reads),
            *_attributes("Attributes it writes", kind.writes),
        ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def index(kinds: Iterable[type[Configurable]]) -> str:
    """A table of types, with a line about each."""
    rows = [(f"[{kind.__name__}]({kind.__name__}.md)", summary(kind)) for kind in kinds]
    return _table(("type", "what it does"), rows) + "\n"


def _facts(kind: type[Configurable]) -> list[str]:
    lines = []
    if issubclass(kind, Processor):
        lines.append(f"- {_INPUT[kind.input]}")
        if kind.default_schedule != "0 sec":
            lines.append(f"- Triggered every {kind.default_schedule}, unless the flow sets a `schedule`.")
    if kind.former_types:
        lines.append(f"- Also written {_codes(kind.former_types)}.")
    if kind.tags:
        lines.append(f"- Tags: {', '.join(kind.tags)}.")
    return ["\n".join(lines)]


def _example(kind: type[Configurable]) -> list[str]:
    example = kind.example.strip()
    return [f"```yaml\n{example}\n```"] if example else []


def _details(kind: type[Configurable]) -> list[str]:
    return [(inspect.getdoc(kind) or "").partition("\n")[2].strip()]


def _properties(declarations: Sequence[Declaration]) -> list[str]:
    usable = [declaration for declaration in declarations if not declaration.unsupported]
    if not usable:
        return []
    rows = [(f"**{declaration.name}**", _default(declaration), _meaning(declaration)) for declaration in usable]
    return ["## Properties", _table(("property", "default", "meaning"), rows)]


def _unsupported(declarations: Sequence[Declaration]) -> list[str]:
    """The properties that a flow from NiFi may name and that can't be set, with what to do instead."""
    reasons: dict[str, list[str]] = {}
    for declaration in declarations:
        if declaration.unsupported:
            reasons.setdefault(declaration.unsupported, []).append(f"**{declaration.name}**")
    lines = [f"- {', '.join(names)}: {reason}." for reason, names in reasons.items()]
    return ["## Properties that can't be set", "\n".join(lines)] if lines else []


def _default(declaration: Declaration) -> str:
    if declaration.default is REQUIRED:
        return "*must be set*"
    if not isinstance(declaration.default, str):
        return ""
    return _code(declaration.default) if declaration.default else '`""`'


def _meaning(declaration: Declaration) -> str:
    sentences = [_sentence(declaration.description)]
    if isinstance(declaration, ServiceProperty):
        sentences.append(f"The name of a controller service, of the kind {_code(declaration.service.__name__)}.")
    if declaration.allowed:
        sentences.append(f"{_codes(declaration.allowed, 'or')}.")
    if declaration.scope is not None:
        sentences.append(_takes_expressions(declaration.scope))
    if declaration.only_with:
        sentences.append(f"Only with {_conditions(declaration.only_with)}.")
    if declaration.sensitive:
        sentences.append("Sensitive: never shown.")
    if declaration.former_names:
        sentences.append(f"Formerly {_codes(declaration.former_names)}.")
    return " ".join(sentences)


def _takes_expressions(scope: str) -> str:
    return (
        "Takes expressions." if scope == "flowfile" else "Takes expressions; they see the environment, no attributes."
    )


def _dynamic(dynamic: DynamicDeclaration | None) -> list[str]:
    if dynamic is None:
        return []
    value = _sentence(dynamic.description)
    if dynamic.scope is not None and "expression" not in value:
        value += f" {_takes_expressions(dynamic.scope)}"
    table = _table(("its name", "its value"), [(dynamic.name_means, value)])
    return ["## Dynamic properties", _ANY, table]


def _rules(kind: type[Configurable]) -> list[str]:
    if not issubclass(kind, Processor) or not kind.takes_rules:
        return []
    return ["## Rules", f"Under `rules:`, each with `name`, `conditions` and `actions`. {kind.takes_rules}"]


def _relationships(declared: Sequence[Relationship], dynamic: DynamicDeclaration | None) -> list[str]:
    rows = [(f"**{r.name}**", _sentence(r.description) + _only(r.only_with)) for r in declared]
    if dynamic is not None and dynamic.relationships is not None:
        rows.insert(
            0, ("*(a dynamic property's name)*", "Each dynamic property makes one." + _only(dynamic.relationships))
        )
    return ["## Relationships", _table(("relationship", "what goes there"), rows)] if rows else []


def _only(conditions: Mapping[str, Sequence[str]]) -> str:
    return f" Only with {_conditions(conditions)}." if conditions else ""


def _conditions(conditions: Mapping[str, Sequence[str]]) -> str:
    return " and ".join(
        f"**{name}**" + (f" {_codes(values, 'or')}" if values else "") for name, values in conditions.items()
    )


def _attributes(title: str, attributes: Mapping[str, str]) -> list[str]:
    rows = [
        (f"*{name}*" if name.startswith("(") else _code(name), _sentence(meaning))
        for name, meaning in attributes.items()
    ]
    return [f"## {title}", _table(("attribute", "meaning"), rows)] if rows else []


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _sentence(text: str) -> str:
    """The text with a capital at its beginning, where that is a word, and a full stop at its end."""
    text = text.strip()
    first = text.partition(" ")[0]
    start = text[:1].upper() if first.isalpha() and first.islower() else text[:1]
    return start + text[1:] + ("" if text.endswith((".", "!", "?", ":")) else ".")


def _codes(texts: Sequence[str], last: str = "and") -> str:
    codes = [_code(text) for text in texts]
    return f" {last} ".join([", ".join(codes[:-1]), codes[-1]] if len(codes) > 1 else codes)


def _code(text: str) -> str:
    """The text as code, also if it has backticks in it."""
    return f"`` {text} ``" if "`" in text else f"`{text}`"
