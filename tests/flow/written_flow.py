"""A flow as some author may have written it: keys in any order, any layout, comments anywhere."""

from random import Random
from typing import Any

PARTS: dict[str, tuple[str, ...]] = {
    "flow": (
        "flow",
        "description",
        "fsync",
        "history",
        "parameters",
        "sensitive_attributes",
        "processors",
        "connections",
    ),
    "processor": (
        "type",
        "comment",
        "enabled",
        "schedule",
        "properties",
        "dynamic",
        "rules",
        "retry",
        "auto_terminate",
    ),
    "rule": ("name", "conditions", "actions"),
    "parameter": ("value", "env", "sensitive", "description"),
    "connection": ("from", "relationships", "to", "back_pressure", "expiration"),
}
NEEDED = {"flow", "processors", "type", "name", "from", "to"}
TEXTS = (
    "a",
    "two words",
    "${filename:append('x')}",
    "it's",
    'say "x"',
    "# no comment",
    "",
    "a: b",
    "one\ntwo\n",
    "a\n\n\n",
)


def written_flow(random: Random) -> str:
    """The text of a flow file without problems; comments are `# c1`, `# c2`, …"""
    writer = _Writer(random)
    text = writer.mapping(_flow(random), 0)
    line_break = random.choice(("\n", "\n", "\r\n"))
    return text.replace("\n", line_break) if random.random() < 0.8 else text.rstrip("\n").replace("\n", line_break)


def _flow(random: Random) -> dict[str, Any]:
    processors = {f"p{number}": _some(random, "processor") for number in range(random.randint(1, 3))}
    return _some(random, "flow") | {
        "processors": processors,
        "parameters": {f"name-{number}": _some(random, "parameter") for number in range(random.randint(1, 2))},
        "connections": [_connection(random, list(processors)) for _ in range(1)],
    }


def _some(random: Random, part: str) -> dict[str, Any]:
    keys = [key for key in PARTS[part] if key in NEEDED or random.random() < 0.6]
    random.shuffle(keys)
    return {key: _value(random, key) for key in keys}


def _connection(random: Random, names: list[str]) -> Any:
    source, destination = random.choice(names), random.choice(names)
    if random.random() < 0.3:
        return f"{source} -- success --> {destination}"
    return _some(random, "connection") | {"from": source, "to": destination}


def _value(random: Random, key: str) -> Any:
    names = {"Former Name": random.choice(TEXTS), "own": random.choice(TEXTS), "former": "x"}
    values: dict[str, Any] = {
        "flow": "x",
        "fsync": "commit",
        "history": random.choice(("off", _shuffled(random, {"size": "10 MB", "age": "2 days"}))),
        "type": random.choice(("Known", "org.example.KNOWN", "Other")),
        "enabled": "true",
        "sensitive": "false",
        "env": "NAME",
        "schedule": _shuffled(random, {"every": "5 sec", "overlap": "skip"}),
        "retry": _shuffled(random, {"relationships": ["failure"], "attempts": "2"}),
        "back_pressure": _shuffled(random, {"objects": "5", "size": "1 GB"}),
        "properties": _shuffled(random, names),
        "rules": [_some(random, "rule") | {"name": f"rule-{number}"} for number in range(2)] if key == "rules" else [],
        "conditions": ["${a:isNull()}", "${b:isNull()}"],
        "actions": {"b": random.choice(TEXTS), "a": "x"},
        "dynamic": {"Dynamic Former": random.choice(TEXTS)},
        "relationships": ["success"],
        "auto_terminate": ["success", "failure"],
        "sensitive_attributes": ["token"],
        "expiration": "1 day",
    }
    return values.get(key, random.choice(TEXTS))


def _shuffled(random: Random, mapping: dict[str, Any]) -> dict[str, Any]:
    return dict(random.sample(list(mapping.items()), len(mapping)))


class _Writer:
    def __init__(self, random: Random) -> None:
        self._random = random
        self._comments = 0
        self._step = random.choice((2, 4))

    def mapping(self, values: dict[str, Any], column: int) -> str:
        """Lines of `key: value`, each whole."""
        indent = " " * column
        lines = ""
        for key, value in values.items():
            lines += self._above(indent) + f"{indent}{self._quoted_name(key)}:{self._inner(value, column)}"
        return lines

    def _inner(self, value: Any, column: int) -> str:
        random, deeper = self._random, column + self._step
        if isinstance(value, dict):
            if not value or random.random() < 0.3:
                return f" {self._braces(value)}{self._behind()}\n"
            return f"{self._behind()}\n" + self.mapping(value, deeper)
        if isinstance(value, list):
            if all(isinstance(item, str) and "-->" not in item for item in value):
                return f" [{', '.join(map(self._double, value))}]{self._behind()}\n"
            indent = " " * (column + random.choice((0, self._step)))
            return f"{self._behind()}\n" + "".join(self._item(item, indent) for item in value)
        return self._text(value, deeper)

    def _item(self, item: Any, indent: str) -> str:
        if isinstance(item, str):
            return f"{self._above(indent)}{indent}- {item}{self._behind()}\n"
        inner = len(indent) + 2
        lines = self.mapping(item, inner).split("\n")
        first = next(number for number, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("#"))
        lines[first] = f"{indent}- {lines[first][inner:]}"
        return "\n".join(lines)

    def _text(self, value: str, column: int) -> str:
        random = self._random
        if "\n" in value:
            body = "".join(f"{' ' * column}{line}\n" if line else "\n" for line in value.splitlines())
            header = "|+" if value.endswith("\n\n") else random.choice(("|", ">-"))
            return f" {header}\n{body}"
        return f" {self._quoted(value)}{self._behind()}\n"

    def _braces(self, values: dict[str, Any]) -> str:
        parts = []
        for key, value in values.items():
            inner = self._braces(value) if isinstance(value, dict) else None
            items = value if isinstance(value, list) else ()
            texts = [self._braces(item) if isinstance(item, dict) else self._double(item) for item in items]
            listed = f"[{', '.join(texts)}]" if isinstance(value, list) else None
            parts.append(f"{self._quoted_name(key)}: {inner or listed or self._double(value)}")
        return f"{{{', '.join(parts)}}}"

    def _quoted_name(self, key: str) -> str:
        return self._random.choice((key, key, f"'{key}'", f'"{key}"'))

    def _quoted(self, value: str) -> str:
        plain = value and value[0] not in "#$" and ": " not in value and " #" not in value
        choices = [self._double(value), "'" + value.replace("'", "''") + "'"] + ([value] if plain else [])
        return self._random.choice(choices)

    @staticmethod
    def _double(value: str) -> str:
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'

    def _above(self, indent: str) -> str:
        random = self._random
        gap = random.choice(("", "", "", "\n"))
        deeper = f"{indent}  {self._comment()}\n" if random.random() < 0.1 else ""
        lead = f"{indent}{self._comment()}\n" if random.random() < 0.2 else ""
        return deeper + gap + lead

    def _behind(self) -> str:
        return f"   {self._comment()}" if self._random.random() < 0.2 else ""

    def _comment(self) -> str:
        self._comments += 1
        return f"# c{self._comments}"
