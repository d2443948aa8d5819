"""A browser that signs in at an OpenID provider, step by step."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import httpx2
from pydantic import SecretStr

from console_user import COOKIE, SESSION, Browser
from openid_provider import CLIENT_ID, CLIENT_SECRET, StubProvider
from scenedex.settings import OidcSettings, RateSettings, ServerSettings, Settings

if TYPE_CHECKING:
    from tests.conftest import Service

PUBLIC_URL = "https://media.example/video"
CALLBACK = f"{PUBLIC_URL}/console/oidc/callback"
START = "/console/oidc/start"
GROUPS = {"editors": "manager", "readers": "viewer", "sport desk": "viewer: sport", "news desk": "manager: news, wire"}
LIST = "/api/v1/workspaces?pageNum=1&pageSize=1"


@dataclass
class Visitor:
    """A browser, whose cookies are kept as browsers keep them."""

    service: Service
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, target: str, **headers: str) -> httpx2.Response:
        """Open an address of the server."""
        sent = {"cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), **headers}
        answer = self.service.client.get(self.service.url + target, headers=sent, follow_redirects=False)
        for line in answer.headers.get_list("set-cookie"):
            name, _, value = line.partition(";")[0].partition("=")
            if "max-age=0" in line.lower():
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
        return answer

    def start(self, to: str = "") -> str:
        """Press the button, and return the address at the provider."""
        answer = self.get(START + (f"?to={to}" if to else ""))
        assert answer.status_code == 302, answer.text
        return answer.headers["location"]

    def at_provider(self, address: str) -> str:
        """Sign in at the provider, and return the path and query to which it leads back."""
        answer = httpx2.get(address, follow_redirects=False)
        assert answer.status_code == 302, answer.text
        back = answer.headers["location"]
        assert back.startswith(CALLBACK + "?")
        return back.removeprefix(PUBLIC_URL)

    def sign_in(self, to: str = "") -> httpx2.Response:
        """Do all of it, and return the last answer."""
        return self.get(self.at_provider(self.start(to)))

    def browser(self) -> Browser:
        """Return the browser with its session."""
        return Browser(self.service, self.cookies[COOKIE])


def refusal_of(answer: httpx2.Response) -> str:
    """Return the reason with which the console is opened."""
    assert answer.status_code == 302
    assert COOKIE not in answer.headers.get("set-cookie", "")
    url = urlsplit(answer.headers["location"])
    query = {name: values[0] for name, values in parse_qs(url.query).items()}
    assert (url.netloc, url.path) == ("", "/video/console/")
    assert query["trace"] == answer.headers["x-ncp-trace-id"]
    return query["sign-in-refused"]


@dataclass(frozen=True)
class Own:
    """A provider with a server that nothing else uses."""

    provider: StubProvider
    service: Service
    visitor: Visitor


def settings_for(provider: StubProvider, **changed: Any) -> Settings:
    oidc: dict[str, Any] = {
        "issuer": provider.url,
        "client_id": CLIENT_ID,
        "client_secret": SecretStr(CLIENT_SECRET),
        "groups": GROUPS,
        **changed,
    }
    return Settings(
        server=ServerSettings(public_url=PUBLIC_URL),
        oidc=OidcSettings(**oidc),
        rates=RateSettings(sign_in_per_minute=10_000),
    )


def session_of(visitor: Visitor) -> dict[str, Any]:
    answer = visitor.browser()("GET", SESSION)
    assert answer.status_code == 200, answer.text
    return answer.json()["session"]
