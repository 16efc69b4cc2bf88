"""GenerateFlowFile."""

import pytest

from flowrun.errors import PropertyError
from flowrun.testing import TestRunner
from flowrun_processors.generate_flow_file import GenerateFlowFile


def test_by_default_an_empty_flowfile_is_made() -> None:
    [output] = TestRunner(GenerateFlowFile()).trigger()["success"]

    assert output.content == b""
    assert set(output.attributes) == {"uuid", "filename", "path"}


def test_custom_text_is_the_content_and_evaluated_once_a_batch() -> None:
    properties = {"Custom Text": "é ${UUID()}", "Character Set": "ISO-8859-1", "Batch Size": "2"}

    one, other = TestRunner(GenerateFlowFile(properties)).trigger()["success"]

    assert one.content[:2] == b"\xe9 "
    assert one.content == other.content


def test_dynamic_properties_and_the_mime_type_become_attributes() -> None:
    properties = {"filename": "hello.txt", "from": "${literal('here')}", "Mime Type": "text/plain", "uuid": "mine"}

    [output] = TestRunner(GenerateFlowFile(properties)).trigger()["success"]

    assert output.attributes["filename"] == "hello.txt"
    assert output.attributes["from"] == "here"
    assert output.attributes["mime.type"] == "text/plain"
    assert output.attributes["uuid"] != "mine"


def test_random_content_is_shared_unless_it_must_be_unique() -> None:
    shared = TestRunner(GenerateFlowFile({"File Size": "1 KB", "Batch Size": "3"})).trigger(times=2)["success"]
    unique = TestRunner(GenerateFlowFile({"File Size": "1 KB", "Unique FlowFiles": "true"})).trigger(times=3)["success"]

    assert len({output.content for output in shared}) == 1
    assert len({output.content for output in unique}) == 3
    assert all(len(output.content) == 1024 for output in (*shared, *unique))


def test_text_is_ascii_and_binary_is_not() -> None:
    [text] = TestRunner(GenerateFlowFile({"File Size": "4 KB"})).trigger()["success"]
    [binary] = TestRunner(GenerateFlowFile({"File Size": "4 KB", "Data Format": "Binary"})).trigger()["success"]

    assert text.content.isascii()
    assert not binary.content.isascii()


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        ({"Custom Text": "x", "Unique FlowFiles": "true"}, "'Custom Text' needs"),
        ({"Custom Text": "x", "Data Format": "Binary"}, "'Custom Text' needs"),
        ({"Custom Text": ""}, "not empty"),
        ({"File Size": "10"}, "data size"),
        ({"Batch Size": "0"}, "above 0"),
        ({"Data Format": "text"}, "Data Format"),
        ({"Character Set": "nope"}, "character set"),
    ],
)
def test_a_wrong_configuration_is_refused(properties: dict[str, str], message: str) -> None:
    with pytest.raises(PropertyError, match=message):
        GenerateFlowFile(properties).check()


def test_former_names_are_accepted() -> None:
    former = {"generate-ff-custom-text": "x", "character-set": "UTF-8", "mime-type": "text/plain"}

    [output] = TestRunner(GenerateFlowFile(former)).trigger()["success"]

    assert (output.content, output.attributes["mime.type"]) == (b"x", "text/plain")
