"""What InvokeHttp makes of an answer."""

import pytest
from tests.processors.invoke_http_kit import LoopbackServer, answer, invoke, poll


def test_an_answer_becomes_a_flowfile_and_the_request_goes_to_original_as_it_was() -> None:
    with LoopbackServer(answer(b"hi", headers={"Content-Type": "text/plain; charset=utf-8"})) as server:
        triggered = invoke(server.url, content=b"question", filename="q.txt", mime__type="a/b")

    [original], [response] = triggered["Original"], triggered["Response"]
    assert original.content == b"question"
    assert original.attributes["mime.type"] == "a/b"
    assert "Content-Type" not in original.attributes
    assert response.content == b"hi"
    assert response.attributes["filename"] == "q.txt"
    assert response.attributes["mime.type"] == "text/plain; charset=utf-8"
    assert response.attributes["Content-Length"] == "2"
    assert response.attributes["uuid"] != original.attributes["uuid"]


def test_both_flowfiles_say_how_the_request_went() -> None:
    with LoopbackServer(answer(status=201, reason="Created")) as server:
        triggered = invoke(f"{server.url}/a?b=c")

    [original], [response] = triggered["Original"], triggered["Response"]
    assert original.attributes["invokehttp.status.code"] == "201"
    assert original.attributes["invokehttp.status.message"] == "Created"
    assert original.attributes["invokehttp.request.url"] == f"{server.url}/a?b=c"
    assert original.attributes["invokehttp.response.url"] == f"{server.url}/a?b=c"
    assert int(original.attributes["invokehttp.request.duration"]) >= 0
    assert original.attributes["invokehttp.tx.id"] == response.attributes["invokehttp.tx.id"]


def test_header_can_t_pretend_to_be_the_status() -> None:
    with LoopbackServer(answer(status=403, reason="No", headers={"invokehttp.status.code": "200"})) as server:
        properties = {"Response Generation Required": "true", "Response Header Request Attributes Enabled": "true"}
        triggered = invoke(server.url, properties)

    [request], [response] = triggered["No Retry"], triggered["Response"]
    assert request.attributes["invokehttp.status.code"] == response.attributes["invokehttp.status.code"] == "403"


def test_headers_keep_their_names_and_repeated_ones_are_joined() -> None:
    headers = [("x-lower-CASE", "1"), ("Set-Cookie", "a=1"), ("set-cookie", "b=2"), ("X-Utf", "é")]
    with LoopbackServer(answer(headers=headers)) as server:
        [response] = invoke(server.url)["Response"]

    assert response.attributes["x-lower-CASE"] == "1"
    assert response.attributes["Set-Cookie"] == "a=1, b=2"
    assert response.attributes["X-Utf"] == "é"


def test_a_content_type_that_does_not_parse_leaves_the_media_type_alone() -> None:
    with LoopbackServer(answer(headers={"Content-Type": "nonsense"})) as server:
        [response] = invoke(server.url, mime__type="a/b")["Response"]

    assert response.attributes["mime.type"] == "a/b"


def test_an_answer_without_a_reason_gives_an_empty_message() -> None:
    with LoopbackServer(b"HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n") as server:
        [response] = invoke(server.url)["Response"]

    assert response.attributes["invokehttp.status.message"] == ""


@pytest.mark.parametrize("status", [302, 304, 401, 407, 418, 429])
def test_3xx_and_4xx_go_to_no_retry(status: int) -> None:
    with LoopbackServer(answer(status=status, reason="x")) as server:
        triggered = invoke(server.url)

    [request] = triggered["No Retry"]
    assert not request.penalized
    assert request.attributes["invokehttp.response.body"] == ""
    assert triggered["Response"] == []


def test_5xx_goes_to_retry_penalized() -> None:
    with LoopbackServer(answer(b"busy", status=502, reason="Bad Gateway")) as server:
        [request] = invoke(server.url)["Retry"]

    assert request.penalized
    assert request.attributes["invokehttp.response.body"] == "busy"


def test_the_body_of_an_error_is_cut_to_256_bytes_and_decoded() -> None:
    body = ("é" * 200).encode()
    with LoopbackServer(answer(b"x" + body, status=404, reason="x")) as server:
        [request] = invoke(server.url)["No Retry"]

    assert request.attributes["invokehttp.response.body"] == "x" + "é" * 127 + "\ufffd"


@pytest.mark.parametrize("charset", ["ISO-8859-1", '"iso-8859-1"', "'ISO-8859-1'"])
def test_the_character_set_is_that_of_the_answer(charset: str) -> None:
    with LoopbackServer(
        answer(b"caf\xe9", status=404, reason="x", headers={"Content-Type": f"text/plain; charset={charset}"})
    ) as server:
        [request] = invoke(server.url)["No Retry"]

    assert request.attributes["invokehttp.response.body"] == "café"


@pytest.mark.parametrize("body", ["é".encode("utf-16-be"), "é".encode("utf-16")], ids=["no mark", "mark"])
def test_utf_16_is_big_endian_unless_a_mark_says_otherwise(body: bytes) -> None:
    with LoopbackServer(
        answer(body, status=404, reason="x", headers={"Content-Type": "a/b; charset=UTF-16"})
    ) as server:
        [request] = invoke(server.url)["No Retry"]

    assert request.attributes["invokehttp.response.body"] == "é"


@pytest.mark.parametrize("charset", ["nonsense", "rot13", "idna", "undefined", "hex"])
def test_a_character_set_that_is_none_is_taken_for_utf_8(charset: str) -> None:
    with LoopbackServer(
        answer("é".encode(), status=404, reason="x", headers={"Content-Type": f"text/plain; charset={charset}"})
    ) as server:
        [request] = invoke(server.url)["No Retry"]

    assert request.attributes["invokehttp.response.body"] == "é"


def test_the_body_can_go_to_an_attribute_whose_name_is_evaluated() -> None:
    properties = {
        "Response Body Attribute Name": "${kind}.${invokehttp.status.code}",
        "Response Body Attribute Size": "4",
    }
    with LoopbackServer(answer(b"abcdefgh")) as server:
        triggered = invoke(server.url, properties, kind="reply")

    [original] = triggered["Original"]
    assert original.attributes["reply.200"] == "abcd"
    assert triggered["Response"] == []


def test_an_attribute_and_a_flowfile_can_have_the_body_both() -> None:
    properties = {
        "Response Body Attribute Name": "reply",
        "Response Body Attribute Size": "3",
        "Response Generation Required": "true",
    }
    body = b"abc" * 100_000
    with LoopbackServer(answer(body, status=500, reason="x")) as server:
        triggered = invoke(server.url, properties)

    assert triggered["Retry"][0].attributes["reply"] == "abc"
    assert triggered["Response"][0].content == body


def test_headers_go_to_the_request_flowfile_on_demand_and_with_a_prefix() -> None:
    properties = {
        "Response Header Request Attributes Enabled": "true",
        "Response Header Request Attributes Prefix": "${p}.",
    }
    with LoopbackServer(answer(b"x", headers={"X-One": "1"})) as server:
        triggered = invoke(server.url, properties, p="r")

    assert triggered["Original"][0].attributes["r.X-One"] == "1"
    assert "r.X-One" not in triggered["Response"][0].attributes


def test_an_ignored_body_leaves_an_empty_flowfile_and_no_media_type() -> None:
    with LoopbackServer(answer(b"x", headers={"Content-Type": "text/plain"})) as server:
        [response] = invoke(server.url, {"Response Body Ignored": "true"})["Response"]

    assert response.content == b""
    assert response.attributes["Content-Type"] == "text/plain"
    assert "mime.type" not in response.attributes


def test_a_head_has_the_headers_of_an_answer_and_no_body() -> None:
    said = b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\nContent-Encoding: gzip\r\n\r\n"
    with LoopbackServer(said) as server:
        [response] = invoke(server.url, {"HTTP Method": "HEAD"})["Response"]

    assert response.content == b""
    assert response.attributes["Content-Length"] == "99999999999"
    assert response.attributes["Content-Encoding"] == "gzip"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/file.txt", "file.txt"),
        ("/file/", "file"),
        ("/a/b?x=1/2", "b"),
        ("/a%20b", "a%2520b"),
        ("/a b.txt", "a%20b.txt"),
        ("/", "initial"),
        ("", "initial"),
        ("?x=/y", "initial"),
    ],
)
def test_url_path_names_the_answer_to_a_get(path: str, name: str) -> None:
    with LoopbackServer(answer()) as server:
        properties = {"Response FlowFile Naming Strategy": "URL_PATH"}
        [response] = invoke(server.url + path, properties, filename="initial")["Response"]

    assert response.attributes["filename"] == name


def test_a_source_names_its_flowfiles_by_their_uuid() -> None:
    with LoopbackServer(answer()) as server:
        [response] = poll(server.url)["Response"]

    assert response.attributes["filename"] == response.attributes["uuid"]


@pytest.mark.parametrize("before", [b"", b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 Hints\r\nLink: </a>\r\n\r\n"])
@pytest.mark.parametrize("body", [b"", b"why"])
def test_a_switch_of_protocols_that_nobody_asked_for_is_an_answer(before: bytes, body: bytes) -> None:
    length = b"Content-Length: 3\r\n" if body else b""
    said = before + b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nX-A: 1\r\n" + length + b"\r\n" + body
    with LoopbackServer(lambda connection: connection.sendall(said)) as server:
        [request] = invoke(server.url, {"Response Header Request Attributes Enabled": "true"})["No Retry"]

    assert request.attributes["invokehttp.status.code"] == "101"
    assert request.attributes["invokehttp.status.message"] == "Switching Protocols"
    assert request.attributes["X-A"] == "1"
    assert request.attributes["invokehttp.response.body"] == body.decode()


def test_a_switch_of_protocols_that_was_asked_for_is_an_answer_too() -> None:
    said = b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n\x81\x05hello"
    with LoopbackServer(lambda connection: connection.sendall(said)) as server:
        [request] = invoke(server.url, {"Connection": "Upgrade", "Upgrade": "websocket"})["No Retry"]

    assert request.attributes["invokehttp.status.code"] == "101"
    assert request.attributes["invokehttp.response.body"] == ""


def test_half_a_switch_of_protocols_is_no_answer() -> None:
    with LoopbackServer(lambda connection: connection.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpg")) as server:
        triggered = invoke(server.url)

    assert len(triggered["Failure"]) == 1
