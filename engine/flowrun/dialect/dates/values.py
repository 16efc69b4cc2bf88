"""Values of fields that must agree and lie in their ranges."""

from flowrun.dialect.dates.fields import RANGES, Field
from flowrun.errors import EvaluationError


class Values(dict[Field, int]):
    """What a text says of the fields of a date and time."""

    def put(self, field: Field, value: int) -> None:
        """Add a value; raises EvaluationError if the field has another."""
        if self.setdefault(field, value) != value:
            raise EvaluationError(f"the {field} is both {self[field]} and {value}")

    def check(self, *fields: Field) -> None:
        """Raise EvaluationError if one of the fields has a value out of its range."""
        for field in fields:
            least, most = RANGES[field]
            if not least <= self.get(field, least) <= most:
                raise EvaluationError(f"the {field} {self[field]} is not within {least} to {most}")
