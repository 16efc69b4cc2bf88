"""What a person may see of flowfiles: nothing that the flow calls sensitive, wherever it has got to."""

import time
from collections.abc import Set

from flowrun.control.requests import HEAD_SIZE, QueuedFlowFile
from flowrun.errors import RepositoryError
from flowrun.flowfile import FlowFile, Placement
from flowrun.masking import MASK, Masking
from flowrun.repository import ContentRepository

_READ_AHEAD = (1 << 20) + 4 * HEAD_SIZE
"""Bytes that are read for it: more, so that no secret (a parameter's value is at most 1 MB) is cut and half shown."""
_BINARY_SIZE = 64
_BETWEEN = "\0"


class Viewing:
    """Makes flowfiles fit to be seen.

    `hidden` are the names of attributes whose values must not be, `withheld` says why no content may be, if so.
    """

    def __init__(self, masking: Masking, hidden: Set[str], withheld: str = "") -> None:
        self._masking = masking
        self._hidden = frozenset(hidden) | masking.attributes
        self._made_of_secrets = Masking(self._hidden - masking.attributes)
        self._withheld = withheld

    def text(self, text: str, flowfile: FlowFile) -> str:
        """The text without the flow's secrets, and without this flowfile's sensitive values."""
        return self._made_of_secrets.message(self._masking.message(text, flowfile), flowfile)

    def hides(self, attribute: str) -> bool:
        """Whether the attribute's value must not be seen."""
        return attribute in self._hidden

    def flowfile(self, placement: Placement, *, unmasked: bool = False) -> QueuedFlowFile:
        """The flowfile without its content; `unmasked`: as it is."""
        flowfile = placement.flowfile
        attributes = dict(flowfile.attributes) if unmasked else self._attributes(flowfile)
        return QueuedFlowFile(
            uuid=flowfile.uuid,
            connection=placement.connection,
            filename=attributes.get("filename") or flowfile.uuid,
            size=flowfile.size,
            queued_since=placement.queued_since,
            entry_date=flowfile.entry_date,
            attributes=attributes,
            penalized_until=placement.penalized_until,
            is_penalized=placement.penalized_until > time.time(),
            attempts=placement.attempts,
            cause=self.text(placement.cause, flowfile),
            came_by=placement.came_by,
            content_is_hidden=is_hidden(flowfile),
        )

    def head(self, flowfile: FlowFile, content: ContentRepository) -> dict[str, object]:
        """How the content begins, as fields of QueuedFlowFile."""
        if is_hidden(flowfile):
            return {"head_is_withheld": "the flow says that it is sensitive"}
        if self._withheld:
            return {"head_is_withheld": self._withheld}
        if flowfile.content is None:
            return {"head": ""}
        try:
            with content.open(flowfile.content) as stream:
                data = stream.read(_READ_AHEAD)
        except RepositoryError:
            return {"head_is_withheld": "the flowfile has gone on meanwhile"}
        text = data.decode("utf-8", "replace")
        shown = self.text(text, flowfile)
        if "\0" not in text and "\ufffd" not in text[:HEAD_SIZE]:
            return {"head": shown[:HEAD_SIZE]}
        if shown != text:
            return {"head_is_withheld": "it holds a sensitive value"}
        return {"head": data[:_BINARY_SIZE].hex(" "), "head_is_hexadecimal": True}

    def _attributes(self, flowfile: FlowFile) -> dict[str, str]:
        """What may be seen; all values are searched for secrets in one go, which is many times as fast."""
        shown = {name: MASK if name in self._hidden else value for name, value in flowfile.attributes.items()}
        values = self.text(_BETWEEN.join(shown.values()), flowfile).split(_BETWEEN)
        if len(values) != len(shown):  # a value holds what stands between them
            return {name: self.text(value, flowfile) for name, value in shown.items()}
        return dict(zip(shown, values, strict=True))


def is_hidden(flowfile: FlowFile) -> bool:
    """Whether the flow says that the content must not be shown."""
    return flowfile.content is not None and flowfile.content.sensitive
