"""A vocabulary for tests of formatting: two types with former names, and every other spelling as it is."""

CURRENT = {"former": "current", "quoted formerly": 'say: "it\'s" [now]', "Former Name": "Current Name"}


class Names:
    """Knows one type, in any case and with a package; its former names are those of CURRENT."""

    def __init__(self, known: str) -> None:
        self._known = known

    def type_name(self, spelling: str) -> str | None:
        """`Known` for `org.example.KNOWN`."""
        return self._known if spelling.rpartition(".")[2].lower() == self._known.lower() else None

    def property_name(self, type_name: str, spelling: str) -> str:
        """The current name."""
        assert type_name == self._known
        return CURRENT.get(spelling, spelling)


class KnownNames:
    """The processor type `Known`, and the service type `Service`."""

    processors = Names("Known")
    services = Names("Service")


VOCABULARY = KnownNames()
