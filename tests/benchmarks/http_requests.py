"""HTTP requests a second: InvokeHttp beside the loop that it can't be faster than, a bare httpx client's."""

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx

from flowrun_processors.invoke_http import InvokeHttp
from tests.benchmarks.apart import started
from tests.benchmarks.figure import Figure, Peer, Target
from tests.benchmarks.flows import graph_of
from tests.benchmarks.running import Seconds, best, run, timed

REQUESTS, CONCURRENCY = 3_000, 8
_FLOW = """\
flow: requests
processors:
  generate: {{type: Generate, properties: {{Count: {count}}}}}
  request:
    type: InvokeHttp
    concurrent_tasks: {concurrency}
    properties: {{HTTP URL: "{url}"}}
    auto_terminate: [Original, No Retry, Retry, Failure]
  drop: {{type: Drop}}
connections:
  - generate -- success --> request
  - request -- Response --> drop
"""


def measure() -> Iterator[Figure]:
    """Requests a second, the shares of one in the other, and CPU time for each request."""
    with _server() as url:
        _loop(url)
        bare = best(lambda: timed(lambda: _loop(url)))
        flow = best(lambda: _flow(url))
    peers = (Peer("bare httpx client", REQUESTS / bare.wall),)
    yield Figure("InvokeHttp, responses in memory", REQUESTS / flow.wall, "/s", peers)
    yield Figure("of what the bare client does", bare.wall / flow.wall, "", target=Target(least=0.85))
    peers = (Peer("bare httpx client", bare.cpu / REQUESTS * 1e6),)
    yield Figure("CPU time of a request", flow.cpu / REQUESTS * 1e6, "µs", peers)


def _flow(url: str) -> Seconds:
    graph = graph_of(_FLOW.format(count=REQUESTS, concurrency=CONCURRENCY, url=url), InvokeHttp)
    seconds = run(graph)
    answered = graph.nodes["drop"].statistics.taken
    if answered != REQUESTS:
        raise RuntimeError(f"{answered} of {REQUESTS} requests were answered")
    return seconds


def _loop(url: str) -> None:
    with httpx.Client(trust_env=False) as client, ThreadPoolExecutor(CONCURRENCY) as pool:
        answers = pool.map(lambda _: client.get(url).raise_for_status().content, range(REQUESTS))
        if not all(answers):
            raise RuntimeError("an answer was empty")


@contextmanager
def _server() -> Iterator[str]:
    """The address of a server in another process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    with started("from tests.benchmarks.answering import main; main()", str(port)) as process:
        try:
            _wait_for(port)
            yield f"http://127.0.0.1:{port}/invoices"
        finally:
            process.terminate()


def _wait_for(port: int) -> None:
    end = time.monotonic() + 10
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise RuntimeError("the server did not start")
