"""Typical mistakes in a flow file: each gives exactly one line, at the place that is to be mended."""

from pathlib import Path

import pytest

from flowrun.flow.keys import PROCESSOR_KEYS
from flowrun.flow.loader import load_flow_text

FLOW = """\
flow: demo
description: Copies files.
parameters:
  directory: {value: in}
sensitive_attributes: [token]
processors:
  get-files:
    type: GetFile
    schedule: {every: 5 sec}
    properties:
      Input Directory: in
      File Filter: ".*"
  save-files:
    type: PutFile
    properties: {Directory: out}
    penalty_duration: 30 sec
    retry: {relationships: [failure], attempts: 2}
    auto_terminate: [success]
    dead_letter: [failure]
connections:
  - get-files -- success --> save-files
"""

DIRECTORY = "      Input Directory: in"
FILTER = '      File Filter: ".*"'
PUT = "    properties: {Directory: out}"
ARROW = "  - get-files -- success --> save-files"
RETRY = "    retry: {relationships: [failure], attempts: 2}"
TERMINATE = "    auto_terminate: [success]"

COMMENT = "YAML takes '#' after a blank as the beginning of a comment: put this in quotes"

AFTER_BRACKET = "a value that begins with '[' and goes on after the bracket: put this in quotes"
NO_COLON = "expected 'key: value': there is no ':' followed by a blank"
NEVER_IN_NAMES = "parameters and expressions work in values, never in names, types or arrows"

MISTAKES = [
    # What YAML takes for something else.
    (DIRECTORY, "      Input Directory: ▸#{directory}", COMMENT),
    (DIRECTORY, "      Input Directory: ▸/data/ #{directory}", COMMENT),
    (DIRECTORY, "      Input Directory: ▸#{directory}\n        more", COMMENT),
    (PUT, "    properties: {Directory: ▸#{directory}}", COMMENT),
    (PUT, "    properties: {Directory: ▸out/ #{directory}}", COMMENT),
    (PUT, "    properties: {Directory: ▸${path}}", "'${' inside {…} or […]: put this in quotes"),
    (PUT, "    properties: {Directory: ▸out#{directory}}", "'#{' inside {…} or […]: put this in quotes"),
    (FILTER, "      File Filter: ▸*.json", "a value that begins with '*': put this in quotes"),
    (FILTER, "      File Filter: ▸*", "a value that begins with '*': put this in quotes"),
    (
        FILTER,
        "      File Filter: ▸*all",
        "a value that begins with '*' is a YAML alias, and there is no such anchor: put this in quotes",
    ),
    (FILTER, "      File Filter: ▸@all", "a value that begins with '@': put this in quotes"),
    (FILTER, "      File Filter: ▸%d", "a value that begins with '%': put this in quotes"),
    (FILTER, "      File Filter: ▸`a`", "a value that begins with '`': put this in quotes"),
    (FILTER, "      File Filter: ▸&amp", "a value that begins with '&': put this in quotes"),
    (FILTER, "      File Filter: ▸&amp;", "a value that begins with '&': put this in quotes"),
    (FILTER, "      File Filter: ▸|a|b", "a value that begins with '|': put this in quotes"),
    (FILTER, "      File Filter: ▸!x", "a value that begins with '!' is a YAML tag: put this in quotes"),
    (FILTER, "      File Filter: ▸!!str x", "a value that begins with '!' is a YAML tag: put this in quotes"),
    (
        FILTER,
        "      File Filter: ▸- a",
        "a value that begins with '- ': put this in quotes, or begin a list on its own line",
    ),
    (FILTER, "      File Filter: ▸[^\\.].*", AFTER_BRACKET),
    (
        FILTER,
        "      File Filter: ▸[a-z]",
        "'File Filter' must be text, found a list: if it is text, put this in quotes",
    ),
    (
        FILTER,
        "      File Filter: ▸{a}",
        "'File Filter' must be text, found a mapping: if it is text, put this in quotes",
    ),
    (FILTER, "      File Filter: ▸a: b", "': ' inside a value: put this in quotes"),
    (FILTER, "      File Filter: ▸'.*", "this quote is never closed"),
    (
        FILTER,
        "      File Filter: 'it'▸s'",
        "text follows the closing quote: double a ' that belongs to the text, or use other quotes",
    ),
    (
        FILTER,
        '      File Filter: "▸\\d+"',
        "this backslash begins no escape that YAML knows in double quotes: use single quotes",
    ),
    # The shape of the file.
    (DIRECTORY, "▸\t  Input Directory: in", "a tab: YAML is indented with blanks, never with tabs"),
    (FILTER, "     ▸File Filter: a", "this does not line up with what stands above it: check the indentation"),
    ("processors:\n", "▸processors\n", NO_COLON),
    (
        ARROW,
        "  - ▸get-files -- success --> save-files: 1",
        "a ':' follows this arrow: settings need the long form, 'from', 'relationships', 'to'",
    ),
    (PUT, "    properties: ▸{Directory: out", "this '{' is never closed"),
    (RETRY, "    retry: {relationships: [failure] ▸attempts: 2}", "expected ',' or '}' here"),
    (FILTER, "      ▸Input Directory: out", "key 'Input Directory' appears twice, first in line 11: remove one"),
    ("  save-files:\n", "  ▸get-files:\n", "key 'get-files' appears twice, first in line 7: remove one"),
    (PUT, "    properties: {▸<<: {}}", "merge keys ('<<') are not known here: write the keys out"),
    (PUT, "    ▸<<: {}", "merge keys ('<<') are not known here: write the keys out"),
    (PUT, "    properties: {▸~: out}", "a key must be text: put it in quotes"),
    (ARROW, ARROW + "\n▸---\nflow: two", "a second document begins here: one file holds one flow"),
    (RETRY, "    retry: {relationships: [failure], ▸attempts:2}", NO_COLON),
    (RETRY, "    retry: {relationships: [failure], ▸attempts 2}", NO_COLON),
    (
        "    properties:\n",
        "  ▸properties:\n",
        "properties stands where a processor's name belongs: move it to the right",
    ),
    ("connections:", "▸say: {type: T}\nconnections:", "unknown key 'say': a processor stands under 'processors:'"),
    # Keys.
    ("    type: GetFile", "    ▸type:GetFile", NO_COLON),
    ("    type: GetFile", "    ▸knd: GetFile", "unknown key 'knd'; expected one of " + ", ".join(PROCESSOR_KEYS)),
    ("    type: GetFile", "    ▸typ: GetFile", "unknown key 'typ'; did you mean 'type'?"),
    ("  get-files:\n    type: GetFile\n", "  ▸get-files:\n", "processor 'get-files' has no 'type'"),
    (PUT, "    ▸propertes: {Directory: out}", "unknown key 'propertes'; did you mean 'properties'?"),
    (PUT, "    ▸Directory: out", "unknown key 'Directory': a property stands under 'properties:'"),
    (TERMINATE, "    ▸autoTerminate: [success]", "unknown key 'autoTerminate'; did you mean 'auto_terminate'?"),
    (TERMINATE, "    ▸auto-terminate: [success]", "unknown key 'auto-terminate'; did you mean 'auto_terminate'?"),
    (
        TERMINATE,
        "    ▸auto terminated relationships: [success]",
        "unknown key 'auto terminated relationships'; did you mean 'auto_terminate'?",
    ),
    (
        RETRY,
        "    retry: {▸relationship: failure, attempts: 2}",
        "unknown key 'relationship'; did you mean 'relationships'?",
    ),
    (
        RETRY,
        "    retry: {relationships: [failure], ▸xyzzy: 2}",
        "unknown key 'xyzzy'; expected one of relationships, attempts, backoff, max_backoff",
    ),
    ("connections:\n", "▸conections:\n", "unknown key 'conections'; did you mean 'connections'?"),
    ("flow: demo", "▸name: demo", "unknown key 'name'; did you mean 'flow'?"),
    ("flow: demo", "flow: demo\n▸process_groups: {}", "process_groups is reserved and not yet supported: remove it"),
    ("flow: demo", "flow: demo\n▸tests: []", "tests is reserved and not yet supported: remove it"),
    (PUT, "    ▸permissions: x", "permissions is reserved and not yet supported: remove it"),
    # Values.
    ("flow: demo", "flow: ▸My Demo", "a flow's name consists of a-z, 0-9 and '-', found 'My Demo'; write 'my-demo'"),
    (FILTER, "      File Filter:▸", "'File Filter' has no value: write \"\" for the empty text"),
    (FILTER, "      File Filter: ▸~", "'File Filter' has no value: write \"\" for the empty text"),
    (PUT, "    properties:▸", "'properties' has no value: give it one, or remove the line"),
    (
        TERMINATE,
        "    auto_terminate: ▸success",
        "auto_terminate must be a list, found text: write auto_terminate: [success]",
    ),
    (
        "    schedule: {every: 5 sec}",
        "    schedule: ▸5 sec",
        "schedule must be a mapping, found text: write schedule: {every: 5 sec}",
    ),
    (
        "    schedule: {every: 5 sec}",
        "    schedule: {every: ▸5}",
        "every: expected a duration such as '30 sec' or '5 min', found '5'",
    ),
    (PUT, PUT + "\n    concurrent_tasks: ▸0", "concurrent_tasks: expected a whole number of 1 or more, found '0'"),
    (PUT, PUT + "\n    sensitive_content: ▸maybe", "sensitive_content: expected true or false, found 'maybe'"),
    ("flow: demo", "flow: demo\ncron: ▸unix", "cron: expected one of quartz, spring, found 'unix'"),
    ("flow: demo", "flow: demo\nfsync: ▸always", "fsync: expected one of none, group, commit, found 'always'"),
    (
        "  directory: {value: in}",
        "  directory: ▸in",
        "a parameter is declared by a mapping such as {value: …} or {env: …}, found text",
    ),
    # Names.
    (DIRECTORY, '      Input Directory: "a/▸#{directoy}"', "no parameter 'directoy'; did you mean 'directory'?"),
    (DIRECTORY, '      Input Directory: "▸#{x}"', "no parameter 'x': declare it under 'parameters:'"),
    ("    type: GetFile", '    type: ▸"#{directory}"', NEVER_IN_NAMES),
    (TERMINATE, '    auto_terminate: [▸"#{directory}"]', NEVER_IN_NAMES),
    (DIRECTORY, '      ▸"#{directory}": in', NEVER_IN_NAMES),
    (PUT, PUT + "\n    dynamic: {▸Directory: x}", "'Directory' stands in properties and in dynamic: remove one"),
    (
        "dead_letter: [failure]",
        "dead_letter: [▸success]",
        "'success' stands in auto_terminate and in dead_letter: remove one",
    ),
    (TERMINATE, "    auto_terminate: [success, ▸success]", "'success' stands twice in auto_terminate: remove one"),
    # Arrows.
    (ARROW, "  - get-files -- success --> ▸save-file", "no processor 'save-file'; did you mean 'save-files'?"),
    (ARROW, "  - ▸get -- success --> save-files", "no processor 'get'"),
    (ARROW, "  - get-files -- success ▸-> save-files", "expected '-->', found '->'"),
    (
        ARROW,
        "  - ▸get-files success --> save-files",
        "no processor 'get-files success'; did you mean 'get-files -- success --> save-files'?",
    ),
    (
        ARROW,
        ARROW + "\n  - ▸get-files -- success --> save-files",
        "this connection stands in line 21 already: remove one",
    ),
]


def load(text: str) -> list[str]:
    return [str(problem) for problem in load_flow_text(text, Path("flow.yaml")).problems]


def test_the_flow_without_mistakes_has_no_problems() -> None:
    assert load(FLOW) == []


@pytest.mark.parametrize(("right", "wrong", "message"), MISTAKES)
def test_a_mistake_gives_one_line_at_its_place(right: str, wrong: str, message: str) -> None:
    assert FLOW.count(right) == 1
    marked = FLOW.replace(right, wrong)
    before = marked[: marked.index("▸")]
    line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1

    assert load(marked.replace("▸", "")) == [f"flow.yaml:{line}:{column}: error: {message}"]


def test_all_mistakes_of_a_file_are_reported_at_once_in_its_order() -> None:
    wrong = FLOW.replace("every: 5 sec", "every: 5").replace("success --> save-files", "success --> save-filed")

    assert load(wrong.replace("    type: PutFile", "    typ: PutFile")) == [
        "flow.yaml:9:23: error: every: expected a duration such as '30 sec' or '5 min', found '5'",
        "flow.yaml:14:5: error: unknown key 'typ'; did you mean 'type'?",
        "flow.yaml:21:30: error: no processor 'save-filed'; did you mean 'save-files'?",
    ]


@pytest.mark.parametrize(
    "slip",
    [
        ("    auto_terminate: [success]", "    autoTerminate: [success]"),
        ("--> save-files", "--> save-file"),
        ("every: 5 sec", "every: 5"),
        ("Input Directory: in", "Input Directory: '#{directoy}'"),
    ],
)
def test_a_slip_that_can_be_guessed_leaves_a_definition_to_find_more_mistakes_in(slip: tuple[str, str]) -> None:
    definition = load_flow_text(FLOW.replace(*slip), Path("flow.yaml")).definition

    assert definition is not None
    assert [name.value for name in definition.processors["save-files"].auto_terminate] == ["success"]
    assert [connection.destination.value for connection in definition.connections] == ["save-files"]


@pytest.mark.parametrize(
    "slip",
    [
        ("Input Directory: in", "Input Directory: #{directory}"),
        ("    type: PutFile", "    kind: PutFile"),
        ("schedule: {every: 5 sec}", "schedule: 5 sec"),
        ("-- success -->", "-- success ->"),
    ],
)
def test_a_slip_after_which_a_part_is_missing_leaves_no_definition(slip: tuple[str, str]) -> None:
    assert load_flow_text(FLOW.replace(*slip), Path("flow.yaml")).definition is None


def test_a_message_stays_one_short_line_whatever_the_file_holds() -> None:
    wrong = FLOW.replace("    type: GetFile", '    type: GetFile\n    "a\\n\\e[31mb' + "x" * 500 + '": 1')

    [message] = load(wrong)
    assert message.startswith("flow.yaml:9:5: error: unknown key 'a\\n\\x1b[31mbxxx")
    assert len(message) < 500
    assert message.isprintable()
