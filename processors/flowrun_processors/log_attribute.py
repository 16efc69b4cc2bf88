"""LogAttribute: write what a flowfile carries to the log."""

import logging
import time
from collections.abc import Mapping

from flowrun import (
    ExpressionProperty,
    FlowFile,
    Processor,
    ProcessSession,
    Property,
    Relationship,
    boolean,
    character_set,
    non_empty,
    regular_expression,
)
from flowrun.expression import Expression

LOGGER_NAME = "flowrun.log_attribute"
MASK = "********"
LARGEST_PAYLOAD = 1 << 20
"""Bytes from which on a content is not logged."""

_LEVELS = {
    "trace": logging.DEBUG - 5,
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warn": logging.WARNING,
    "error": logging.ERROR,
}
_PER_LINE = "Line per Attribute"
_SINGLE_LINE = "Single Line"
_RULER_WIDTH = 50
_PREFIX_WIDTH = 40


def _names(text: str) -> frozenset[str]:
    """A list of attribute names, separated by commas."""
    return frozenset(name.strip() for name in non_empty(text).split(",") if name.strip())


def _check_not_empty(expression: Expression) -> None:
    if not expression.text:
        raise ValueError("expected a text that is not empty")


class LogAttribute(Processor):
    """Write the attributes, and if wanted the content, of each flowfile to the log.

    The lines are NiFi's; they go to Python's logger `flowrun.log_attribute`. Unlike NiFi, values of attributes that
    the flow calls sensitive are masked, and line breaks in values don't break the one line of "Single Line".
    """

    blocking = False
    tags = ("attributes", "logging", "debug")
    example = """\
show-attributes:
  type: LogAttribute
  properties:
    Log Level: info
    Attributes to Log by Regular Expression: "invokehttp\\\\..*"
"""

    level = Property("Log Level", str, "How important the lines are.", default="info", allowed=tuple(_LEVELS))
    logs_payload = Property(
        "Log Payload",
        boolean,
        "Whether to log the content as well, if it is smaller than 1 MB.",
        default="false",
        allowed=("true", "false"),
    )
    listed = Property(
        "Attributes to Log",
        _names,
        "Names of attributes to log, separated by commas. An attribute must be in it (if it is set) and match the "
        "regular expression.",
        default=None,
    )
    pattern = Property(
        "Attributes to Log by Regular Expression",
        regular_expression,
        "Only attributes whose whole name matches are logged.",
        default=".*",
        required=False,
        former_names=("attributes-to-log-regex", "Attributes to Log Regular Expression"),
    )
    ignored = Property(
        "Attributes to Ignore",
        _names,
        "Names of attributes not to log, separated by commas.",
        default=None,
    )
    ignored_pattern = Property(
        "Attributes to Ignore by Regular Expression",
        regular_expression,
        "Attributes whose whole name matches are not logged.",
        default=None,
        former_names=("attributes-to-ignore-regex", "Attributes to Ignore Regular Expression"),
    )
    logs_properties = Property(
        "Log FlowFile Properties",
        boolean,
        "Whether to log entry date, lineage start date and size as well.",
        default="true",
        allowed=("true", "false"),
    )
    output_format = Property(
        "Output Format",
        str,
        "Two lines for each attribute, or one line for all of them.",
        default=_PER_LINE,
        allowed=(_PER_LINE, _SINGLE_LINE),
        former_names=("Output format",),
    )
    prefix = ExpressionProperty(
        "Log prefix",
        str,
        "Words in the rulers around the lines, to tell several LogAttributes apart.",
        default=None,
        check=_check_not_empty,
        former_names=("Log Prefix",),
    )
    encoding = ExpressionProperty(
        "Character Set",
        character_set,
        "How the content's bytes become text.",
        default="UTF-8",
        former_names=("character-set",),
    )

    success = Relationship("success", "Every flowfile.")

    def process(self, session: ProcessSession, flowfile: FlowFile) -> None:
        logger, level = logging.getLogger(LOGGER_NAME), _LEVELS[self.level]
        if logger.isEnabledFor(level):
            logger.log(level, "%s", self._message(session, flowfile), extra={"flowfile": flowfile.uuid})
        session.transfer(flowfile, self.success)

    def _message(self, session: ProcessSession, flowfile: FlowFile) -> str:
        attributes = self._attributes(session, flowfile)
        properties = _properties(flowfile) if self.logs_properties else {}
        parts = [f"logging for FlowFile {flowfile.uuid}"]
        if self.output_format == _SINGLE_LINE:
            parts.append(f"FlowFile Properties: {{{_on_one_line({**attributes, **properties})}}}")
        else:
            ruler = _ruler(self.prefix.evaluate(flowfile) if self.prefix is not None else "")
            parts.append(ruler)
            if properties:
                parts += ["FlowFile Properties", *_lines(properties)]
            parts += ["FlowFile Attribute Map Content", *_lines(attributes), ruler]
        if self.logs_payload:
            parts.append(self._payload(session, flowfile))
        return "\n".join(parts).strip()

    def _attributes(self, session: ProcessSession, flowfile: FlowFile) -> dict[str, str]:
        return {
            name: MASK if session.is_sensitive(name) else session.masked(flowfile.attributes[name], flowfile)
            for name in sorted(flowfile.attributes)
            if self._is_wanted(name)
        }

    def _is_wanted(self, name: str) -> bool:
        if (self.listed and name not in self.listed) or not self.pattern.fullmatch(name):
            return False
        if self.ignored and name in self.ignored:
            return False
        return self.ignored_pattern is None or not self.ignored_pattern.fullmatch(name)

    def _payload(self, session: ProcessSession, flowfile: FlowFile) -> str:
        if session.hides_content(flowfile):
            return f"Not including payload since it is sensitive: {MASK}"
        if flowfile.size >= LARGEST_PAYLOAD:
            return "Not including payload since it is larger than one mb."
        return session.masked(session.read(flowfile).decode(self.encoding.evaluate(flowfile), "replace"), flowfile)


def _properties(flowfile: FlowFile) -> dict[str, str]:
    return {
        "entryDate": _date(flowfile.entry_date),
        "lineageStartDate": _date(flowfile.lineage_start),
        "fileSize": str(flowfile.size),
    }


def _date(moment: float) -> str:
    return time.strftime("%a %b %d %H:%M:%S %Z %Y", time.localtime(moment))


def _lines(values: Mapping[str, str]) -> list[str]:
    return [f"Key: '{name}'\n\tValue: '{value}'" for name, value in values.items()]


def _on_one_line(values: Mapping[str, str]) -> str:
    text = ", ".join(f"{name}={values[name]}" for name in sorted(values))
    return "".join(character if character.isprintable() else repr(character)[1:-1] for character in text)


def _ruler(prefix: str) -> str:
    if not prefix.strip():
        return "-" * _RULER_WIDTH
    if len(prefix) > _PREFIX_WIDTH:
        prefix = prefix[: _PREFIX_WIDTH - 3] + "..."
    left = (_PREFIX_WIDTH - len(prefix)) // 2
    return "-" * 5 + ("-" * left + prefix).ljust(_PREFIX_WIDTH, "-") + "-" * 5
