"""The SVG picture as a document."""

import time
from xml.etree import ElementTree

from tests.drawing.kit import ODD_NAMES, drawn, odd_picture

from flowrun.drawing.picture import DrawnConnection, DrawnProcessor, Picture
from flowrun.drawing.svg import svg

SVG = "{http://www.w3.org/2000/svg}"
LOOP = """
    description: Turns round.
    processors:
      make: {type: GenerateFlowFile}
      work: {type: UpdateAttribute}
      look: {type: RouteOnAttribute, properties: {again: "${x:isNull()}"}, dead_letter: [unmatched]}
    connections: [make --> work, work --> look, look -- again --> work]
"""


def texts(picture: Picture) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(svg(picture)).iter(f"{SVG}text")]


def test_it_is_xml_whatever_the_names_are() -> None:
    shown = texts(odd_picture())

    assert set(ODD_NAMES) <= set(shown)


def test_it_speaks_to_those_who_do_not_see_it() -> None:
    root = ElementTree.fromstring(svg(drawn(LOOP)))
    title, description = (root.find(f"{SVG}{name}") for name in ("title", "desc"))

    assert root.get("role") == "img"
    assert title is not None
    assert description is not None
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert title.text == "The flow drawn"
    assert description.text == (
        "Turns round. Processors: make (GenerateFlowFile), work (UpdateAttribute), look (RouteOnAttribute). "
        "Connections: make -- success --> work; work -- success --> look; look -- again --> work. "
        "Dead letters: unmatched of look."
    )


def test_it_has_colours_for_light_and_for_dark() -> None:
    style = ElementTree.fromstring(svg(drawn(LOOP))).findtext(f"{SVG}style") or ""
    light, dark = style.split("@media (prefers-color-scheme:dark)")

    assert light.count(".ground") == dark.count(".ground") == 1


def test_two_pictures_in_one_page_keep_apart() -> None:
    root = ElementTree.fromstring(svg(drawn(LOOP)))
    ids = [element.get("id") or "" for element in root.iter() if element.get("id")]

    assert all(name.startswith("flow-drawn") for name in ids)
    assert len(ids) == len(set(ids))


def test_the_legend_explains_the_marks_that_are_there_and_no_others() -> None:
    without = drawn("processors: {make: {type: GenerateFlowFile, auto_terminate: [success]}}")

    assert texts(drawn(LOOP))[-3:] == ["source", "dead letter: kept for a person", "leads back"]
    assert texts(without)[-2:] == ["source", "ends here"]


def test_a_name_that_is_too_long_is_shortened_and_shown_in_full_on_hover() -> None:
    name = "word " * 40 + "end"
    picture = Picture("long", "", (DrawnProcessor(name, "Type"),), ())

    assert any(text.endswith("…") for text in texts(picture))
    assert f"<title>{name} – Type</title>" in svg(picture)


def test_many_ends_are_counted_rather_than_listed() -> None:
    ends = tuple(f"way {number}" for number in range(40))
    picture = Picture("many", "", (DrawnProcessor("route", "RouteOnAttribute", ended=ends),), ())

    assert "35 more" in texts(picture)


def test_two_hundred_processors_are_drawn_in_a_moment() -> None:
    names = [f"step-{number}" for number in range(200)]
    connections = tuple(
        DrawnConnection(names[number], names[(number * 7 + step) % 200], ("success",))
        for number in range(200)
        for step in (1, 5)
    )
    picture = Picture("large", "", tuple(DrawnProcessor(name, "UpdateAttribute") for name in names), connections)
    start = time.process_time()

    svg(picture)

    assert time.process_time() - start < 3
