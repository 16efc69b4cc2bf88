"""`rules:` in a flow file: read for every type that takes rules, refused for the others, each mistake in its place."""

from pathlib import Path
from textwrap import dedent, indent

import pytest
from tests.engine.kit import CLASSES, Pass, flow

from flowrun import FlowFile, Processor, ProcessSession, Relationship
from flowrun.expression import Scope
from flowrun.flow.loader import load_flow_text
from flowrun.flow.parameters import resolve_parameters
from flowrun.graph import build_graph
from flowrun.manual import page
from flowrun.registry import Registry
from flowrun.schema import flow_schema

HEAD = """\
flow: test
processors:
  make: {type: Make}
  judge:
    type: Judge
    auto_terminate: [success]
    rules:
"""
TAIL = """\
connections:
  - make --> judge
"""


class Judge(Processor):
    """Set what the rules say."""

    blocking = False
    takes_rules = "The first that matches counts."
    success = Relationship("success", "All.")

    def process(self, session: ProcessSession, flowfile: FlowFile) -> None:
        scope = Scope(flowfile.attributes)
        rule = next(rule for rule in self.configured_rules if rule.matches(scope))
        values = {name: value.evaluate(scope) for name, value in rule.actions.items()}
        session.transfer(session.put_attributes(flowfile, values), self.success)


def problems_of(rules: str, head: str = HEAD) -> list[str]:
    """All problems of a flow with these rules, which begin in line 8."""
    loaded = load_flow_text(head + indent(dedent(rules), " " * 6) + TAIL, Path("flow.yaml"))
    problems = list(loaded.problems)
    if loaded.definition is not None:
        registry = Registry(classes={**CLASSES, "Judge": Judge})
        parameters, _ = resolve_parameters(loaded.definition, files=(), environment={}, overrides={}, require=False)
        problems += build_graph(loaded.definition, registry, parameters).problems
    return [str(problem) for problem in problems]


def test_a_processor_has_its_rules_in_their_order() -> None:
    graph = flow(
        """\
        parameters: {limit: {value: "5"}}
        processors:
          make: {type: Make}
          judge:
            type: Judge
            rules:
              - name: large
                conditions: ["${number:gt(5)}", "${number:lt(9)}"]
                actions: {size: large, seen: "${number}"}
              - {name: other}
            auto_terminate: [success]
        connections:
          - make --> judge
        """,
        Judge=Judge,
    )

    large, other = graph.nodes["judge"].processor.configured_rules

    assert [condition.text for condition in large.conditions] == ["${number:gt(5)}", "${number:lt(9)}"]
    values = {name: value.evaluate({"number": "7"}) for name, value in large.actions.items()}
    assert values == {"size": "large", "seen": "7"}
    assert (other.name, other.conditions, other.actions) == ("other", (), {})


@pytest.mark.parametrize(
    ("rules", "problem"),
    [
        ("- large\n", "8:9: error: a rule must be a mapping, found text: write {name: large, "),
        ("- {conditions: []}\n", "8:9: error: this rule has no 'name'"),
        ("- {name: a, when: []}\n", "8:19: error: unknown key 'when'; did you mean 'conditions'?"),
        ("- {name: a, conditions: x}\n", "8:31: error: conditions must be a list, found text"),
        ("- {name: a, actions: {b: [c]}}\n", "8:32: error: 'b' must be text, found a list"),
        ("- {name: a, actions: {b: }}\n", "8:32: error: 'b' has no value"),
        ("- {name: a}\n- {name: a}\n", "9:16: error: rule 'a' stands in line 8 already: rename one"),
        ("- {name: a, conditions: ['#{b}']}\n", "8:33: error: no parameter 'b': declare it"),
        ("- {name: a, actions: {b: 'x #{c}'}}\n", "8:35: error: no parameter 'c': declare it"),
        ("- name: a\n  conditions: ['${b:nosuch()}']\n", "9:27: error: rule 'a': expression '${b:nosuch()}': "),
        (
            "- name: a\n  conditions:\n    - ${b}\n",
            "10:13: error: rule 'a': expected one expression that is true or false",
        ),
        ("- name: a\n  actions: {b: '${c:nosuch()}'}\n", "9:27: error: rule 'a': expression '${c:nosuch()}': "),
    ],
)
def test_each_mistake_has_its_place(rules: str, problem: str) -> None:
    [found] = problems_of(rules)

    assert found.startswith(f"flow.yaml:{problem}")


def test_a_type_that_takes_no_rules_refuses_them() -> None:
    [found] = problems_of("- {name: a}\n", head=HEAD.replace("Judge", "Pass"))

    assert found == "flow.yaml:8:16: error: Pass takes no rules: remove them"


def test_the_schema_has_rules_where_a_type_takes_them() -> None:
    processor = flow_schema([Judge, Pass])["$defs"]["processor"]
    judge, other = processor["allOf"]

    assert processor["properties"]["rules"]["items"]["required"] == ["name"]
    assert "rules" not in judge["then"]["properties"]
    assert other["then"]["properties"]["rules"] == {"maxItems": 0}


def test_the_manual_says_what_rules_do() -> None:
    assert "## Rules" in page(Judge)
    assert "The first that matches counts." in page(Judge)
    assert "## Rules" not in page(Pass)
