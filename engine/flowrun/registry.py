"""Which types there are, of processors and of services: those that packages announce, and those in plug-in files.

A type is loaded when a flow names it, so that a flow does not pay for libraries that it does not use.
"""

import importlib.util
import sys
import traceback
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import Generic, TypeVar

from flowrun.configurable import Configurable, DeclarationError
from flowrun.errors import FlowError, Problem
from flowrun.processor import Processor
from flowrun.service import ControllerService

PROCESSORS = "flowrun.processors"
SERVICES = "flowrun.controller_services"
Kind = TypeVar("Kind", bound=Configurable)
_PLUGIN_MODULES = "flowrun_plugins"


class Types(Generic[Kind]):
    """The types of one kind by name. `announced` are entry points, `classes` those that are loaded already."""

    def __init__(
        self, kind: type[Kind], announced: Iterable[EntryPoint] = (), classes: Mapping[str, type[Kind]] | None = None
    ) -> None:
        self._kind = kind
        self._announced = {entry.name: entry for entry in announced}
        self._classes = dict(classes or {})

    @property
    def names(self) -> list[str]:
        """All type names, sorted."""
        return sorted({*self._announced, *self._classes})

    def name_of(self, spelling: str) -> str | None:
        """The type that a flow's spelling means.

        NiFi's class names are understood with their package, in another case (`InvokeHTTP`), and with `Standard`
        before them.
        """
        short = spelling.rsplit(".", 1)[-1]
        if short in self._announced or short in self._classes:
            return short
        spellings = (short.lower(), short.lower().removeprefix("standard"))
        same = [name for name in self.names if name.lower() in spellings]
        return same[0] if len(same) == 1 else None

    def guess(self, spelling: str) -> str | None:
        """A type that may have been meant."""
        names = {name.lower(): name for name in self.names}
        near = get_close_matches(spelling.rsplit(".", 1)[-1].lower(), names, n=1)
        return names[near[0]] if near else None

    def all(self) -> list[type[Kind]]:
        """Every type, loaded, by name. Raises FlowError if one can't be loaded."""
        return [self.load(name) for name in self.names]

    def load(self, name: str) -> type[Kind]:
        """The type of that name. Raises FlowError if it can't be loaded."""
        if name not in self._classes:
            self._classes[name] = self._load_announced(self._announced[name])
        return self._classes[name]

    def _load_announced(self, entry: EntryPoint) -> type[Kind]:
        package = entry.dist.name if entry.dist is not None else "a package that is not known"
        try:
            loaded = entry.load()
        except Exception as error:
            raise FlowError(f"the type '{entry.name}' of {package} can't be loaded: {_first_line(error)}") from error
        if not (isinstance(loaded, type) and issubclass(loaded, self._kind)):
            raise FlowError(f"the type '{entry.name}' of {package} is no {self._kind.__name__}")
        return loaded

    def add_plugins(self, module: ModuleType, file: Path) -> None:
        """Add the classes that a plug-in file defines. Raises FlowError if a name is taken."""
        for value in vars(module).values():
            is_own = isinstance(value, type) and issubclass(value, self._kind) and value.__module__ == module.__name__
            if not is_own or value.__name__.startswith("_"):
                continue
            if self.name_of(value.__name__) is not None:
                raise FlowError(f"{file}: there is a type '{value.__name__}' already; choose another name")
            self._classes[value.__name__] = value


class Registry:
    """All types that a flow may name."""

    def __init__(
        self,
        processors: Types[Processor] | None = None,
        services: Types[ControllerService] | None = None,
        *,
        classes: Mapping[str, type[Processor]] | None = None,
    ) -> None:
        self.processors = processors or Types(Processor, classes=classes)
        self.services = services or Types(ControllerService)

    @classmethod
    def installed(cls, plugin_folders: Iterable[Path] = ()) -> "Registry":
        """The types of all installed packages and of these plug-in folders.

        Raises FlowError with every plug-in file that can't be used and why.
        """
        announced = entry_points()  # once: each look at all installed packages takes 15 ms
        processors = Types(Processor, announced.select(group=PROCESSORS))
        services = Types(ControllerService, announced.select(group=SERVICES))
        problems: list[Problem] = []
        for file in [file for folder in plugin_folders for file in sorted(folder.glob("*.py"))]:
            try:
                module = _import_file(file)
                processors.add_plugins(module, file)
                services.add_plugins(module, file)
            except FlowError as error:
                problems += error.problems
        if problems:
            raise FlowError(problems)
        return cls(processors, services)


def _import_file(file: Path) -> ModuleType:
    name = f"{_PLUGIN_MODULES}.{file.stem}"
    specification = importlib.util.spec_from_file_location(name, file)
    if specification is None or specification.loader is None:
        raise FlowError(f"{file}: this file can't be imported")
    module = importlib.util.module_from_spec(specification)
    sys.modules[name] = module
    try:
        specification.loader.exec_module(module)
    except DeclarationError as error:
        raise FlowError(f"{file}: {error}") from error
    except Exception as error:
        place = f"{file}{_line_in(error, file)}"
        raise FlowError(f"{place}: this plug-in can't be imported: {_first_line(error)}") from error
    return module


def _line_in(error: Exception, file: Path) -> str:
    if isinstance(error, SyntaxError) and error.lineno:
        return f":{error.lineno}"
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(file)]
    return f":{lines[-1]}" if lines else ""


def _first_line(error: Exception) -> str:
    text = str(error).splitlines()
    return f"{type(error).__name__}: {text[0]}" if text else type(error).__name__
