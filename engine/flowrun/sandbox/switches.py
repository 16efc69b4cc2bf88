"""Switches for a stand-in's faults, and its memory of what it was asked; both over HTTP, for tests in another process.

POST   /sandbox/faults      {"endpoint": "token", "fault": "reset", "times": 1}; without times: until it is undone
DELETE /sandbox/faults      all is well again
GET    /sandbox/requests    what came in, oldest first; DELETE forgets it
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from flowrun.sandbox.faults import CutShort, Dripping, Reset, Silent

Endpoint = Callable[[Request], Awaitable[Response]]
Answer = Callable[[Request], Response]

DELIVERIES: Mapping[str, Callable[[Response], Response]] = {
    "silence": Silent,
    "reset": Reset,
    "drip": Dripping,
    "cut_short": CutShort,
}
"""Faults under which the endpoint does its work, and its answer is lost."""


class Switches:
    """Makes endpoints fail when told to.

    `answers` are the faults of this stand-in by name: what is answered instead of doing the work. The faults of the
    network, `DELIVERIES`, are there as well.
    """

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        self._answers = answers
        self._active: dict[str, tuple[str, int | None]] = {}
        self._endpoints: set[str] = set()
        self._requests: list[dict[str, Any]] = []

    def endpoint(self, name: str, honest: Endpoint) -> Endpoint:
        """An endpoint that remembers what it was asked, and answers honestly unless it has been told to fail."""
        self._endpoints.add(name)

        async def answer(request: Request) -> Response:
            await self._remember(name, request)
            fault = self._take(name)
            if fault in self._answers:
                return self._answers[fault](request)
            response = await honest(request)
            return DELIVERIES[fault](response) if fault else response

        return answer

    def routes(self) -> list[Route]:
        """The routes of the switches themselves."""
        return [
            Route("/sandbox/faults", self._switch, methods=["POST", "DELETE"]),
            Route("/sandbox/requests", self._tell, methods=["GET", "DELETE"]),
        ]

    def _take(self, name: str) -> str:
        fault, times = self._active.get(name, ("", None))
        if times is not None:
            self._active[name] = (fault, times - 1)
            if times <= 1:
                del self._active[name]
        return fault

    async def _remember(self, name: str, request: Request) -> None:
        self._requests.append(
            {
                "endpoint": name,
                "method": request.method,
                "url": str(request.url),
                "headers": dict(request.headers),
                "body": (await request.body()).decode(errors="replace"),
            }
        )

    async def _switch(self, request: Request) -> Response:
        if request.method == "DELETE":
            self._active.clear()
            return JSONResponse({})
        told = await request.json()
        known = sorted({*self._answers, *DELIVERIES})
        if told.get("endpoint") not in self._endpoints or told.get("fault") not in known:
            return JSONResponse({"endpoints": sorted(self._endpoints), "faults": known}, 400)
        self._active[told["endpoint"]] = (told["fault"], told.get("times"))
        return JSONResponse(told)

    async def _tell(self, request: Request) -> Response:
        if request.method == "DELETE":
            self._requests.clear()
        return JSONResponse(self._requests)


def plain(status: int, content: str, media_type: str = "text/html", **headers: str) -> Answer:
    """A fault that answers just that; an underscore in a header's name stands for a hyphen."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda request: Response(content, status, named, media_type)
