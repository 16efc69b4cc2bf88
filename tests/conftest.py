"""Options of the whole suite. They stand here because pytest reads them before it looks into folders."""

import pytest
from hypothesis import settings

settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--tables", metavar="DIR", default=None, help="Run the conformance tables of this folder, not ours."
    )
