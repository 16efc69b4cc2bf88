"""Controller services: what several processors of a flow share, such as an access token or a TLS context.

A service is enabled before the first processor starts, and disabled after the last one has stopped. Source: NiFi's
`ControllerService`.
"""

from collections.abc import Callable, Mapping

from flowrun.configurable import Configurable
from flowrun.state import NO_STATE


class ServiceContext:
    """What the engine gives a service: its durable state, and a way to be heard.

    `save` makes state durable before it returns, from any thread; `say` posts a bulletin as an error.
    """

    def __init__(
        self,
        state: Mapping[str, str] = NO_STATE,
        save: Callable[[Mapping[str, str]], None] = lambda _: None,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.state = state
        self.say = say
        self._save = save

    def save_state(self, values: Mapping[str, str]) -> None:
        """Replace the service's state; on disk, as safe as any commit, when this returns. Raises RepositoryError."""
        self._save(values)
        self.state = dict(values)


class ControllerService(Configurable):
    """Something that processors share. One instance serves all of them, on all threads.

    Subclasses declare properties as processors do, and offer whatever methods their users need.
    """

    def on_enabled(self, context: ServiceContext) -> None:
        """Called once before any processor starts."""

    def on_disabled(self) -> None:
        """Called once after all processors have stopped."""
