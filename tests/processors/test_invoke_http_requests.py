"""What InvokeHttp sends."""

import gzip
import re

import pytest
from tests.processors.invoke_http_kit import LoopbackServer, answer, invoke

POST = {"HTTP Method": "POST"}


def test_a_get_sends_these_headers_and_no_others() -> None:
    with LoopbackServer(answer()) as server:
        invoke(server.url)

    [asked] = server.asked
    assert [name for name, _ in asked.fields] == ["Host", "User-Agent", "Date", "Connection", "Accept-Encoding"]
    assert asked.header("Host") == server.authority
    assert asked.header("User-Agent") == ""
    assert asked.header("Accept-Encoding") == "gzip"


def test_the_date_is_in_english_and_in_gmt() -> None:
    with LoopbackServer(answer()) as server:
        invoke(server.url)

    assert re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT", server.asked[0].header("Date") or "")


def test_the_date_can_be_left_out() -> None:
    with LoopbackServer(answer()) as server:
        invoke(server.url, {"Request Date Header Enabled": "False"})

    assert "date" not in server.asked[0].names


def test_the_user_agent_is_evaluated() -> None:
    with LoopbackServer(answer()) as server:
        invoke(server.url, {"Request User-Agent": "flow/${version}"}, version="2")

    assert server.asked[0].header("User-Agent") == "flow/2"


def test_a_user_agent_or_date_that_the_flow_sends_takes_the_place_of_the_own_one() -> None:
    with LoopbackServer(answer()) as server:
        invoke(server.url, {"User-Agent": "mine", "Date": "today"})

    assert server.asked[0].header("User-Agent") == "mine"
    assert server.asked[0].header("Date") == "today"


def test_header_names_are_sent_as_they_are_written() -> None:
    with LoopbackServer(answer()) as server:
        invoke(server.url, {"xero-TENANT-id": "7"})

    assert ("xero-TENANT-id", "7") in server.asked[0].fields


def test_a_header_with_an_empty_value_is_sent() -> None:
    with LoopbackServer(answer()) as server:
        invoke(server.url, {"X-Empty": "${nothing}"})

    assert server.asked[0].header("X-Empty") == ""


def test_values_of_headers_are_trimmed() -> None:
    with LoopbackServer(answer()) as server:
        invoke(server.url, {"X-Padded": "${padded}"}, padded="  value\t")

    assert ("X-Padded", "value") in server.asked[0].fields


def test_attributes_are_sent_whose_whole_name_matches() -> None:
    with LoopbackServer(answer()) as server:
        invoke(server.url, {"Request Header Attributes Pattern": "X-.*|.*uuid"}, b"", **{"X-A": " 1 ", "My-X-B": "2"})

    asked = server.asked[0]
    assert asked.header("X-A") == "1"
    assert "my-x-b" not in asked.names
    assert "uuid" in asked.names


def test_path_and_what_the_processor_wrote_before_are_never_sent() -> None:
    with LoopbackServer(answer()) as server:
        invoke(
            server.url,
            {"Request Header Attributes Pattern": ".*"},
            invokehttp__status__code="200",
            invokehttp__response__body="x",
            invokehttp__request__duration="12",
        )

    names = server.asked[0].names
    assert "path" not in names
    assert {name for name in names if name.startswith("invokehttp")} == {"invokehttp.request.duration"}


def test_headers_that_say_where_the_body_ends_follow_from_the_body() -> None:
    attributes = {"Content-Length": "99", "Transfer-Encoding": "chunked", "Content-Type": "text/html"}
    with LoopbackServer(answer()) as server:
        invoke(server.url, {**POST, "Request Header Attributes Pattern": "Content.*|Tran.*"}, b"abc", **attributes)

    asked = server.asked[0]
    assert asked.header("Content-Length") == "3"
    assert "transfer-encoding" not in asked.names
    assert asked.header("Content-Type") == "application/octet-stream"


@pytest.mark.parametrize("method", ["GET", "DELETE", "HEAD", "OPTIONS", "PURGE"])
def test_only_post_put_and_patch_have_a_body(method: str) -> None:
    with LoopbackServer(answer()) as server:
        invoke(server.url, {"HTTP Method": method}, b"content")

    [asked] = server.asked
    assert asked.method == method
    assert asked.body == b""
    assert asked.names.isdisjoint({"content-length", "content-type", "transfer-encoding"})


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_the_content_is_sent_with_its_length_and_media_type(method: str) -> None:
    with LoopbackServer(answer()) as server:
        invoke(server.url, {"HTTP Method": method}, b"content", mime__type="text/plain; charset=utf-8")

    [asked] = server.asked
    assert asked.body == b"content"
    assert asked.header("Content-Length") == "7"
    assert asked.header("Content-Type") == "text/plain; charset=utf-8"


def test_the_method_is_trimmed_and_upper_cased() -> None:
    with LoopbackServer(answer()) as server:
        invoke(server.url, {"HTTP Method": "${verb}"}, b"content", verb=" post ")

    assert server.asked[0].method == "POST"
    assert server.asked[0].body == b"content"


@pytest.mark.parametrize(
    ("media_type", "sent"),
    [
        ("", "application/octet-stream"),
        ("  ", "application/octet-stream"),
        ("text/csv", "text/csv"),
        ("not a media type", None),
        ("text/plain ; charset=utf-8", None),
    ],
)
def test_a_blank_content_type_falls_back_and_one_that_does_not_parse_is_left_out(
    media_type: str, sent: str | None
) -> None:
    with LoopbackServer(answer()) as server:
        invoke(server.url, {**POST, "Request Content-Type": "${type}"}, b"content", type=media_type)

    assert server.asked[0].header("Content-Type") == sent


def test_chunked_content_has_no_length() -> None:
    with LoopbackServer(answer()) as server:
        invoke(server.url, {**POST, "Request Chunked Transfer-Encoding Enabled": "true"}, b"content")

    [asked] = server.asked
    assert asked.body == b"content"
    assert asked.header("Transfer-Encoding") == "chunked"
    assert "content-length" not in asked.names


def test_gzip_compresses_the_content_on_its_way_in_chunks() -> None:
    content = b"line\n" * 100_000
    with LoopbackServer(answer()) as server:
        invoke(server.url, {**POST, "Request Content-Encoding": "GZIP"}, content)

    [asked] = server.asked
    assert gzip.decompress(asked.body) == content
    assert asked.header("Content-Encoding") == "gzip"
    assert asked.header("Transfer-Encoding") == "chunked"


def test_content_of_any_size_arrives_whole() -> None:
    content = bytes(range(256)) * 4096 * 3
    with LoopbackServer(answer()) as server:
        invoke(server.url, POST, content)

    assert server.asked[0].body == content
    assert server.asked[0].header("Content-Length") == str(len(content))


def test_a_disabled_body_is_an_empty_one() -> None:
    with LoopbackServer(answer()) as server:
        invoke(server.url, {**POST, "Request Body Enabled": "false"}, b"content", mime__type="text/plain")

    [asked] = server.asked
    assert asked.body == b""
    assert asked.header("Content-Length") == "0"
    assert "content-type" not in asked.names


def test_accept_encoding_of_the_flow_takes_the_place_of_the_own_one() -> None:
    with LoopbackServer(answer(gzip.compress(b"x"), headers={"Content-Encoding": "gzip"})) as server:
        [response] = invoke(server.url, {"Accept-Encoding": "gzip, br"})["Response"]

    assert server.asked[0].header("Accept-Encoding") == "gzip, br"
    assert response.content == gzip.compress(b"x")
    assert response.attributes["Content-Encoding"] == "gzip"
