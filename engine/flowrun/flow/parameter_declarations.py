"""The entries of `parameters:`."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from flowrun.flow.definition import ParameterDeclaration
from flowrun.flow.fields import Fields
from flowrun.flow.keys import PARAMETER_KEYS
from flowrun.flow.problem_list import ProblemList
from flowrun.flow.wording import quoted
from flowrun.flow.yaml_nodes import Entry, MappingNode, ScalarNode, kind_of

_NAME = re.compile(r"[A-Za-z0-9_.-](?:[A-Za-z0-9 _.-]*[A-Za-z0-9_.-])?")


def read_declarations(node: MappingNode, problems: ProblemList) -> Mapping[str, ParameterDeclaration]:
    """Every declaration that could be read, in the file's order."""
    declarations = (_read_declaration(entry, problems) for entry in node.entries.values())
    return MappingProxyType({declared.name: declared for declared in declarations if declared is not None})


def _read_declaration(entry: Entry, problems: ProblemList) -> ParameterDeclaration | None:
    name, node = entry.key.text, entry.value
    if not _NAME.fullmatch(name.value):
        message = f"{quoted(name.value)} is no name of a parameter: letters, digits, blanks and - _ . may stand in it"
        problems.lose(message, name.place)
        return None
    if not isinstance(node, MappingNode):
        broken = isinstance(node, ScalarNode) and node.broken
        if not broken:
            found = "nothing" if isinstance(node, ScalarNode) and node.absent else kind_of(node)
            message = f"a parameter is declared by a mapping such as {{value: …}} or {{env: …}}, found {found}"
            problems.lose(message, node.place)
        return None
    fields = Fields(node, PARAMETER_KEYS, problems)
    value, env, file, description = (fields.text(key) for key in ("value", "env", "file", "description"))
    sensitive = fields.flag("sensitive")
    if env is not None and (not env.value.strip() or "=" in env.value):
        problems.report("env must be the name of an environment variable", env.place)
        env = None
    if file is not None and not file.value:
        problems.report("file must be the name of a file", file.place)
        file = None
    if env is not None and file is not None:
        problems.report("a parameter has 'env' or 'file', not both: remove one", file.place)
    return ParameterDeclaration(
        name=name.value,
        place=name.place,
        value=value,
        env=env.value if env else None,
        file=file.value if file else None,
        sensitive=sensitive,
        description=description.value if description else "",
    )
