"""Names by number, so that records need not spell them."""


class Names:
    """Names of connections, processors and relationships by number, so that a record need not spell them."""

    def __init__(self) -> None:
        self.listed: list[str] = []
        self._numbers: dict[str, int] = {}

    def number(self, name: str) -> int:
        """The name's number; a new name gets the next one."""
        found = self._numbers.get(name)
        if found is None:
            found = self._numbers[name] = len(self.listed)
            self.listed.append(name)
        return found

    def add(self, names: list[str]) -> None:
        """Names that a record brings."""
        for name in names:
            self.number(name)

    def forget_after(self, count: int) -> None:
        """Take back the names that a record would have brought, since it was not written."""
        for name in self.listed[count:]:
            del self._numbers[name]
        del self.listed[count:]
