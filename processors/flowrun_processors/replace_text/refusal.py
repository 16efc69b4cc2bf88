"""Why a content is not changed."""

from flowrun import EvaluationError


class NotChangedError(EvaluationError):
    """The content can't be changed; the message quotes neither the content nor an attribute."""
