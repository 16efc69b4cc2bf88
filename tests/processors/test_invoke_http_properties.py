"""What InvokeHttp's properties may say, and what is refused before the start."""

import pytest
from tests.processors.invoke_http_kit import LoopbackServer, answer, invoke

from flowrun.errors import PropertyError, Severity
from flowrun.manual import page
from flowrun_processors.invoke_http import InvokeHttp

URL = {"HTTP URL": "http://localhost/"}
POST = {**URL, "HTTP Method": "POST"}
NAME = "Request Multipart Form-Data Name"


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost",
        "https://user:pw@host:8443/a?b#c",
        "${url}",
        "http://${host}/",
        "ftp://host/",
        "HTTP://[::1]/",
        " http://h ",
    ],
)
def test_urls_that_are_taken(url: str) -> None:
    InvokeHttp({"HTTP URL": url}).check()


@pytest.mark.parametrize(
    "url", ["", "localhost", "//host/", "gopher://host/", "http://", "http://h:70000/", "http://a b/"]
)
def test_urls_that_are_refused(url: str) -> None:
    with pytest.raises(PropertyError, match="HTTP URL"):
        InvokeHttp({"HTTP URL": url}).check()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Request Username", "us:er"),
        ("Request Username", "日本"),
        ("Request Username", ""),
        ("Request Password", "日本"),
        ("Socket Read Timeout", "15"),
        ("Socket Idle Timeout", "0 sec"),
        ("Request Timeout", "0 sec"),
        ("Socket Idle Connections", "many"),
        ("Request Header Attributes Pattern", "*"),
        ("Request User-Agent", ""),
        ("Response Size Limit", "10"),
        ("Response Redirects Enabled", "true"),
        ("Response Body Ignored", "True"),
    ],
)
def test_values_that_are_refused(name: str, value: str) -> None:
    with pytest.raises(PropertyError):
        InvokeHttp({**URL, name: value}).check()


def test_a_password_that_is_refused_is_not_repeated() -> None:
    with pytest.raises(PropertyError) as caught:
        InvokeHttp({**URL, "Request Password": "geheim日本"}).check()

    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize(
    "name", ["SSL Context Service", "Proxy Configuration Service", "Request OAuth2 Access Token Provider"]
)
def test_services_must_be_declared_in_the_flow(name: str) -> None:
    with pytest.raises(PropertyError, match=f"'{name}': there is no controller service 'service'"):
        InvokeHttp({**URL, name: "service"}).check()


@pytest.mark.parametrize("value", ["True", "False"])
def test_http_2_may_be_asked_for(value: str) -> None:
    InvokeHttp({**URL, "HTTP/2 Disabled": value}).check()


@pytest.mark.parametrize(
    "name", ["X Name", "X:Name", "", "Größe", "X\r\nName", "post:form", "post:formula", "Proxy Host"]
)
def test_names_that_can_be_no_header(name: str) -> None:
    with pytest.raises(PropertyError):
        InvokeHttp({**URL, name: "x"}).check()


@pytest.mark.parametrize("name", ["X-Name", "x_name", "Accept", "xero-tenant-id", "post:form:a b", "post:form:"])
def test_names_that_can(name: str) -> None:
    InvokeHttp({**POST, name: "x", NAME: "upload"}).check()


@pytest.mark.parametrize(
    ("name", "value", "doubted"),
    [
        ("X-Name", "caf\xe9", True),
        ("X-Name", "one\ntwo", True),
        ("Content-Length", "5", True),
        ("X-Name", "${n}\xe9", False),
        ("X-Name", "plain", False),
    ],
)
def test_headers_that_will_not_be_sent_as_they_stand_draw_a_warning(name: str, value: str, doubted: bool) -> None:
    processor = InvokeHttp({**URL, name: value})
    processor.check()

    assert [problem.name for problem in processor.problems] == [name] * doubted


def test_a_form_field_needs_a_name_for_the_content() -> None:
    with pytest.raises(PropertyError, match=NAME):
        InvokeHttp({**POST, "post:form:a": "1"}).check()

    InvokeHttp({**POST, "post:form:a": "1", NAME: "upload"}).check()
    InvokeHttp({**POST, "post:form:a": "1", "Request Body Enabled": "false"}).check()


def test_a_name_for_the_content_needs_the_content() -> None:
    with pytest.raises(PropertyError, match="Request Body Enabled"):
        InvokeHttp({**POST, NAME: "upload", "Request Body Enabled": "false"}).check()


def test_names_of_nifi_1_are_taken_with_a_warning() -> None:
    properties = {
        "Remote URL": "http://localhost/",
        "Content-Type": "text/plain",
        "Basic Authentication Username": "me",
        'Penalize on "No Retry"': "true",
        "HTTP Method": "POST",
    }
    processor = InvokeHttp(properties)
    processor.check()

    assert processor.penalizes_no_retry
    assert [problem.severity for problem in processor.problems] == [Severity.WARNING] * 4


def test_content_type_of_nifi_1_is_no_header_of_its_own() -> None:
    with LoopbackServer(answer()) as server:
        invoke(server.url, {"HTTP Method": "POST", "Content-Type": "text/${kind}"}, b"x", kind="csv")

    assert server.asked[0].header("Content-Type") == "text/csv"


def test_the_manual_says_where_flowrun_differs() -> None:
    manual = page(InvokeHttp)

    assert "differs from NiFi on purpose" in manual
    assert "each connection serves one request at a time" in manual
    assert "(no description)" not in manual
