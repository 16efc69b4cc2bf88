"""`flowrun why`: why a flowfile is where it is, step by step."""

import json
from collections.abc import Sequence
from typing import Any

import click

from flowrun.cli.flow_access import FlowAccess
from flowrun.cli.flowfile_options import flowfile_options
from flowrun.cli.history_access import HistoryAccess
from flowrun.cli.why_text import WhyText
from flowrun.history.explanation import Branch, Step, explain
from flowrun.history.finding import Finding


@click.command("why")
@flowfile_options
def command(flow: FlowAccess, as_json: bool, uuid: str) -> None:
    """Tell each step of a flowfile's way: what decided it, what was seen, and which ways were not taken.

    \b
    flowrun why flows/hello.yaml 0d5f4a52-63d7-4b9f-a1c0-000000000001

    What a step is explained by is the flow as it was then. Expressions are evaluated on the attributes that the
    flowfile had; of those that depend on the moment no value is told. Sensitive values are masked.
    """
    access = HistoryAccess(flow)
    hops = access.require_trail(uuid)
    steps = list(explain(hops, access.graph_at))
    if as_json:
        click.echo(json.dumps([_as_json(step, access) for step in steps], indent=2))
        return
    for line in WhyText(access).lines(uuid, steps):
        click.echo(line)


def _as_json(step: Step, access: HistoryAccess) -> dict[str, Any]:
    passage, hop = step.hop.passage, step.hop
    return {
        "moment": passage.moment,
        "processor": passage.author or None,
        "type": step.type or None,
        "place": access.place(step.place) or None,
        "came_by": hop.came_by or None,
        "waited": step.waited,
        "tried_before": step.tried,
        "events": [access.as_json(event, hop) for event in step.events],
        "taken": _branch(step.taken, step, access) if step.taken is not None else None,
        "made_of_it": {access.uuid(child): way or None for child, way in passage.children},
        "not_taken": [_branch(branch, step, access) for branch in step.not_taken],
        "expressions": _findings(step.findings, step, access),
        "remarks": [access.text(remark, hop) for remark in step.remarks],
        "undone": access.text(passage.reason, hop) or None,
        "is_known": step.is_known,
    }


def _branch(branch: Branch, step: Step, access: HistoryAccess) -> dict[str, Any]:
    return {
        "relationship": branch.relationship,
        "leads_to": branch.leads_to,
        "place": access.place(branch.place) or None,
        "meaning": branch.meaning or None,
        "expression": _finding(branch.finding, step, access) if branch.finding is not None else None,
    }


def _findings(findings: Sequence[Finding], step: Step, access: HistoryAccess) -> list[dict[str, Any]]:
    return [_finding(finding, step, access) for finding in findings]


def _finding(finding: Finding, step: Step, access: HistoryAccess) -> dict[str, Any]:
    return {
        "name": finding.name,
        "expression": access.expression(finding, step.hop),
        "place": access.place(finding.place) or None,
        "saw": {name: access.value(name, value, step.hop) for name, value in finding.saw.items()},
        "gave": access.result(finding, step.hop),
        "note": access.text(finding.note, step.hop) or None,
    }
