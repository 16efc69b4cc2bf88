"""Processors that look at each flowfile: alone in their session, and what they add to a flow."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from timeit import Timer

from flowrun import Processor
from flowrun_processors.evaluate_json_path import EvaluateJsonPath
from flowrun_processors.replace_text import ReplaceText
from flowrun_processors.route_on_attribute import RouteOnAttribute
from flowrun_processors.update_attribute import UpdateAttribute
from tests.benchmarks.figure import Figure, Peer, Target
from tests.benchmarks.flows import Mark, graph_of
from tests.benchmarks.running import TIMES, run

COUNT = 20_000
DOCUMENT = json.dumps(
    {
        "access_token": "a" * 320,
        "refresh_token": "r" * 320,
        "scope": "openid accounting.transactions accounting.contacts offline_access",
        "expires_in": 1800,
        "tenants": [{"id": f"tenant-{number}", "name": f"Organisation {number}"} for number in range(5)],
    }
)
_ATTRIBUTES = {"uuid": "6f1a2b3c", "filename": "file-1.txt", "path": "./"}
_FLOW = """\
flow: steps
processors:
  generate: {{type: Generate, properties: {{Count: {count}, Content: '{content}'}}}}
{step}  drop: {{type: Drop}}
connections:
{connections}
"""


@dataclass(frozen=True, slots=True)
class Step:
    """A processor to be measured, its properties and ends as YAML, the relationship that leads on, and a peer."""

    type: type[Processor]
    properties: str
    leads: str
    ends: str
    peer: str
    work: Callable[[], object]
    target: Target | None = None


STEPS = (
    Step(Mark, "{}", "success", "", "a changed dict", lambda: {**_ATTRIBUTES, "mark": "passed"}),
    Step(
        EvaluateJsonPath,
        "{Destination: flowfile-attribute, access: $.access_token, refresh: $.refresh_token}",
        "matched",
        "failure, unmatched",
        "json.loads",
        lambda: json.loads(DOCUMENT),
        Target(most=25),
    ),
    Step(
        RouteOnAttribute,
        """{ok: "${path:equals('ok')}", csv: "${filename:endsWith('.csv')}", txt: "${filename:endsWith('.txt')}"}""",
        "txt",
        "ok, csv, unmatched",
        "three Python conditions",
        lambda: (
            _ATTRIBUTES["path"] == "ok",
            _ATTRIBUTES["filename"].endswith(".csv"),
            _ATTRIBUTES["filename"].endswith(".txt"),
        ),
        Target(most=5),
    ),
    Step(
        UpdateAttribute,
        """{filename: "${filename:substringBefore('.')}.csv", seen: 'yes'}""",
        "success",
        "",
        "a changed dict",
        lambda: {**_ATTRIBUTES, "filename": _ATTRIBUTES["filename"].partition(".")[0] + ".csv", "seen": "yes"},
    ),
    Step(
        ReplaceText,
        "{Replacement Strategy: Literal Replace, Evaluation Mode: Entire text, Search Value: to, Replacement Value: 2}",
        "success",
        "failure",
        "decode, replace, encode",
        lambda: DOCUMENT.encode().decode().replace("to", "2").encode(),
    ),
)


def measure() -> Iterator[Figure]:
    """Microseconds per flowfile, of a 1 KB document where content matters."""
    without, _ = _best(None)
    for step in STEPS:
        whole, alone = _best(step)
        peers = (Peer(step.peer, min(Timer(step.work).repeat(5, 10_000)) / 10_000 * 1e6),)
        name = "put one attribute" if step.type is Mark else step.type.__name__
        yield Figure(f"{name}, alone in its session", alone * 1e6, "µs", peers, step.target)
        yield Figure(f"{name}, what it adds to a flow", (whole - without) * 1e6, "µs", peers)


def _best(step: Step | None) -> tuple[float, float]:
    """Seconds of CPU time of the whole flow, and seconds in the step's sessions, both per flowfile."""
    whole, alone = [], []
    for _ in range(TIMES):
        graph = graph_of(_flow(step), *((step.type,) if step else ()))
        whole.append(run(graph).cpu / COUNT)
        alone.append(graph.nodes["step" if step else "drop"].statistics.seconds / COUNT)
    return min(whole), min(alone)


def _flow(step: Step | None) -> str:
    if step is None:
        return _FLOW.format(count=COUNT, content=DOCUMENT, step="", connections="  - generate -- success --> drop")
    ends = f", auto_terminate: [{step.ends}]" if step.ends else ""
    return _FLOW.format(
        count=COUNT,
        content=DOCUMENT,
        step=f"  step: {{type: {step.type.__name__}, properties: {step.properties}{ends}}}\n",
        connections=f"  - generate -- success --> step\n  - step -- {step.leads} --> drop",
    )
