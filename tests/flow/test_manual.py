"""docs/flow_format.md says what the loader does."""

import re
from pathlib import Path

import pytest

from flowrun.flow import keys
from flowrun.flow.loader import load_flow_text

MANUAL = (Path(__file__).parents[2] / "docs" / "flow_format.md").read_text()
BLOCKS = re.findall(r"^```yaml\n(.*?)^```", MANUAL, re.MULTILINE | re.DOTALL)
TRAPS = re.findall(r"^\| `([^`]+)` \| [^|]+ \| (`[^|]+`) \|$", MANUAL.partition("## YAML's traps")[2], re.MULTILINE)


def problems_of(text: str) -> list[str]:
    return [str(problem) for problem in load_flow_text(text, Path("flow.yaml")).problems]


def flow_with_property(line: str) -> str:
    indented = f"    {line}" if line.startswith("properties") else f"    properties:\n      {line}"
    return f"flow: x\nparameters: {{inbox: {{}}}}\nprocessors:\n  a:\n    type: T\n{indented}\n"


@pytest.mark.parametrize(
    "key", sorted({key for name in dir(keys) if name.endswith("_KEYS") for key in getattr(keys, name)})
)
def test_every_key_is_in_the_manual(key: str) -> None:
    assert f"`{key}`" in MANUAL


def test_the_whole_flows_of_the_manual_have_no_problems() -> None:
    flows = [block for block in BLOCKS if block.startswith("flow:")]

    assert [problems_of(flow) for flow in flows] == [[]]


@pytest.mark.parametrize(("written", "mended"), TRAPS)
def test_each_trap_is_found_and_its_mend_works(written: str, mended: str) -> None:
    assert len(problems_of(flow_with_property(written))) == 1
    for line in re.findall("`([^`]+)`", mended):
        assert problems_of(flow_with_property(line)) == []


def test_there_are_traps_in_the_manual() -> None:
    assert len(TRAPS) >= 6
