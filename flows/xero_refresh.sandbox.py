"""A stand-in for Xero on loopback, for `flowrun flows/xero_refresh.yaml --sandbox` and for the tests of that flow.

It plays the identity server and the API, and refuses what they refuse: a wrong client, content type, grant type or
tenant, a refresh token that was used too long ago, an access token that has expired. Tests set its faults, listed in
`FAULTS`, and read what it was asked under `/sandbox/…`: see `flowrun.sandbox.switches` and `identity_server`.
"""

import json
import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from flowrun.sandbox.identity_server import IdentityServer, Settings, write_private
from flowrun.sandbox.module import Variant, Window
from flowrun.sandbox.server import serve
from flowrun.sandbox.switches import Answer, Switches, plain

CLIENT_ID = "SANDBOX0CLIENT0ID"
CLIENT_SECRET = "sandbox-client-secret"
TENANT_ID = "00000000-0000-4000-8000-000000000365"
RESOURCES = ("Accounts", "Contacts", "Invoices", "Payments")


def start(folder: Path) -> dict[str, str]:
    """Play Xero until the process ends; gives the parameters of the flow."""
    xero = Xero(folder)
    url = serve(xero.application(), folder)
    credentials = credentials_file(folder)
    if not credentials.exists():
        issue_credentials(credentials, xero.identity_server)
    return {
        "api_url": f"{url}/api.xro/2.0/Invoices",
        "token_url": f"{url}/connect/token",
        "tenant_id": TENANT_ID,
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "credentials_dir": str(credentials.parent),
        "credentials_file": credentials.name,
        "output_dir": str(folder / "output"),
        "schedule": "0/4 * * * * ?",
    }


def variants() -> dict[str, Variant]:
    """For `flowrun chaos`: the access token has just expired, and the server is patient, or is not."""
    window = Window("refresh-tokens", "between the identity server's answer and the commit that holds it")
    return {
        "grace period": Variant(partial(prepare, settings=Settings(1800))),
        "strict server": Variant(partial(prepare, settings=Settings(1800, grace_seconds=0, strict=True)), window),
    }


def prepare(folder: Path, *, settings: Settings) -> None:
    """Issue a first pair of tokens, of which the access token has expired already."""
    server = IdentityServer(CLIENT_ID, CLIENT_SECRET, folder / "tokens.json")
    server.be(replace(settings, access_token_seconds=0))
    issue_credentials(credentials_file(folder), server)
    server.be(settings)


def check_killed(folder: Path) -> list[str]:
    """At every moment the credentials file is there, whole, and one that the server has issued."""
    try:
        found = json.loads(credentials_file(folder).read_text())
        pair = (found["access_token"], found["refresh_token"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        return [f"the credentials file is not whole: {type(error).__name__}"]
    issued = json.loads((folder / "tokens.json").read_text())["grants"]
    known = [(grant["access_token"], grant["refresh_token"]) for grant in issued]
    return [] if pair in known else ["the credentials file holds no pair of tokens that was issued"]


def check(folder: Path) -> list[str]:
    """In the end the access is alive: the tokens in the credentials file are good for a refresh."""
    problems = check_killed(folder)
    if problems:
        return problems
    token = json.loads(credentials_file(folder).read_text())["refresh_token"]
    url = f"http://127.0.0.1:{(folder / 'port').read_text()}/connect/token"
    form = {"grant_type": "refresh_token", "refresh_token": token}
    answer = httpx.post(url, data=form, auth=(CLIENT_ID, CLIENT_SECRET), trust_env=False, verify=False)
    return [] if answer.status_code == 200 else ["the access is lost: the server refuses the refresh token for good"]


def credentials_file(folder: Path) -> Path:
    """Where the flow finds its credentials."""
    return folder / "credentials" / "credentials.json"


def issue_credentials(file: Path, server: IdentityServer) -> None:
    """Write a new pair of tokens, as after a consent in the browser."""
    file.parent.mkdir(mode=0o700, exist_ok=True)
    write_private(file, json.dumps(server.issue().answer()))


class Xero:
    """The identity server, the API, and another host to which a redirect leads."""

    def __init__(self, folder: Path) -> None:
        self.identity_server = IdentityServer(CLIENT_ID, CLIENT_SECRET, folder / "tokens.json")

    def application(self) -> Starlette:
        """All of it as one ASGI application."""
        switches = Switches(FAULTS)
        return Starlette(
            routes=[
                Route("/connect/token", switches.endpoint("token", self.identity_server.token), methods=["POST"]),
                Route("/api.xro/2.0/{resource}", switches.endpoint("api", self.api)),
                Route("/elsewhere", switches.endpoint("elsewhere", self.elsewhere)),
                *switches.routes(),
                *self.identity_server.routes(),
            ]
        )

    async def api(self, request: Request) -> Response:
        """`GET /api.xro/2.0/RESOURCE`: XML unless JSON is asked for, as Xero has it."""
        grant = self.identity_server.bearer(request)
        if grant is None:
            return problem(401, "AuthenticationUnsuccessful")
        if grant.has_expired:
            moment = datetime.fromtimestamp(grant.expires_at, UTC)
            return problem(401, f"TokenExpired: token expired at {moment:%m/%d/%Y %H:%M:%S}")
        if request.headers.get("xero-tenant-id") != TENANT_ID:
            return problem(403, "AuthenticationUnsuccessful")
        resource = request.path_params["resource"]
        if resource not in RESOURCES:
            return Response("The resource you're looking for cannot be found", 404, media_type="text/html")
        if "application/json" not in request.headers.get("accept", ""):
            return Response(f"<Response><Status>OK</Status><{resource} /></Response>", media_type="text/xml")
        return records(resource)

    async def elsewhere(self, request: Request) -> Response:
        """It would lure a client into a refresh that helps nothing."""
        return problem(401, "TokenExpired: this host knows no token at all")


def problem(status: int, detail: str) -> Response:
    """An error as Xero's API words it."""
    title = {401: "Unauthorized", 403: "Forbidden"}[status]
    body = {"Type": None, "Title": title, "Status": status, "Detail": detail, "Instance": str(uuid.uuid4())}
    return JSONResponse(body | {"Extensions": {}}, status)


def records(resource: str) -> Response:
    """A few records; the moment differs with every answer."""
    rows = [
        {"ID": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{resource}/{n}")), "Number": f"{n:04}", "Total": 100.5 * n}
        for n in range(1, 4)
    ]
    body = {"Id": str(uuid.uuid4()), "Status": "OK", "ProviderName": "flowrun sandbox"}
    moment = {"DateTimeUTC": datetime.now(UTC).isoformat()}
    limits = {"X-MinLimit-Remaining": "59", "X-DayLimit-Remaining": "4999"}
    return JSONResponse(body | moment | {resource: rows}, headers=limits)


def redirect(request: Request) -> Response:
    """To another host: to a client, `localhost` is not `127.0.0.1`."""
    return RedirectResponse(f"http://localhost:{request.url.port}/elsewhere", 302)


def ten_megabytes(request: Request) -> Response:
    """A token answer with all that it needs, and far more."""
    return JSONResponse({"access_token": "new", "refresh_token": "new", "padding": "x" * 10_000_000})


JSON = "application/json"
FAULTS: Mapping[str, Answer] = {
    # what a token endpoint may answer, for better or worse
    "html": plain(200, "<!DOCTYPE html><title>Sign in</title>"),
    "error_json": plain(200, '{"error": "temporarily_unavailable"}', JSON),
    "malformed": plain(200, '{"access_token": "eyJhbGciOiJSUzI1NiIs', JSON),
    "empty": plain(200, "", JSON),
    "without_refresh_token": plain(200, '{"access_token": "new", "token_type": "Bearer"}', JSON),
    "blank_refresh_token": plain(200, '{"access_token": "new", "refresh_token": " "}', JSON),
    "ten_megabytes": ten_megabytes,
    "invalid_grant": plain(400, '{"error": "invalid_grant"}', JSON),
    "invalid_client": plain(401, '{"error": "invalid_client"}', JSON),
    # what the API may answer
    "authentication_unsuccessful": lambda request: problem(401, "AuthenticationUnsuccessful"),
    "authorization_unsuccessful": lambda request: problem(401, "AuthorizationUnsuccessful"),
    "forbidden": lambda request: problem(403, "AuthorizationUnsuccessful"),
    "foreign_401": plain(401, "token expired", "text/plain", WWW_Authenticate='Bearer error="invalid_token"'),
    "minute_limit": plain(429, "", Retry_After="1", X_Rate_Limit_Problem="minute"),
    "day_limit": plain(429, "", Retry_After="66975", X_Rate_Limit_Problem="day"),
    "redirect": redirect,
    # what both may
    "server_error": plain(500, "<html>Internal Server Error</html>"),
    "unavailable": plain(503, "<html>Service Unavailable</html>"),
}
