"""OAuth2AccessTokenProvider. Source: NiFi's `StandardOauth2AccessTokenProvider`."""

from dataclasses import replace

from flowrun import ServiceContext
from flowrun_processors.oauth2_access_token_provider.properties import ProviderProperties
from flowrun_processors.oauth2_access_token_provider.token_endpoint import TokenEndpoint, TokenError, TokenRefusedError
from flowrun_processors.oauth2_access_token_provider.token_keeper import INVALID_GRANT, TokenKeeper
from flowrun_processors.oauth2_access_token_provider.token_store import TokenStore
from flowrun_processors.oauth2_access_token_provider.tokens import Tokens

_CONNECT_TIMEOUT = 10.0
_AFTER_INVALID_GRANT = {
    "refresh_token": "authorize the app again, and set 'Refresh Token' to the new one",
    "password": "correct 'Username' and 'Password'",
    "client_credentials": "look at what the identity server grants to this client",
}
_HINTS = {
    "invalid_client": "; correct 'Client ID', 'Client secret', or 'Client Authentication Strategy'",
    "unauthorized_client": "; this client may not use the 'Grant Type'",
    "unsupported_grant_type": "; the identity server does not know the 'Grant Type'",
    "invalid_scope": "; correct 'Scope'",
    "invalid_target": "; correct 'Resource' or 'Audience'",
}


class OAuth2AccessTokenProvider(ProviderProperties):
    """Access tokens for InvokeHttp, which it gets from an OAuth 2.0 identity server and renews in time.

    All processors that name it use the same token. One request for a new one is under way at a time; who needs it
    meanwhile waits for that.

    With the grant `refresh_token`, **the configured refresh token is the first one only**. Each that the identity
    server gives in its place is kept in the state directory, on the disk before anybody uses what came with it, and is
    used from then on, after a crash and a restart as well. Another configured value begins anew.

    Where flowrun differs from NiFi on purpose:

    - NiFi keeps a rotated refresh token in memory, and has lost the access after a restart.
    - A request for tokens is sent once, on a connection of its own; it is for the flow to try again, by `retry`.
    - `invalid_grant` ends the asking until the flow is started again, and a bulletin says what to do. After any other
      refusal the server is left alone for a minute.
    - A token is used for half of its life at least, however long the `Refresh Window` is; without `expires_in`, for
      five minutes (in NiFi for one request). If no new one is to be had, the old one is used while it is good.
    - `FORM.` properties, which NiFi has in its JWT provider alone.
    - Errors never hold what the identity server wrote but the words of RFC 6749, such as `invalid_client`.
    """

    tags = ("oauth2", "access token", "refresh token", "authorization", "bearer", "http")
    former_types = ("StandardOauth2AccessTokenProvider",)
    example = """\
xero-tokens:
  type: OAuth2AccessTokenProvider
  properties:
    Authorization Server URL: https://identity.example.org/connect/token
    Client Authentication Strategy: BASIC_AUTHENTICATION
    Grant Type: refresh_token
    Refresh Token: "#{refresh_token}"
    Client ID: "#{client_id}"
    Client secret: "#{client_secret}"
    Refresh Window: 1 min
"""

    _endpoint: TokenEndpoint
    _keeper: TokenKeeper

    def on_enabled(self, context: ServiceContext) -> None:
        self._context = context
        self._endpoint = self._make_endpoint()
        self._unsaved: Tokens | None = None
        self._store = self._make_store(context)
        self._keeper = TokenKeeper(self._obtain, self._store.load() if self._store else None, self.refresh_window)

    def on_disabled(self) -> None:
        self._endpoint.close()

    def access_token(self, deadline: float) -> str:
        """An access token that is good; waits for one until `deadline` (monotonic) at most. Raises RequestError."""
        return self._keeper.current(deadline).access_token

    def replacement(self, refused: str, deadline: float) -> str | None:
        """An access token in place of one that was refused; None: another would not help. Raises RequestError."""
        tokens = self._keeper.instead_of(refused, deadline)
        return None if tokens is None else tokens.access_token

    def _obtain(self, old: Tokens | None) -> Tokens:
        """New tokens, which are on the disk where that matters before they are given away."""
        if self._store is None:
            return self._ask(old)
        if self._unsaved is None:
            self._store.probe()
            self._unsaved = self._ask(old)
        self._store.save(self._unsaved)
        tokens, self._unsaved = self._unsaved, None
        return tokens

    def _ask(self, old: Tokens | None) -> Tokens:
        try:
            if self.grant == "refresh_token":
                assert old is not None
                assert old.refresh_token is not None
                return self._refresh(old.refresh_token)
            if self.grant == "client_credentials":
                return self._endpoint.ask({"grant_type": "client_credentials"})
            return self._ask_as_user(old)
        except TokenRefusedError as error:
            raise self._explained(error) from error

    def _ask_as_user(self, old: Tokens | None) -> Tokens:
        if old is not None and old.refresh_token is not None:
            try:
                return self._refresh(old.refresh_token)
            except TokenRefusedError:
                pass  # it has grown too old; the password has not
        assert self.username is not None
        assert self.password is not None
        user = {"username": self.username.evaluate(), "password": self.password}
        return self._endpoint.ask({"grant_type": "password", **user})

    def _refresh(self, refresh_token: str) -> Tokens:
        tokens = self._endpoint.ask({"grant_type": "refresh_token", "refresh_token": refresh_token})
        return tokens if tokens.refresh_token is not None else replace(tokens, refresh_token=refresh_token)

    def _explained(self, error: TokenRefusedError) -> TokenError:
        """The refusal with what a person has to do, who hears of it at once where asking has come to its end."""
        if error.code != INVALID_GRANT:
            return TokenRefusedError(error.reason + _HINTS.get(error.code, ""), error.code)
        what = f"{error.reason}: {_AFTER_INVALID_GRANT[self.grant]}; it is not asked again before the flow is restarted"
        self._context.say(f"no access token: {what}")
        return TokenRefusedError(what, error.code)

    def _make_store(self, context: ServiceContext) -> TokenStore | None:
        if self.grant != "refresh_token" or self.refresh_token is None:
            return None
        asked = repr((self.url.evaluate().text, sorted(self.form().items())))
        return TokenStore(context, self.refresh_token.evaluate(), asked)

    def _make_endpoint(self) -> TokenEndpoint:
        from flowrun_processors.http_client.client import Client, ClientSettings  # 0.1 s, for flows that need it

        client = Client(
            ClientSettings(
                connect_timeout=_CONNECT_TIMEOUT,
                read_timeout=None,
                write_timeout=None,
                idle_timeout=1.0,
                idle_connections=0,  # a kept connection may be gone, and with it the answer to a spent token
                http2=self.protocols != "HTTP_1_1",
                proxy=self.proxy_service.proxy if self.proxy_service is not None else None,
                new_context=self.ssl_context_service.new_context if self.ssl_context_service is not None else None,
            )
        )
        return TokenEndpoint(self.url.evaluate(), client, self.form(), self.authorization(), self.request_timeout)
