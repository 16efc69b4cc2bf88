"""InvokeHttp follows redirects, and repeats what the server asks to have repeated."""

import pytest
from tests.processors.invoke_http_kit import LoopbackServer, answer, invoke, redirect

POST = {"HTTP Method": "POST"}


def test_a_redirect_is_followed_and_the_answer_says_whence_it_came() -> None:
    with LoopbackServer(redirect("/next?x#part"), answer(b"arrived")) as server:
        [response] = invoke(f"{server.url}/first")["Response"]

    assert [asked.target for asked in server.asked] == ["/first", "/next?x"]
    assert response.content == b"arrived"
    assert response.attributes["invokehttp.request.url"] == f"{server.url}/first"
    assert response.attributes["invokehttp.response.url"] == f"{server.url}/next?x#part"


@pytest.mark.parametrize("status", [300, 301, 302, 303])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PURGE"])
def test_other_methods_become_get_without_a_body(status: int, method: str) -> None:
    with LoopbackServer(redirect("/next", status=status), answer()) as server:
        invoke(server.url, {"HTTP Method": method}, b"content", mime__type="text/plain")

    second = server.asked[1]
    assert second.method == "GET"
    assert second.body == b""
    assert second.names.isdisjoint({"content-type", "content-length", "transfer-encoding"})


@pytest.mark.parametrize("status", [307, 308])
def test_307_and_308_keep_method_and_body(status: int) -> None:
    content = b"content" * 50_000
    with LoopbackServer(redirect("/next", status=status), answer()) as server:
        invoke(server.url, POST, content, mime__type="text/plain")

    second = server.asked[1]
    assert second.method == "POST"
    assert second.body == content
    assert second.header("Content-Type") == "text/plain"


def test_a_head_stays_a_head() -> None:
    with LoopbackServer(b"HTTP/1.1 302 Found\r\nLocation: /next\r\n\r\n", answer()) as server:
        invoke(server.url, {"HTTP Method": "HEAD"})

    assert [asked.method for asked in server.asked] == ["HEAD", "HEAD"]


def test_headers_and_credentials_are_kept_on_the_same_origin() -> None:
    with LoopbackServer(redirect("/next"), answer()) as server:
        invoke(server.url, {"Authorization": "Bearer secret", "Cookie": "a=1", "X-Api-Key": "k"})

    second = server.asked[1]
    assert second.header("Authorization") == "Bearer secret"
    assert second.header("Cookie") == "a=1"
    assert second.header("X-Api-Key") == "k"


@pytest.mark.parametrize(
    "credentials",
    [
        {"Authorization": "Bearer secret", "Cookie": "a=1", "Host": "inner.example"},
        {"Request Username": "aladdin", "Request Password": "sesame"},
        {"Request Header Attributes Pattern": "authorization"},
    ],
)
def test_credentials_are_left_behind_when_the_port_changes(credentials: dict[str, str]) -> None:
    with LoopbackServer(answer()) as other, LoopbackServer(redirect(f"{other.url}/next")) as server:
        invoke(server.url, {**credentials, "X-Api-Key": "k"}, authorization="Bearer secret")

    assert server.asked[0].header("Authorization")
    [asked] = other.asked
    assert asked.names.isdisjoint({"authorization", "cookie"})
    assert asked.header("Host") == other.authority
    assert asked.header("X-Api-Key") == "k"


def test_credentials_do_not_come_back_with_a_redirect_back() -> None:
    with LoopbackServer() as server, LoopbackServer(redirect(f"{server.url}/back")) as other:
        server.answer_with(redirect(other.url), answer())
        invoke(server.url, {"Authorization": "Bearer secret"})

    assert server.asked[1].target == "/back"
    assert server.asked[1].header("Authorization") is None


def test_twenty_redirects_are_followed_and_no_more() -> None:
    with LoopbackServer(*[redirect("/again")] * 20, answer(b"arrived")) as server:
        [response] = invoke(server.url)["Response"]
    with LoopbackServer(redirect("/again")) as loop:
        [request] = invoke(loop.url)["Failure"]

    assert response.content == b"arrived"
    assert len(loop.asked) == 21
    assert request.penalized
    assert request.attributes["invokehttp.java.exception.class"] == "java.net.ProtocolException"


@pytest.mark.parametrize(
    "said",
    [
        answer(status=302, reason="Found"),
        redirect("mailto:somebody@example.org"),
        redirect("http://"),
        answer(status=304, reason="Not Modified", headers={"Location": "/next"}),
    ],
)
def test_what_is_no_redirect_that_can_be_followed_goes_to_no_retry(said: bytes) -> None:
    with LoopbackServer(said) as server:
        triggered = invoke(server.url)

    assert len(server.asked) == 1
    assert len(triggered["No Retry"]) == 1


def test_redirects_can_be_left_alone() -> None:
    with LoopbackServer(redirect("/next")) as server:
        [request] = invoke(server.url, {"Response Redirects Enabled": "False"})["No Retry"]

    assert request.attributes["invokehttp.status.code"] == "302"
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "said",
    [
        answer(status=408, reason="Request Timeout"),
        answer(status=503, reason="Unavailable", headers={"Retry-After": "0"}),
    ],
)
def test_408_and_503_with_retry_after_0_are_asked_once_more(said: bytes) -> None:
    with LoopbackServer(said, answer(b"fine")) as server:
        [response] = invoke(server.url, POST, b"content")["Response"]
    with LoopbackServer(said) as stubborn:
        triggered = invoke(stubborn.url, POST, b"content")

    assert response.content == b"fine"
    assert [asked.body for asked in server.asked] == [b"content"] * 2
    assert len(stubborn.asked) == 2
    assert len(triggered["Retry"]) + len(triggered["No Retry"]) == 1


@pytest.mark.parametrize(
    "said",
    [
        answer(status=503, reason="Unavailable"),
        answer(status=503, reason="Unavailable", headers={"Retry-After": "1"}),
        answer(status=408, reason="Request Timeout", headers={"Retry-After": "5"}),
        answer(status=500, reason="x", headers={"Retry-After": "0"}),
    ],
)
def test_other_answers_are_not_asked_for_again(said: bytes) -> None:
    with LoopbackServer(said) as server:
        invoke(server.url)

    assert len(server.asked) == 1
