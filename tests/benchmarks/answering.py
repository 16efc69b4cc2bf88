"""The least HTTP server: answers every request that has no body with the same kilobyte, and keeps connections."""

import asyncio
import sys

BODY = b'{"invoices": "' + b"x" * 1000 + b'"}'
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(BODY), BODY)


class Answering(asyncio.Protocol):
    """One connection."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Nothing was read yet."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._unread = b""

    def data_received(self, data: bytes) -> None:
        """Answer each request whose head is there."""
        *heads, self._unread = (self._unread + data).split(b"\r\n\r\n")
        self._transport.write(ANSWER * len(heads))


async def serve(port: int) -> None:
    """Serve on the loopback interface until the process is ended."""
    server = await asyncio.get_running_loop().create_server(Answering, "127.0.0.1", port)
    await server.serve_forever()


def main() -> None:
    """The port is the only argument."""
    asyncio.run(serve(int(sys.argv[1])))
