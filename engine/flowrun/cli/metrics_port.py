"""Metrics on a port of this machine, for Prometheus to fetch."""

import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from flowrun.cli.log_lines import LOG
from flowrun.errors import FlowError
from flowrun.metrics import CONTENT_TYPE, FlowMetrics

_PATIENCE = 10.0
"""Seconds that whoever asks may take nothing."""


class MetricsPort:
    """Serves them on loopback, at `/metrics`."""

    def __init__(self, metrics: FlowMetrics, host: str, port: int) -> None:
        self._metrics = metrics
        self._address = (host, port)
        self._server: _Server | None = None

    def __enter__(self) -> Self:
        try:
            self._server = _Server(self._address, self._metrics)
        except OSError as error:
            host, port = self._address
            reason = error.strerror or error
            raise FlowError(f"--metrics: {host}:{port} can't be listened at: {reason}; choose another port") from error
        threading.Thread(target=self._server.serve_forever, name="flowrun-metrics", daemon=True).start()
        LOG.info("metrics are at http://%s:%d/metrics", self._address[0], self._server.server_address[1])
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], metrics: FlowMetrics) -> None:
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self.metrics = metrics
        super().__init__(address, _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever asked has gone: nothing to say."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = _PATIENCE

    def do_GET(self) -> None:
        if self.path.partition("?")[0] != "/metrics":
            self.send_error(404, "the metrics are at /metrics")
            return
        text = self.server.metrics.text(time.time()).encode()
        self.send_response(200)
        self.send_header("Content-Type", CONTENT_TYPE)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Who asks is not worth a line."""
