"""Writes the pages that come from declarations: `python -m docs.generate`, or `--check` to hear which are out of date.

Pages of types are those of this project alone, whatever else is installed; nothing depends on the machine or the time.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import distribution
from pathlib import Path

import click

from flowrun.configurable import Configurable
from flowrun.drawing import FORMATS, picture_of
from flowrun.errors import FlowError
from flowrun.expression.reference import reference_page
from flowrun.flow.loader import load_flow
from flowrun.flow.parameters import resolve_parameters
from flowrun.graph import build_graph
from flowrun.manual import index, page
from flowrun.processor import Processor
from flowrun.registry import PROCESSORS, SERVICES, Registry, Types
from flowrun.schema import flow_schema
from flowrun.service import ControllerService

DOCS = Path(__file__).parent
FLOWS = DOCS.parent / "flows"

_GENERATED = ("processors/*.md", "controller_services/*.md", "*.svg")
_PROCESSORS_HEAD = """\
# Processors

The types that come with flowrun. `flowrun processors TYPE` shows the same page in a terminal, and `flowrun processors`
lists yours as well: [writing processors](../writing_processors.md).

"""
_SERVICES_HEAD = """\
# Controller services

What processors share, declared under `controller_services:` and named by a property of the processors that use it.

"""


def generated(registry: Registry) -> Iterator[tuple[Path, str]]:
    """Every page, relative to this folder, and what belongs in it."""
    processors = [registry.processors.load(name) for name in registry.processors.names]
    services = [registry.services.load(name) for name in registry.services.names]
    yield from _manual(Path("processors"), _PROCESSORS_HEAD, processors)
    if services:
        yield from _manual(Path("controller_services"), _SERVICES_HEAD, services)
    schema = flow_schema(processors, services)
    yield Path("flow.schema.json"), json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
    yield Path("expression_language.md"), reference_page()
    for flow in sorted(FLOWS.glob("*.yaml")):
        yield Path(f"{flow.stem}.svg"), _picture(flow, registry)


def _manual(folder: Path, head: str, kinds: Sequence[type[Configurable]]) -> Iterator[tuple[Path, str]]:
    yield folder / "README.md", head + index(kinds)
    for kind in kinds:
        yield folder / f"{kind.__name__}.md", page(kind)


def _picture(flow: Path, registry: Registry) -> str:
    loaded = load_flow(flow)
    if loaded.definition is None:
        raise FlowError(loaded.problems)
    parameters, _ = resolve_parameters(loaded.definition, files=(), environment={}, overrides={}, require=False)
    return FORMATS["svg"](picture_of(loaded.definition, build_graph(loaded.definition, registry, parameters).graph))


def own_types() -> Registry:
    """The types of this project."""
    own = distribution("flowrun-engine").entry_points
    return Registry(
        Types(Processor, own.select(group=PROCESSORS)), Types(ControllerService, own.select(group=SERVICES))
    )


def outdated(folder: Path, pages: dict[Path, str]) -> list[str]:
    """What differs from the pages as they should be: a line about each file."""
    lines = []
    for path, text in pages.items():
        file = folder / path
        if not file.is_file():
            lines.append(f"docs/{path} is missing")
        elif file.read_text("utf-8") != text:
            lines.append(f"docs/{path} is out of date")
    return lines + [f"docs/{path} is about something that is gone" for path in _leftovers(folder, pages)]


def write(folder: Path, pages: dict[Path, str]) -> None:
    """Write every page, and remove those about what is gone."""
    for path, text in pages.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    for path in _leftovers(folder, pages):
        (folder / path).unlink()


def _leftovers(folder: Path, pages: dict[Path, str]) -> list[Path]:
    """Files of the kinds that are generated, and that no page is any more."""
    found = [file.relative_to(folder) for pattern in _GENERATED for file in folder.glob(pattern)]
    return sorted(set(found) - set(pages))


def main(words: Sequence[str]) -> int:
    """Write the pages, or check them; gives the exit code."""
    if any(word != "--check" for word in words):
        click.echo("usage: python -m docs.generate [--check]", err=True)
        return 2
    pages = dict(generated(own_types()))
    if not words:
        write(DOCS, pages)
        return 0
    lines = outdated(DOCS, pages)
    for line in lines:
        click.echo(line, err=True)
    if lines:
        click.echo("run 'make docs' and commit what it changes", err=True)
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
