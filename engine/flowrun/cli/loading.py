"""From the words of a command line to a flow: the options that every command shares, and reading the files."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import click

from flowrun.errors import FlowError, Problem, Severity
from flowrun.flow.definition import FlowDefinition
from flowrun.flow.loader import load_flow
from flowrun.flow.parameters import resolve_parameters
from flowrun.graph import BuiltGraph, FlowGraph, build_graph
from flowrun.parameter_reference import Parameters
from flowrun.registry import Registry
from flowrun.service import ControllerService

Decorated = TypeVar("Decorated", bound=Callable[..., Any])
Services = Callable[[FlowDefinition, Parameters], Mapping[str, ControllerService]]
"""Finds the services that are there already."""


@dataclass(frozen=True, slots=True)
class Given:
    """What the command line says about parameters and plug-ins."""

    parameters: dict[str, str]
    parameter_files: tuple[Path, ...]
    plugin_folders: tuple[Path, ...]

    def arguments(self) -> Iterator[str]:
        """The words of a command line that say the same."""
        for name, value in self.parameters.items():
            yield from ("--param", f"{name}={value}")
        for option, paths in (("--params", self.parameter_files), ("--plugins", self.plugin_folders)):
            for path in paths:
                yield from (option, str(path))


@dataclass(frozen=True, slots=True)
class Loaded:
    """A flow file as it was read; `graph` is None if anything is wrong, `registry` if nothing could be read."""

    definition: FlowDefinition | None
    graph: FlowGraph | None
    problems: tuple[Problem, ...]
    registry: Registry | None = None

    def require(self) -> FlowGraph:
        """The graph. Raises FlowError with all problems if there is an error among them."""
        if self.graph is None:
            raise FlowError(self.problems)
        return self.graph


def parameter_options(command: Decorated) -> Decorated:
    """The options `--param`, `--params` and `--plugins`."""
    for option in (
        click.option(
            "--plugins",
            "plugin_folders",
            multiple=True,
            type=click.Path(path_type=Path, exists=True, file_okay=False),
            help="A folder of plug-in files; 'plugins' beside the flow is always looked into.",
        ),
        click.option(
            "--params",
            "parameter_files",
            multiple=True,
            type=click.Path(path_type=Path),
            help="A YAML file of parameters, 'name: value'.",
        ),
        click.option("--param", "parameters", multiple=True, metavar="NAME=VALUE", help="One parameter's value."),
    ):
        command = option(command)
    return command


def given(parameters: Sequence[str], parameter_files: Sequence[Path], plugin_folders: Sequence[Path]) -> Given:
    """The options' values. Raises click.BadParameter if a parameter is no `name=value`."""
    pairs: dict[str, str] = {}
    for word in parameters:
        name, equals, value = word.partition("=")
        if not equals or not name.strip():
            raise click.BadParameter(f"expected NAME=VALUE, found {name!r} without '='", param_hint="--param")
        pairs[name.strip()] = value
    return Given(pairs, tuple(parameter_files), tuple(plugin_folders))


def load(path: Path, options: Given, *, to_run: bool) -> Loaded:
    """Read a flow file and build its graph; `to_run`: every parameter must have a value."""
    return _load(path, options, None, lambda *_: {}, to_run=to_run)


def load_edited(path: Path, options: Given, running: FlowGraph, registry: Registry | None) -> Loaded:
    """Read a flow file whose flow runs; what an edit leaves as it is of its services is taken from there."""
    from flowrun.reload.sameness import kept_services

    return _load(path, options, registry, partial(kept_services, running), to_run=True)


def _load(path: Path, options: Given, registry: Registry | None, services: Services, *, to_run: bool) -> Loaded:
    loaded = load_flow(path)
    problems = loaded.problems
    definition = loaded.definition
    if definition is None:
        return Loaded(None, None, problems, registry)
    parameters, found = resolve_parameters(
        definition,
        files=options.parameter_files,
        environment=os.environ,
        overrides=options.parameters,
        require=to_run,
    )
    problems += found
    registry = registry or Registry.installed(plugin_folders_for(path, options.plugin_folders))
    kept = services(definition, parameters)
    built = build_graph(definition, registry, parameters, to_run=to_run, services=kept)
    problems = _merged(problems, built)
    wrong = any(problem.severity is Severity.ERROR for problem in problems)
    return Loaded(definition, None if wrong else built.graph, problems, registry)


def _merged(problems: tuple[Problem, ...], built: BuiltGraph) -> tuple[Problem, ...]:
    """All problems in the file's order, each once, and one a place where two floors stumbled over the same thing."""
    merged: dict[object, Problem] = {}
    for problem in (*problems, *built.problems):
        merged.setdefault((problem.place, problem.message), problem)
    return tuple(sorted(merged.values(), key=lambda p: (p.place.line, p.place.column) if p.place else (0, 0)))


def plugin_folders_for(path: Path, chosen: Sequence[Path]) -> list[Path]:
    """The folder `plugins` beside a flow file, if there is one, and those that the command line names."""
    beside = path.absolute().parent / "plugins"
    folders = [beside] if beside.is_dir() else []
    return folders + [folder for folder in chosen if folder.resolve() != beside.resolve()]
