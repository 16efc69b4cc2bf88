"""The values of a flow's parameters, from everywhere they may come from.

Last wins: `value`, then `env` or `file` in the flow, the files of `--params`, `FLOWRUN_PARAM_<NAME>`, `--param`.
No message shows a value: it may be a secret.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from flowrun.errors import FlowError, Problem
from flowrun.flow.definition import FlowDefinition, ParameterDeclaration
from flowrun.flow.fields import read_text_item
from flowrun.flow.problem_list import ProblemList
from flowrun.flow.wording import nearest, quoted
from flowrun.flow.yaml_nodes import MappingNode, kind_of
from flowrun.flow.yaml_reading import read_yaml
from flowrun.flow.yaml_text import read_text
from flowrun.parameter_reference import Parameters

_ENVIRONMENT_PREFIX = "FLOWRUN_PARAM_"
_VALUE_SIZE_LIMIT = 1 << 20

Declarations = Mapping[str, ParameterDeclaration]
Given = dict[str, str | None]
"""Values from outside of the flow; None for one that was given and is wrong, which is among the problems."""


def resolve_parameters(
    definition: FlowDefinition,
    *,
    files: Sequence[Path] = (),
    environment: Mapping[str, str],
    overrides: Mapping[str, str],
    require: bool,
) -> tuple[Parameters, tuple[Problem, ...]]:
    """The parameters' values, and what is wrong with them.

    `files` are those of `--params`, `overrides` those of `--param`. A declared parameter that has no value is an
    error if `require`, else a warning; it is then `unset`.
    """
    problems = ProblemList()
    declarations = definition.parameters
    given = _given(declarations, files, environment, overrides, problems)
    values: dict[str, str] = {}
    missing: list[ParameterDeclaration] = []
    for name, declaration in declarations.items():
        try:
            value = given[name] if name in given else _declared_value(declaration, environment)
            if value is not None:
                values[name] = _checked(value)
            elif name not in given:
                missing.append(declaration)
        except ValueError as error:
            problems.doubt(f"parameter {quoted(name)}: {error}", declaration.place, is_error=require)
    if missing:
        problems.doubt(_missing_message(missing), missing[0].place, is_error=require)
    sensitive = frozenset(name for name, declaration in declarations.items() if declaration.sensitive)
    unset = (declarations.keys() - values.keys()) | definition.undeclared_parameters
    return Parameters(values, sensitive, frozenset(unset)), problems.in_order()


def environment_names(name: str) -> tuple[str, str]:
    """The environment variables that give a parameter its value: with its name as it is, and as variables are named."""
    return _ENVIRONMENT_PREFIX + name, _ENVIRONMENT_PREFIX + re.sub("[^A-Za-z0-9]", "_", name).upper()


def _given(
    declarations: Declarations,
    files: Sequence[Path],
    environment: Mapping[str, str],
    overrides: Mapping[str, str],
    problems: ProblemList,
) -> Given:
    """What comes from outside of the flow; what is further down wins."""
    given: Given = {}
    for path in files:
        given |= _from_file(path, declarations, problems)
    given |= _from_environment(declarations, environment)
    given |= _from_overrides(overrides, declarations, problems)
    return given


def _from_file(path: Path, declarations: Declarations, problems: ProblemList) -> Given:
    try:
        text = read_text(path)
    except FlowError as error:
        problems.add(error)
        return {}
    root = read_yaml(text, str(path), problems)
    if root is None:
        return {}
    if not isinstance(root, MappingNode):
        problems.report(f"a file of parameters is a mapping, 'name: value', found {kind_of(root)}", root.place)
        return {}
    given: Given = {}
    for name, entry in root.entries.items():
        known = _known(name, declarations)
        if name != known:
            problems.report(f"no parameter {quoted(name)}", entry.key.place, guess=(name, declarations))
        value = read_text_item(f"parameter {quoted(name)}", entry.value, problems)
        if known is not None:
            given.setdefault(known, value.value if value else None)
    return given


def _from_environment(declarations: Declarations, environment: Mapping[str, str]) -> Given:
    given: Given = {}
    for name in declarations:
        for variable in reversed(environment_names(name)):
            if environment.get(variable):
                given[name] = environment[variable]
    return given


def _from_overrides(overrides: Mapping[str, str], declarations: Declarations, problems: ProblemList) -> Given:
    given: Given = {}
    for name, value in overrides.items():
        known = _known(name, declarations)
        if name != known:
            problems.report(f"--param: no parameter {quoted(name)}", None, guess=(name, declarations))
        if known is not None:
            given.setdefault(known, value)
    return given


def _known(name: str, declarations: Declarations) -> str | None:
    """The declared parameter of that name, or the one that was meant, so that it is not reported missing as well."""
    return name if name in declarations else nearest(name, declarations)


def _declared_value(declaration: ParameterDeclaration, environment: Mapping[str, str]) -> str | None:
    """What the flow itself says; an empty variable, and a file that does not exist, say nothing."""
    if declaration.env is not None and environment.get(declaration.env):
        return environment[declaration.env]
    content = _content(declaration.file) if declaration.file is not None else None
    if content is not None:
        return content
    return declaration.value.value if declaration.value is not None else None


def _content(file: str) -> str | None:
    """The text of a file without the line break at its end. Raises ValueError, which does not show the text."""
    try:
        with open(file, "rb") as stream:
            content = stream.read(_VALUE_SIZE_LIMIT + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ValueError(f"the file {quoted(file)} cannot be read: {error.strerror or error}") from None
    except ValueError:  # a name that holds a NUL character
        raise ValueError(f"{quoted(file)} is no name of a file") from None
    if len(content) > _VALUE_SIZE_LIMIT:
        raise ValueError(f"the file {quoted(file)} is larger than 1 MB")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"the file {quoted(file)} is not UTF-8") from None
    return text.removesuffix("\n").removesuffix("\r")


def _checked(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("its value is not UTF-8") from None
    return value


def _missing_message(missing: Sequence[ParameterDeclaration]) -> str:
    names = ", ".join(quoted(declaration.name) + _expected_from(declaration) for declaration in missing)
    if len(missing) > 1:
        mend = f"--param NAME=VALUE, --params FILE.yaml or {_ENVIRONMENT_PREFIX}<NAME>"
        return f"no values for parameters {names}: set what is named there, or give {mend}"
    name = missing[0].name
    mend = f"--param {name}=VALUE, --params FILE.yaml or the variable {environment_names(name)[1]}"
    return f"no value for parameter {names}: give {mend}"


def _expected_from(declaration: ParameterDeclaration) -> str:
    if declaration.env is not None:
        return f" (environment variable {declaration.env})"
    return f" (file {declaration.file})" if declaration.file is not None else ""
