"""Answers as a failing network delivers them: each wraps the answer that an honest server has made.

What the server did before it answered has been done, so with a token endpoint these are the dangerous faults: the
refresh token is spent, and the new one is lost on its way.
"""

import asyncio
import socket
import struct
from collections.abc import Iterable
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send


class Connections:
    """The open connections of the server, so that an answer can cut its own."""

    KEY = "flowrun.connections"

    def __init__(self, protocols: Iterable[Any]) -> None:
        self._protocols = protocols

    def reset(self, client: object) -> None:
        """Drop that client's connection: it sees `connection reset by peer`, not an orderly end."""
        for protocol in list(self._protocols):
            if protocol.client == client:
                stream = protocol.transport.get_extra_info("socket")
                stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                protocol.transport.abort()


class Silent(Response):
    """Never answers; waits until the client gives up."""

    def __init__(self, honest: Response) -> None:
        super().__init__()
        self.honest = honest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass


class Reset(Silent):
    """Resets the connection instead of answering."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope[Connections.KEY].reset(scope["client"])
        await super().__call__(scope, receive, send)


class Dripping(Silent):
    """Sends one byte every fifth of a second: no single read takes long, all of it takes for ever."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send(_start(self.honest))
        for byte in bytes(self.honest.body):
            await send({"type": "http.response.body", "body": bytes([byte]), "more_body": True})
            await asyncio.sleep(0.2)
        await send({"type": "http.response.body", "body": b""})


class CutShort(Silent):
    """Announces the whole body, sends half of it, and closes the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = bytes(self.honest.body)
        await send(_start(self.honest))
        await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})


def _start(response: Response) -> dict[str, Any]:
    return {"type": "http.response.start", "status": response.status_code, "headers": response.raw_headers}
