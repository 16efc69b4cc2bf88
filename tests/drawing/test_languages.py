"""Mermaid, Graphviz and text."""

import re
from xml.etree import ElementTree

from tests.drawing.kit import ODD_NAMES, drawn, odd_picture

from flowrun.drawing import FORMATS
from flowrun.drawing.picture import Picture

SMALL = """
    description: Small.
    processors:
      make: {type: GenerateFlowFile, schedule: {every: 5 sec}}
      work: {type: UpdateAttribute}
      look: {type: RouteOnAttribute, properties: {again: "${x:isNull()}"}, dead_letter: [unmatched]}
      off: {type: LogAttribute, enabled: false, auto_terminate: [success]}
    connections:
      - make --> work
      - work --> look
      - look -- again --> work
      - work -- success --> off
"""


def test_mermaid_shows_processors_relationships_and_ends() -> None:
    lines = FORMATS["mermaid"](drawn(SMALL)).splitlines()

    assert lines[0] == "flowchart LR"
    assert '  p_make(["<b>make</b><br/><small>GenerateFlowFile</small><br/><small>every 5 sec</small>"])' in lines
    assert '  p_make -- "success" --> p_work' in lines
    assert any("unmatched: dead letter" in line for line in lines)
    assert "  class p_off disabled" in lines


def test_mermaid_reads_every_name_back_as_it_is() -> None:
    text = FORMATS["mermaid"](odd_picture())
    names = re.findall(r"<b>(.*?)</b>", text)
    decoded = [re.sub(r"#(\d+);", lambda found: chr(int(found[1])), name) for name in names]

    assert decoded == list(ODD_NAMES)
    assert not re.search(r'[<>"&\\#]', "".join(re.sub(r"#\d+;", "", name) for name in names))


def test_mermaid_gives_each_processor_an_id_of_its_own() -> None:
    ids = re.findall(r"^  (p_\w*)\[", FORMATS["mermaid"](odd_picture()), re.MULTILINE)

    assert len(ids) == len(set(ids)) == len(ODD_NAMES)


def test_dot_quotes_names_and_escapes_them_in_labels() -> None:
    text = FORMATS["dot"](odd_picture())
    labels = re.findall(r"label=<(.*)>\]", text)
    names = [ElementTree.fromstring(f"<label>{label}</label>").findtext("b") for label in labels]

    assert names == list(ODD_NAMES)
    assert '  "a\\"b\\\\c" -> "<b>bold</b>" [label="a\\"b\\\\c"]' in text


def test_text_lists_processors_as_flowfiles_pass_them_and_marks_ways_back() -> None:
    assert FORMATS["text"](drawn(SMALL)) == (
        "drawn: Small.\n"
        "\n"
        "▶ make  GenerateFlowFile  every 5 sec\n"
        "    ── success ──▶ work\n"
        "\n"
        "  work  UpdateAttribute\n"
        "    ── success ──▶ look\n"
        "    ── success ──▶ off\n"
        "\n"
        "  look  RouteOnAttribute\n"
        "    ── again ──▶ work  ↺ back\n"
        "    ── unmatched ──✕ dead letter\n"
        "\n"
        "  off  LogAttribute  disabled\n"
        "    ── success ──■ ends\n"
    )


def test_an_empty_picture_is_a_picture() -> None:
    assert all(draw(Picture("empty", "", (), ())) for draw in FORMATS.values())


def test_a_picture_is_the_same_each_time() -> None:
    for draw in FORMATS.values():
        assert draw(drawn(SMALL)) == draw(drawn(SMALL))
