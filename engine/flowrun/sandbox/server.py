"""Serve an ASGI app of a stand-in on loopback, on the same port as the last time."""

import socket
import threading
import time
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from flowrun.sandbox.faults import Connections

_HOST = "127.0.0.1"


def serve(app: ASGIApp, folder: Path) -> str:
    """Serve in a background thread, for as long as the process lives; gives the base URL, which answers already.

    The port is kept in `folder`, so that a flow that is started again finds its sandbox where it was, unless somebody
    else has taken it meanwhile.
    """
    listener = _listener(folder / "port")
    server: uvicorn.Server

    async def with_connections(scope: Scope, receive: Receive, send: Send) -> None:
        scope[Connections.KEY] = Connections(server.server_state.connections)
        await app(scope, receive, send)

    config = uvicorn.Config(with_connections, http="h11", ws="none", lifespan="off", log_level="critical")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        if not thread.is_alive():
            raise RuntimeError("the web server of the sandbox ended while it was starting")
        time.sleep(0.005)
    host, port = listener.getsockname()
    return f"http://{host}:{port}"


def _listener(memory: Path) -> socket.socket:
    last = memory.read_text() if memory.exists() else ""
    listener = socket.socket(proto=socket.IPPROTO_TCP)  # else asyncio leaves Nagle on: 40 ms an answer
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if not last.isdecimal() or not _bind(listener, int(last)):
        listener.bind((_HOST, 0))
    listener.listen()
    memory.write_text(str(listener.getsockname()[1]))
    return listener


def _bind(listener: socket.socket, port: int) -> bool:
    """Whether it got that port, perhaps a moment later: a predecessor that was killed may still be letting go of it."""
    for _ in range(20):
        try:
            listener.bind((_HOST, port))
            return True
        except (OSError, OverflowError):
            time.sleep(0.02)
    return False
