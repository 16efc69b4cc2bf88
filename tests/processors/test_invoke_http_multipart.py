"""InvokeHttp sends forms."""

import gzip
from email import message_from_bytes
from email.message import Message

from tests.processors.invoke_http_kit import Asked, LoopbackServer, answer, invoke

FORM = {"HTTP Method": "POST", "Request Multipart Form-Data Name": "upload"}


def parts_of(asked: Asked) -> list[Message]:
    head = f"Content-Type: {asked.header('Content-Type')}\r\n\r\n".encode()
    form = message_from_bytes(head + asked.body)
    parts = form.get_payload()
    assert isinstance(parts, list)
    return [part for part in parts if isinstance(part, Message)]


def test_fields_come_first_then_the_content_with_filename_and_media_type() -> None:
    with LoopbackServer(answer()) as server:
        invoke(
            server.url,
            {**FORM, "post:form:label": "value-${n}", "post:form:other": "ü"},
            b"file body",
            n="1",
            filename="a.txt",
            mime__type="text/plain",
        )

    [asked] = server.asked
    label, other, upload = parts_of(asked)
    assert label["Content-Disposition"] == 'form-data; name="label"'
    assert label.get_payload(decode=True) == b"value-1"
    assert other.get_payload(decode=True) == "ü".encode()
    assert upload["Content-Disposition"] == 'form-data; name="upload"; filename="a.txt"'
    assert upload["Content-Type"] == "text/plain"
    assert upload.get_payload(decode=True) == b"file body"
    assert asked.header("Content-Length") == str(len(asked.body))


def test_the_filename_can_be_left_out() -> None:
    with LoopbackServer(answer()) as server:
        invoke(server.url, {**FORM, "Request Multipart Form-Data Filename Enabled": "false"}, b"x", filename="a.txt")

    [upload] = parts_of(server.asked[0])
    assert upload["Content-Disposition"] == 'form-data; name="upload"'


def test_without_the_body_only_fields_are_sent() -> None:
    with LoopbackServer(answer()) as server:
        properties = {"HTTP Method": "POST", "Request Body Enabled": "false", "post:form:a": "1"}
        invoke(server.url, properties, b"not sent")

    [field] = parts_of(server.asked[0])
    assert field.get_payload(decode=True) == b"1"


def test_quotes_and_line_breaks_in_names_do_not_end_them() -> None:
    with LoopbackServer(answer()) as server:
        invoke(server.url, FORM, b"x", filename='a".txt\r\nX-Evil: 1')

    [upload] = parts_of(server.asked[0])
    assert upload["Content-Disposition"] == 'form-data; name="upload"; filename="a%22.txt%0D%0AX-Evil: 1"'
    assert upload["X-Evil"] is None


def test_a_chunked_form_has_no_length() -> None:
    with LoopbackServer(answer()) as server:
        invoke(server.url, {**FORM, "Request Chunked Transfer-Encoding Enabled": "true"}, b"file body")

    [upload] = parts_of(server.asked[0])
    assert upload.get_payload(decode=True) == b"file body"
    assert server.asked[0].header("Transfer-Encoding") == "chunked"


def test_gzip_compresses_the_whole_form() -> None:
    with LoopbackServer(answer()) as server:
        invoke(server.url, {**FORM, "Request Content-Encoding": "GZIP"}, b"file body")

    [asked] = server.asked
    unzipped = Asked(asked.method, asked.target, asked.fields, gzip.decompress(asked.body))
    [upload] = parts_of(unzipped)
    assert upload.get_payload(decode=True) == b"file body"


def test_a_name_that_evaluates_to_nothing_makes_no_form() -> None:
    with LoopbackServer(answer()) as server:
        invoke(server.url, {"HTTP Method": "POST", "Request Multipart Form-Data Name": "${nothing}"}, b"plain")

    assert server.asked[0].body == b"plain"
