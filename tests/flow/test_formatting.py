"""Formatting a flow file: order and names change, meaning and layout do not."""

import re
from pathlib import Path
from textwrap import dedent

import pytest

from flowrun.errors import FlowError
from flowrun.flow.formatting import Formatted, format_flow
from tests.flow.vocabulary import VOCABULARY

ROOT = Path(__file__).parents[2]
FLOWS = sorted((ROOT / "flows").glob("*.yaml"))
PAGES = re.findall(
    r"^```yaml\n(flow:.*?)^```",
    "\n".join(page.read_text("utf-8") for page in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))),
    re.MULTILINE | re.DOTALL,
)


def formatted(text: str) -> Formatted:
    return format_flow(dedent(text), Path("flow.yaml"), VOCABULARY)


def processor(lines: str) -> str:
    """The lines of one processor, formatted; the flow around it is in order already."""
    before = "flow: x\nprocessors:\n  a:\n"
    result = formatted(before + "".join(f"    {line}\n" if line else "\n" for line in dedent(lines).splitlines()))
    assert result.text.startswith(before)
    return "\n".join(line.removeprefix("    ") for line in result.text.removeprefix(before).splitlines())


def test_what_is_in_order_stays_to_the_last_character() -> None:
    text = "flow:   x   # odd\n\n\nprocessors:\n    a: { type :  'T' }\n"

    assert formatted(text) == Formatted(text, ())


@pytest.mark.parametrize("flow", [*(path.read_text("utf-8") for path in FLOWS), *PAGES])
def test_flows_of_the_project_are_formatted(flow: str) -> None:
    assert format_flow(flow, Path("flow.yaml"), VOCABULARY).changes == ()


def test_keys_of_every_mapping_are_put_in_order() -> None:
    result = formatted("""\
        connections:
          - to: b
            from: a
            back_pressure:
              size: 1 GB
              objects: 5
        processors:
          a:
            schedule:
              time_zone: UTC
              cron: 0 0 8 ? * MON
            retry:
              attempts: 1
              relationships: [failure]
            type: T
          b: {properties: {x: y}, type: T}
        parameters:
          p: {description: d, value: v}
        flow: x
        """)

    assert result.text == dedent("""\
        flow: x
        parameters:
          p: {value: v, description: d}
        processors:
          a:
            type: T
            schedule:
              cron: 0 0 8 ? * MON
              time_zone: UTC
            retry:
              relationships: [failure]
              attempts: 1
          b: {type: T, properties: {x: y}}
        connections:
          - from: a
            to: b
            back_pressure:
              objects: 5
              size: 1 GB
        """)


def test_names_that_the_author_chose_keep_their_order() -> None:
    lines = "type: T\nproperties:\n  z: 1\n  a: 2"

    assert processor(lines) == lines


def test_comments_go_with_the_entry_below_them_or_behind_which_they_stand() -> None:
    lines = """\
        # why these
        properties:   # properties
          b: c        # b
          # nothing more
        # when
        schedule: {every: 5 sec}   # often
                                   # enough
        type: T
        # the end"""

    assert processor(lines) == dedent("""\
        type: T
        # when
        schedule: {every: 5 sec}   # often
                                   # enough
        # why these
        properties:   # properties
          b: c        # b
          # nothing more
        # the end""")


def test_empty_lines_stay_above_the_entry_that_they_set_apart() -> None:
    assert processor("properties: {}\n\nschedule: {}\ntype: T") == "type: T\n\nschedule: {}\nproperties: {}"
    assert processor("properties: {}\nschedule: {}\n\ntype: T") == "type: T\nschedule: {}\n\nproperties: {}"


def test_the_head_of_the_file_stays_its_head() -> None:
    text = "# head\n\n# of description\ndescription: d\nflow: x\nprocessors: {a: {type: T}}\n"

    assert formatted(text).text == "# head\n\n# of description\nflow: x\ndescription: d\nprocessors: {a: {type: T}}\n"


def test_a_comment_of_the_entry_that_becomes_a_list_item_s_first_goes_above_the_item() -> None:
    head = "flow: x\nprocessors: {a: {type: T}}\nconnections:\n"

    result = formatted(head + "  - to: a\n    # whence\n    from: a\n")

    assert result.text == head + "  # whence\n  - from: a\n    to: a\n"


def test_texts_of_several_lines_stay_as_they_are_written() -> None:
    lines = """\
        properties:
          a: |
            one
            # no comment

          b: >-
            two
            three
          c: "four
            five"
        comment: six
          seven
        type: T"""

    assert processor(lines) == dedent("""\
        type: T
        comment: six
          seven
        properties:
          a: |
            one
            # no comment

          b: >-
            two
            three
          c: "four
            five\"""")


def test_a_file_without_a_line_break_at_its_end_has_none_afterwards() -> None:
    assert formatted("processors: {a: {type: T}}\nflow: x").text == "flow: x\nprocessors: {a: {type: T}}"


def test_line_breaks_of_windows_stay() -> None:
    text = "processors:\r\n  a:\r\n    properties: {b: c}\r\n    type: T\r\nflow: x\r\n"

    assert formatted(text).text == "flow: x\r\nprocessors:\r\n  a:\r\n    type: T\r\n    properties: {b: c}\r\n"


def test_lists_that_are_not_indented_stay_so() -> None:
    text = "flow: x\nprocessors:\n    a: {type: T}\nconnections:\n-   to: a\n    from: a\n"

    assert formatted(text).text.endswith("connections:\n-   from: a\n    to: a\n")


@pytest.mark.parametrize(
    ("written", "current"),
    [
        ("former: 1", "current: 1"),
        ("'former': 1", "'current': 1"),
        ('"former": 1   # why', '"current": 1   # why'),
        ("former: |\n    text", "current: |\n    text"),
        ("quoted formerly: 1", '"say: \\"it\'s\\" [now]": 1'),
        ("'quoted formerly': 1", "'say: \"it''s\" [now]': 1"),
    ],
)
def test_former_names_of_properties_become_the_current_ones(written: str, current: str) -> None:
    assert processor(f"type: Known\nproperties:\n  {written}") == f"type: Known\nproperties:\n  {current}"


def test_other_spellings_of_a_type_become_its_name() -> None:
    assert processor("type: org.example.KNOWN   # why") == "type: Known   # why"


def test_former_names_in_braces_are_found() -> None:
    assert (
        processor("{properties: {former: 1, own: 2}, type: KNOWN}") == "{type: Known, properties: {current: 1, own: 2}}"
    )


def test_names_under_dynamic_and_of_unknown_types_are_left_alone() -> None:
    lines = "type: Known\ndynamic:\n  former: 1"

    assert processor(lines) == lines
    assert processor("type: Unknown\nproperties: {former: 1}") == "type: Unknown\nproperties: {former: 1}"


def test_a_former_name_beside_the_current_one_is_left_for_check_to_report() -> None:
    lines = "type: Known\nproperties: {former: 1, current: 2}"

    assert processor(lines) == lines


def test_services_are_formatted_as_processors_are() -> None:
    result = formatted("""\
        flow: x
        controller_services:
          s:
            properties: {former: 1}
            type: SERVICE
        processors: {a: {type: T}}
        """)

    assert "    type: Service\n    properties: {current: 1}\n" in result.text


def test_changes_say_what_and_where_in_the_file_as_it_was() -> None:
    result = formatted("processors:\n  a:\n    properties: {former: 1}\n    type: KNOWN\nflow: x\n")

    assert [str(change) for change in result.changes] == [
        "flow.yaml:3:18: the property 'former' is called 'current' now",
        "flow.yaml:4:5: 'type' belongs before 'properties'",
        "flow.yaml:4:11: the type 'KNOWN' is called 'Known' here",
        "flow.yaml:5:1: 'flow' belongs before 'processors'",
    ]


def test_a_flow_with_errors_is_refused_with_all_of_them() -> None:
    with pytest.raises(FlowError) as refused:
        formatted("processors: {a: {}, b: 1}\nflow: x\n")

    assert [str(problem) for problem in refused.value.problems] == [
        "flow.yaml:1:14: error: processor 'a' has no 'type'",
        "flow.yaml:1:24: error: processor 'b' must be a mapping: write {type: GetFile}",
    ]


def test_order_is_left_alone_where_an_alias_would_come_before_its_anchor() -> None:
    text = "description: &name x\nflow: *name\nprocessors: {a: {type: KNOWN}}\n"

    assert formatted(text).text == text.replace("KNOWN", "Known")


def test_aliases_move_where_they_still_follow_their_anchors() -> None:
    text = "flow: x\nprocessors:\n  a: {properties: &p {y: z}, type: T}\n  b: {properties: *p, type: T}\n"

    assert formatted(text).text == (
        "flow: x\nprocessors:\n  a: {type: T, properties: &p {y: z}}\n  b: {type: T, properties: *p}\n"
    )


def test_names_are_left_alone_where_another_type_shares_the_properties() -> None:
    text = "flow: x\nprocessors:\n  a: {properties: &p {former: 1}, type: Known}\n  b: {properties: *p, type: T}\n"

    assert formatted(text).text == (
        "flow: x\nprocessors:\n  a: {type: Known, properties: &p {former: 1}}\n  b: {type: T, properties: *p}\n"
    )


def test_line_breaks_kept_at_the_end_of_a_text_are_not_lost() -> None:
    lines = "properties:\n  a: |+\n    text\n\n\ntype: T"

    assert processor(lines) == "type: T\nproperties:\n  a: |+\n    text\n\n"
    in_the_way = "comment: |+\n  text\n\n\ntype: T\n\nenabled: true"
    assert processor(in_the_way) == in_the_way


def test_comments_in_braces_leave_the_order_to_the_author() -> None:
    lines = "{properties: {a: b},   # first\n type: T}"

    assert processor(lines) == lines
