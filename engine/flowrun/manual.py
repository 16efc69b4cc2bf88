"""Manual pages of processor types, in Markdown, from what the types declare."""

import inspect
from collections.abc import Iterable, Mapping, Sequence

from flowrun.dynamic_properties import DynamicDeclaration
from flowrun.processor import Input, Processor
from flowrun.property import REQUIRED, Declaration

_INPUT = {
    Input.REQUIRED: "required: a connection must come in",
    Input.ALLOWED: "allowed: without a connection coming in, it is a source",
    Input.FORBIDDEN: "forbidden: it is a source",
}


def summary(processor: type[Processor]) -> str:
    """The first line of the type's docstring."""
    return (inspect.getdoc(processor) or "").partition("\n")[0]


def page(processor: type[Processor]) -> str:
    """The manual page of one type."""
    blocks = [
        f"# {processor.__name__}",
        inspect.getdoc(processor) or "",
        *_facts(processor),
        *_properties(processor.declarations.properties),
        *_dynamic(processor.declarations.dynamic),
        *_relationships(processor),
        *_attributes("Attributes it reads", processor.reads),
        *_attributes("Attributes it writes", processor.writes),
        *_example(processor),
    ]
    return "\n\n".join(blocks) + "\n"


def index(processors: Iterable[type[Processor]]) -> str:
    """The list of types, with a line about each."""
    rows = [f"| [{p.__name__}]({p.__name__}.md) | {_cell(summary(p))} |" for p in processors]
    return "\n".join(["# Processors", "", "| type | what it does |", "| --- | --- |", *rows]) + "\n"


def _facts(processor: type[Processor]) -> list[str]:
    lines = [f"- Input: {_INPUT[processor.input]}."]
    if processor.former_types:
        lines.append(f"- Also written: {', '.join(f'`{name}`' for name in processor.former_types)}.")
    if processor.default_schedule != "0 sec":
        lines.append(f"- Triggered every {processor.default_schedule}, unless the flow sets a `schedule`.")
    if processor.tags:
        lines.append(f"- Tags: {', '.join(processor.tags)}.")
    return ["\n".join(lines)]


def _properties(declarations: Sequence[Declaration]) -> list[str]:
    if not declarations:
        return []
    rows = ["| property | default | meaning |", "| --- | --- | --- |"]
    rows += [f"| **{d.name}** | {_default(d)} | {_cell(_meaning(d))} |" for d in declarations]
    return ["## Properties", "\n".join(rows)]


def _default(declaration: Declaration) -> str:
    if declaration.default is REQUIRED:
        return "*must be set*"
    if not isinstance(declaration.default, str):
        return ""
    return f"`{_cell(declaration.default)}`" if declaration.default else '`""`'


def _meaning(declaration: Declaration) -> str:
    sentences = [declaration.description]
    if declaration.allowed:
        sentences.append(f"One of {', '.join(f'`{value}`' for value in declaration.allowed)}.")
    if declaration.scope is not None:
        sees = "attributes and " if declaration.scope == "flowfile" else ""
        sentences.append(f"Takes expressions, which see {sees}the environment.")
    if declaration.only_with:
        sentences.append(f"Only with {_conditions(declaration.only_with)}.")
    if declaration.sensitive:
        sentences.append("Sensitive: never shown.")
    if declaration.unsupported:
        sentences.append(f"Can't be used yet: {declaration.unsupported}.")
    if declaration.former_names:
        sentences.append(f"Formerly {', '.join(f'`{name}`' for name in declaration.former_names)}.")
    return " ".join(sentences)


def _conditions(conditions: Mapping[str, Sequence[str]]) -> str:
    return " and ".join(
        f"**{name}**" + (f" {' or '.join(f'`{value}`' for value in values)}" if values else "")
        for name, values in conditions.items()
    )


def _dynamic(dynamic: DynamicDeclaration | None) -> list[str]:
    if dynamic is None:
        return []
    sees = {"flowfile": " Takes expressions.", "environment": " Takes expressions, which see the environment only."}
    makes = " Each makes a relationship of its name." if dynamic.relationships is not None else ""
    text = f"Any other property: its name is {dynamic.name_means}; its value is {dynamic.description}"
    return ["## Dynamic properties", f"{text}{sees.get(dynamic.scope or '', '')}{makes}"]


def _relationships(processor: type[Processor]) -> list[str]:
    rows = ["| relationship | what goes there |", "| --- | --- |"]
    for relationship in processor.declared_relationships:
        only = f" Only with {_conditions(relationship.only_with)}." if relationship.only_with else ""
        rows.append(f"| **{relationship.name}** | {_cell(relationship.description + only)} |")
    if len(rows) == 2:
        return []
    return ["## Relationships", "\n".join(rows)]


def _attributes(title: str, attributes: Mapping[str, str]) -> list[str]:
    if not attributes:
        return []
    rows = ["| attribute | meaning |", "| --- | --- |"]
    rows += [f"| `{name}` | {_cell(meaning)} |" for name, meaning in attributes.items()]
    return [f"## {title}", "\n".join(rows)]


def _example(processor: type[Processor]) -> list[str]:
    return ["## Example", f"```yaml\n{processor.example.strip()}\n```"] if processor.example.strip() else []


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
