"""Log lines as JSON, one object a line, for a collector of logs."""

import json
import logging
from datetime import UTC, datetime
from io import TextIOBase

from flowrun.cli.log_lines import LOG


class JsonFormatter(logging.Formatter):
    """A line: `time` (UTC), `level`, `flow`, `message`; where they are known, `processor` and `flowfile`, its uuid."""

    def __init__(self, flow: str) -> None:
        super().__init__()
        self._flow = flow

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC)
        line = {
            "time": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname,
            "flow": self._flow,
            **{name: getattr(record, name) for name in ("processor", "flowfile") if getattr(record, name, None)},
            "message": getattr(record, "plain", None) or record.getMessage(),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def json_line(message: str, flow: str) -> str:
    """A line of information that comes past the log."""
    return JsonFormatter(flow).format(logging.LogRecord("flowrun", logging.INFO, "", 0, message, None, None))


class LoggedOutput(TextIOBase):
    """What a plug-in prints becomes log lines, so that nothing but JSON is among them."""

    def __init__(self) -> None:
        self._begun = ""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        *lines, self._begun = (self._begun + text).split("\n")
        for line in lines:
            LOG.info("%s", line)
        return len(text)
