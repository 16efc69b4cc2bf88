"""A server on loopback that expects certain requests in order, and answers as it is told."""

import gzip
import re
import threading
import time
import zlib
from base64 import b64decode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Exchange = dict[str, Any]


class ScriptedServer:
    """Answers exchange by exchange; `complaints` are the requests that were not as expected."""

    def __init__(self, *, repeat_last: bool) -> None:
        self.script: list[Exchange] = []
        self.used = 0
        self.complaints: list[str] = []
        self._repeat_last = repeat_last
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    def __enter__(self) -> "ScriptedServer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    def check(self) -> None:
        """Raise AssertionError unless exactly the expected requests came."""
        assert not self.complaints, "; ".join(self.complaints)
        assert self.used >= len(self.script), f"{self.used} of {len(self.script)} expected requests came"

    def _next(self) -> Exchange | None:
        with self._lock:
            self.used += 1
            if self.used <= len(self.script):
                return self.script[self.used - 1]
            if self._repeat_last and self.script:
                return {"respond": self.script[-1]["respond"]}
            self.complaints.append(f"request {self.used} was not expected")
            return None

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one_request(self) -> None:
                self.raw_requestline = self.rfile.readline(65537)
                if not self.raw_requestline:
                    self.close_connection = True
                    return
                if self.parse_request():
                    owner._answer(self)

            def log_message(self, *_: object) -> None:
                pass

        return Handler

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        exchange = self._next()
        body = _body(request)
        if exchange is None:
            exchange = {"respond": {"status": 500, "reason": "not expected"}}
        self.complaints += _differences(exchange.get("expect_request", {}), request, body)
        respond = exchange.get("respond", {})
        if respond.get("close"):
            request.close_connection = True
            return
        time.sleep(respond.get("delay_ms", 0) / 1000)
        _respond(request, respond)


def _body(request: BaseHTTPRequestHandler) -> bytes:
    if "chunked" in request.headers.get("Transfer-Encoding", "").lower():
        pieces = []
        while size := int(request.rfile.readline().split(b";")[0], 16):
            pieces.append(request.rfile.read(size))
            request.rfile.readline()
        while request.rfile.readline().strip():
            pass
        return b"".join(pieces)
    return request.rfile.read(int(request.headers.get("Content-Length", 0)))


def _differences(expected: Exchange, request: BaseHTTPRequestHandler, body: bytes) -> list[str]:
    headers: dict[str, str] = {}
    for name, value in request.headers.items():
        key = name.lower()
        headers[key] = f"{headers[key]}, {value}" if key in headers else value
    found: list[str] = []

    def compare(what: str, wanted: object, got: object) -> None:
        if wanted != got:
            found.append(f"{what}: expected {wanted!r}, got {got!r}")

    if "method" in expected:
        compare("method", expected["method"], request.command)
    if "path" in expected:
        # Not `request.path`, in which Python's server makes one slash of several at the start.
        compare("path", expected["path"], request.requestline.split(" ")[1])
    for name, value in expected.get("headers", {}).items():
        compare(f"header {name}", value, headers.get(name.lower()))
    for name in expected.get("absent_headers", ()):
        compare(f"header {name}", None, headers.get(name.lower()))
    for name, pattern in expected.get("headers_match", {}).items():
        if not re.search(pattern, headers.get(name.lower(), "")):
            found.append(f"header {name}: expected {pattern!r}, got {headers.get(name.lower())!r}")
    return found + _body_differences(expected, body)


def _body_differences(expected: Exchange, body: bytes) -> list[str]:
    found = []
    wanted = {
        "body": lambda: (expected["body"].encode(), body),
        "body_base64": lambda: (b64decode(expected["body_base64"]), body),
        "body_gunzipped": lambda: (expected["body_gunzipped"].encode(), _gunzipped(body)),
    }
    for key, pair in wanted.items():
        if key in expected and pair()[0] != pair()[1]:
            found.append(f"{key}: expected {pair()[0]!r}, got {pair()[1]!r}")
    text = body.decode("utf-8", "replace")
    found += [f"body lacks {part!r}" for part in expected.get("body_contains", ()) if part not in text]
    return found + [f"body holds {part!r}" for part in expected.get("body_excludes", ()) if part in text]


def _gunzipped(body: bytes) -> bytes | str:
    try:
        return gzip.decompress(body)
    except (OSError, EOFError, zlib.error) as error:
        return f"no gzip ({error})"


def _respond(request: BaseHTTPRequestHandler, respond: Exchange) -> None:
    body = b64decode(respond["body_base64"]) if "body_base64" in respond else respond.get("body", "").encode()
    status = respond.get("status", 200)
    headers = respond.get("headers", {})
    lines = [f"HTTP/1.1 {status} {respond.get('reason', '')}"]
    for name, value in headers.items():
        lines += [f"{name}: {one}" for one in (value if isinstance(value, list) else [value])]
    if status not in (204, 304) and "content-length" not in {name.lower() for name in headers}:
        lines.append(f"Content-Length: {len(body)}")
    head = "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n"
    without_body = request.command == "HEAD" or status in (204, 304)
    try:
        request.wfile.write(head + (b"" if without_body else body))
        request.wfile.flush()
    except OSError:
        request.close_connection = True
