"""InvokeHttp says who it is."""

import hashlib
import re
from base64 import b64decode

import pytest
from tests.processors.invoke_http_kit import Asked, LoopbackServer, answer, invoke, invoking, redirect

BASIC = {"Request Username": "aladdin", "Request Password": "open sesame"}
DIGEST = {**BASIC, "Request Digest Authentication Enabled": "true"}


def challenge(parameters: str) -> bytes:
    return answer(b"who?", status=401, reason="Unauthorized", headers={"WWW-Authenticate": f"Digest {parameters}"})


def parameters_of(asked: Asked) -> dict[str, str]:
    header = asked.header("Authorization") or ""
    return {name: quoted or token for name, quoted, token in re.findall(r'(\w+)=(?:"([^"]*)"|([^,\s]*))', header)}


def digest(algorithm: str, text: str) -> str:
    return hashlib.new(algorithm, text.encode("latin-1")).hexdigest()


def test_basic_credentials_go_with_the_first_request() -> None:
    with LoopbackServer(answer()) as server:
        invoke(server.url, BASIC)

    assert server.asked[0].header("Authorization") == "Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ=="


def test_basic_credentials_are_latin_1_and_trimmed() -> None:
    with LoopbackServer(answer()) as server:
        invoke(server.url, {"Request Username": " jos\xe9 ", "Request Password": " pa:ss "})

    credentials = (server.asked[0].header("Authorization") or "").removeprefix("Basic ")
    assert b64decode(credentials) == b"jos\xe9:pa:ss"


def test_a_user_without_a_password_is_sent_and_a_password_alone_is_not() -> None:
    with LoopbackServer(answer()) as server:
        invoke(server.url, {"Request Username": "aladdin"})
        invoke(server.url, {"Request Password": "open sesame"})

    assert server.asked[0].header("Authorization") == "Basic YWxhZGRpbjo="
    assert server.asked[1].header("Authorization") is None


def test_a_user_in_the_url_is_not_sent() -> None:
    with LoopbackServer(answer()) as server:
        invoke(server.url.replace("http://", "http://aladdin:sesame@"))

    assert server.asked[0].header("Authorization") is None


def test_digest_answers_a_challenge_without_quality_of_protection() -> None:
    with LoopbackServer(challenge('realm="r1", nonce="n1"'), answer(b"in")) as server:
        [response] = invoke(f"{server.url}/a?b=c", DIGEST)["Response"]

    first, second = server.asked
    assert first.header("Authorization") is None
    sent = parameters_of(second)
    secret, what = digest("md5", "aladdin:r1:open sesame"), digest("md5", "GET:/a?b=c")
    assert sent["response"] == digest("md5", f"{secret}:n1:{what}")
    assert (sent["username"], sent["realm"], sent["nonce"], sent["uri"]) == ("aladdin", "r1", "n1", "/a?b=c")
    assert response.content == b"in"


@pytest.mark.parametrize(
    ("name", "algorithm"), [("MD5", "md5"), ("MD5-sess", "md5"), ("SHA-256", "sha256"), ("SHA-256-sess", "sha256")]
)
def test_digest_answers_with_quality_of_protection(name: str, algorithm: str) -> None:
    asks = f'realm="a \\"b\\"", qop="auth-int, auth", opaque="o", algorithm={name}, nonce="n1"'
    with LoopbackServer(challenge(asks), answer(b"in")) as server:
        invoke(server.url, {**DIGEST, "HTTP Method": "POST"}, b"content")

    second = server.asked[1]
    sent = parameters_of(second)
    secret = digest(algorithm, 'aladdin:a "b":open sesame')
    if name.endswith("sess"):
        secret = digest(algorithm, f"{secret}:n1:{sent['cnonce']}")
    what = digest(algorithm, "POST:/")
    assert sent["response"] == digest(algorithm, f"{secret}:n1:00000001:{sent['cnonce']}:auth:{what}")
    assert (sent["nc"], sent["qop"], sent["opaque"], sent["algorithm"]) == ("00000001", "auth", "o", name)
    assert second.body == b"content"


def test_digest_finds_its_challenge_among_others() -> None:
    both = answer(
        status=401,
        reason="x",
        headers=[
            ("WWW-Authenticate", 'Basic realm="Digest x=1", Digest realm="r", nonce="n0", algorithm=UNKNOWN'),
            ("WWW-Authenticate", 'Negotiate, Digest realm="r", nonce="n1"'),
        ],
    )
    with LoopbackServer(both, answer()) as server:
        invoke(server.url, DIGEST)

    assert parameters_of(server.asked[1])["nonce"] == "n1"


def test_digest_remembers_the_challenge_and_counts() -> None:
    with (
        LoopbackServer(challenge('realm="r", nonce="n1", qop="auth"'), answer()) as server,
        invoking({"HTTP URL": server.url, **DIGEST}) as runner,
    ):
        runner.trigger(b"1")
        runner.trigger(b"2")

    assert len(server.asked) == 3
    assert parameters_of(server.asked[2])["nc"] == "00000002"


def test_digest_gives_up_when_the_password_is_wrong() -> None:
    with LoopbackServer(challenge('realm="r", nonce="n1"'), challenge('realm="r", nonce="n2"')) as server:
        [request] = invoke(server.url, DIGEST)["No Retry"]

    assert len(server.asked) == 2
    assert request.attributes["invokehttp.response.body"] == "who?"


def test_digest_tries_again_when_the_nonce_is_stale() -> None:
    stale = challenge('realm="r", nonce="n2", stale=TRUE')
    with LoopbackServer(challenge('realm="r", nonce="n1"'), stale, answer()) as server:
        triggered = invoke(server.url, DIGEST)

    assert len(triggered["Original"]) == 1
    assert parameters_of(server.asked[2])["nonce"] == "n2"


@pytest.mark.parametrize("asks", ["", 'realm="r"', 'realm="r", nonce="n", qop="auth-int"', 'nonce="n", algorithm=X'])
def test_a_challenge_that_cannot_be_answered_goes_to_no_retry(asks: str) -> None:
    with LoopbackServer(challenge(asks)) as server:
        triggered = invoke(server.url, DIGEST)

    assert len(server.asked) == 1
    assert len(triggered["No Retry"]) == 1


def test_digest_answers_no_other_server() -> None:
    with LoopbackServer(challenge('realm="r", nonce="n1"')) as other, LoopbackServer(redirect(other.url)) as server:
        triggered = invoke(server.url, DIGEST)

    assert len(other.asked) == 1
    assert len(triggered["No Retry"]) == 1
