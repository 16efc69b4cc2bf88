"""A request that got no usable answer: why, in words for a person, and under the Java class that NiFi's users match."""

from typing import Final

ILLEGAL_ARGUMENT: Final = "java.lang.IllegalArgumentException"
IO: Final = "java.io.IOException"
PROTOCOL: Final = "java.net.ProtocolException"
TIME_OUT: Final = "java.net.SocketTimeoutException"
REFUSED: Final = "java.net.ConnectException"
UNKNOWN_HOST: Final = "java.net.UnknownHostException"
TLS: Final = "javax.net.ssl.SSLHandshakeException"


class RequestError(Exception):
    """Ends a request without an answer; the flowfile goes to `Failure`.

    The message is shown to people: it names hosts, header names, sizes and times, and never a header's value, a body,
    or the user and query parts of a URL.
    """

    def __init__(self, java_class: str, message: str) -> None:
        super().__init__(message)
        self.java_class = java_class
        self.message = message


class DroppedConnectionError(RequestError):
    """The server closed the connection before it had begun to answer."""

    def __init__(self, message: str) -> None:
        super().__init__(IO, message)
