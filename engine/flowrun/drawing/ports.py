"""Where on the sides of a processor its connections leave and enter: side by side, in the order of where they lead."""

from collections.abc import Sequence

from flowrun.drawing.lattice import Lattice, Route, Stop

_DISTANCE = 13.0
_MARGIN = 9.0


def give_ports(lattice: Lattice) -> None:
    """Set every route's ports; ways back are the lowest ones."""
    places = {stop: place for rank in lattice.ranks for place, stop in enumerate(rank)}
    leaving: dict[Stop, list[Route]] = {}
    entering: dict[Stop, list[Route]] = {}
    for route in lattice.routes:
        leaving.setdefault(route.source, []).append(route)
        entering.setdefault(route.destination, []).append(route)
    for stop, routes in leaving.items():
        routes.sort(key=lambda route: _key(route, places[route.stops[0]]))
        for route, port in zip(routes, _spread(stop, routes), strict=True):
            route.source_port = port
    for stop, routes in entering.items():
        routes.sort(key=lambda route: _key(route, places[route.stops[-1]]))
        for route, port in zip(routes, _spread(stop, routes), strict=True):
            route.destination_port = port


def _key(route: Route, place: int) -> tuple[bool, int]:
    """Ways back turn under the processor, so that the outermost one leaves above the others."""
    return (route.is_back, -place if route.is_back else place)


def _spread(stop: Stop, routes: Sequence[Route]) -> list[float]:
    distance = min(_DISTANCE, (stop.height - 2 * _MARGIN) / len(routes))
    return [(number - (len(routes) - 1) / 2) * distance for number in range(len(routes))]
