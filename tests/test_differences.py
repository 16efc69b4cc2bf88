"""docs/differences_from_nifi.md has a row for whatever says, in its own place, that it differs from NiFi."""

import inspect
import re
from pathlib import Path

import pytest

from flowrun.configurable import Configurable
from flowrun.registry import Registry

DOCS = Path(__file__).parents[1] / "docs"
PAGE = (DOCS / "differences_from_nifi.md").read_text("utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in PAGE.splitlines() if line.startswith("| ")]
_SAYS_SO = re.compile(
    "unlike NiFi|differs from NiFi|NiFi's Java key stores are refused|SOCKS is refused", re.IGNORECASE
)


def types_that_differ() -> list[type[Configurable]]:
    installed = Registry.installed()
    kinds: list[type[Configurable]] = [installed.processors.load(name) for name in installed.processors.names]
    kinds += [installed.services.load(name) for name in installed.services.names]
    own = [kind for kind in kinds if kind.__module__.startswith("flowrun_processors")]
    return [kind for kind in own if _SAYS_SO.search(inspect.getdoc(kind) or "")]


@pytest.mark.parametrize("kind", types_that_differ(), ids=lambda kind: kind.__name__)
def test_every_type_that_differs_is_in_the_table(kind: type[Configurable]) -> None:
    assert any(row[0].strip("*") == kind.__name__ for row in ROWS)


def test_every_row_says_both_sides_and_why() -> None:
    assert len(ROWS) > 50
    assert [row for row in ROWS if len(row) != 4 or not all(row)] == []


@pytest.mark.parametrize("dialect", sorted((DOCS / "dialects").glob("*.md")), ids=lambda path: path.stem)
def test_every_dialect_s_own_page_is_linked(dialect: Path) -> None:
    assert f"dialects/{dialect.name}" in PAGE


@pytest.mark.parametrize(("page", "anchor"), re.findall(r"\]\(([\w/]+\.md)#([\w-]+)\)", PAGE))
def test_links_lead_to_sections(page: str, anchor: str) -> None:
    titles = re.findall("^#+ (.+)$", (DOCS / page).read_text("utf-8"), re.MULTILINE)

    assert anchor in {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
