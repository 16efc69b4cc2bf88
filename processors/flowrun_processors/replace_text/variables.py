"""Substitute Variables: `${name}` in the content, by the flowfile's attributes. Not the Expression Language.

Source: commons-text's `StringSubstitutor` as NiFi uses it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flowrun import ProcessorError

from .lines import split_lines

_OPENING = "${"
_CLOSING = "}"
_DEFAULT = ":-"
_ESCAPE = "$"
_LARGEST_RESULT = 1 << 28
"""Characters: attributes that double each other must not fill the memory."""


@dataclass(frozen=True, slots=True)
class VariableSubstitution:
    """`${name}` becomes the attribute, `${name:-text}` the text if there is none, `$${name}` stays as `${name}`.

    Unknown names stay as they are. A value's own variables are substituted too, those inside a name are not. Raises
    ProcessorError where a value leads back to itself.
    """

    attributes: Mapping[str, str]

    def edit_text(self, text: str) -> str:
        """All variables of the text substituted."""
        try:
            return self._substituted(text, [])
        except RecursionError:
            raise ProcessorError("the attributes refer to each other too deeply for Substitute Variables") from None

    def edit_lines(self, lines: str) -> str:
        """The variables of each line substituted; none lies across two."""
        if _OPENING not in lines:
            return lines
        return "".join([self.edit_text(line) if _OPENING in line else line for line in split_lines(lines)])

    def _substituted(self, text: str, outer: list[str]) -> str:
        parts: list[str] = []
        place = size = 0
        while (start := text.find(_OPENING, place)) >= 0:
            end = text.find(_CLOSING, start)
            if end < 0:
                break
            parts.append(text[place:start])
            if _ends_in_escape(parts):
                parts[-1] = parts[-1][: -len(_ESCAPE)]
                parts.append(_OPENING)
                place = start + len(_OPENING)
                continue
            parts.append(self._value(text[start + len(_OPENING) : end], outer))
            place = end + len(_CLOSING)
            size += len(parts[-1])
            if size > _LARGEST_RESULT:
                raise ProcessorError("the attributes refer to each other so often that the text grows out of bounds")
        parts.append(text[place:])
        return "".join(parts)

    def _value(self, variable: str, outer: list[str]) -> str:
        name, default = _name_and_default(variable)
        if name in outer:
            raise ProcessorError(
                "an attribute's value leads back to the attribute itself, so its substitution would not end"
            )
        value = self.attributes.get(name, default)
        if value is None:
            return f"{_OPENING}{variable}{_CLOSING}"
        return self._substituted(value, [*outer, name]) if _OPENING in value else value


def _ends_in_escape(parts: list[str]) -> bool:
    while parts and not parts[-1]:
        parts.pop()
    return bool(parts) and parts[-1].endswith(_ESCAPE)


def _name_and_default(variable: str) -> tuple[str, str | None]:
    name, found, default = variable.partition(_DEFAULT)
    if not found or _OPENING in name:
        return variable, None
    return name, default
