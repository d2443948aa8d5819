"""A browser of the console: its cookie, and the headers that browsers send."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx2
    from tests.conftest import Service

    from signed_calls import Api

SESSION = "/console/session"
COOKIE = "scenedex_session"
OF_PAGE = {"sec-fetch-site": "same-origin", "x-scenedex-console": "1"}
"""Headers of calls that the page makes."""


@dataclass(frozen=True)
class Browser:
    """A signed-in browser."""

    service: Service
    token: str

    def __call__(
        self, method: str, target: str, body: object = None, *, headers: Mapping[str, str | None] | None = None
    ) -> httpx2.Response:
        """Call the server as the page does. A header that is `None` is left out."""
        sent: dict[str, str | None] = {"cookie": f"{COOKIE}={self.token}", **OF_PAGE, **(headers or {})}
        content = None if body is None else json.dumps(body).encode()
        if content is not None:
            sent.setdefault("content-type", "application/json")
        plain = {name: value for name, value in sent.items() if value is not None}
        return self.service.client.request(method, self.service.url + target, headers=plain, content=content)


def sign_in(api: Api, service: Service, *, user_agent: str = "Browser/1") -> Browser:
    """Open a session by a signed call."""
    answer = api("POST", SESSION, headers={"user-agent": user_agent})
    assert answer.status_code == 200, answer.text
    return Browser(service, token_of(answer))


def token_of(answer: httpx2.Response) -> str:
    """Return the token of the cookie that an answer sets."""
    name, _, value = answer.headers["set-cookie"].partition(";")[0].partition("=")
    assert name == COOKIE
    return value


def cookie_attributes(answer: httpx2.Response) -> dict[str, str]:
    """Return the attributes of the cookie that an answer sets, in lower case."""
    _, *parts = answer.headers["set-cookie"].lower().split("; ")
    return {name: value for name, _, value in (part.partition("=") for part in parts)}


def jar_without_cookies() -> CookieJar:
    """Return a jar that keeps no cookies, so that tests which share a client stay apart."""
    return CookieJar(DefaultCookiePolicy(allowed_domains=[]))
