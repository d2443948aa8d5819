"""Sign-in at a provider that others wrote: oidc-provider-mock, on the OAuth server of authlib."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from pydantic import SecretStr

from console_user import SESSION
from ports import free_port
from processes import until
from provider_visitor import CALLBACK, PUBLIC_URL, Visitor, refusal_of
from scenedex.settings import OidcSettings, ServerSettings, Settings

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from tests.conftest import Serving

USERS = (
    {"sub": "ann-1", "preferred_username": "ann", "email": "ann@example.com", "groups": ["video-admins"]},
    {"sub": "eve-2", "preferred_username": "eve", "groups": ["canteen"]},
)


@contextmanager
def real_provider(folder: Path) -> Generator[str]:
    """Run the provider in a process of its own, and return its issuer."""
    port = free_port()
    users = [word for user in USERS for word in ("--user-claims", json.dumps(user))]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "-p", str(port), "-n", "true", *users]
    url = f"http://localhost:{port}"
    with (folder / "provider.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            until(lambda: _answers(url), "the provider answers")
            yield url
        finally:
            process.terminate()
            process.wait(60)


def _answers(url: str) -> bool:
    try:
        return httpx2.get(f"{url}/.well-known/openid-configuration").is_success
    except httpx2.TransportError:
        return False


@pytest.fixture(scope="module")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    with real_provider(tmp_path_factory.mktemp("provider")) as url:
        yield url


@pytest.fixture(scope="module")
def visitors(issuer: str, serving: Serving) -> Generator[Visitor]:
    registered = httpx2.post(f"{issuer}/oauth2/clients", json={"redirect_uris": [CALLBACK]}).json()
    oidc = OidcSettings(
        issuer=issuer,
        client_id=registered["client_id"],
        client_secret=SecretStr(registered["client_secret"]),
        groups={"video-admins": "manager"},
    )
    with serving(Settings(server=ServerSettings(public_url=PUBLIC_URL), oidc=oidc)) as service:
        yield Visitor(service)


def press(address: str, **fields: str) -> str:
    """Press a button on the provider's page, and return the path and query to which it leads back."""
    assert "<form" in httpx2.get(address).text
    answer = httpx2.post(address, data=fields, follow_redirects=False)
    assert answer.status_code == 302, answer.text
    assert re.match(re.escape(CALLBACK) + r"\?", answer.headers["location"])
    return answer.headers["location"].removeprefix(PUBLIC_URL)


def test_a_user_signs_in_and_out(visitors: Visitor, issuer: str) -> None:
    visitor = Visitor(visitors.service)

    answer = visitor.get(press(visitor.start("w/news"), sub="ann-1"))

    assert answer.headers["location"] == "/video/console/w/news"
    session = visitor.browser()("GET", SESSION).json()["session"]
    assert (session["userName"], session["role"], session["workspaces"]) == ("ann", "manager", None)
    address = visitor.browser()("DELETE", SESSION).json()["providerAddress"]
    assert address.startswith(f"{issuer}/oauth2/end_session?")
    assert httpx2.get(address).status_code == 200


def test_a_user_of_no_group_is_refused(visitors: Visitor) -> None:
    visitor = Visitor(visitors.service)

    assert refusal_of(visitor.get(press(visitor.start(), sub="eve-2"))) == "noGroup"


def test_a_code_works_once(visitors: Visitor) -> None:
    first, second = Visitor(visitors.service), Visitor(visitors.service)
    back, other = (press(visitor.start(), sub="ann-1") for visitor in (first, second))
    first.get(back)
    used, own = (parse_qs(urlsplit(one).query)["code"][0] for one in (back, other))

    assert refusal_of(second.get(other.replace(own, used))) == "expired"


def test_a_wrong_secret_is_refused(visitors: Visitor, issuer: str, serving: Serving) -> None:
    registered = httpx2.post(f"{issuer}/oauth2/clients", json={"redirect_uris": [CALLBACK]}).json()
    oidc = OidcSettings(
        issuer=issuer,
        client_id=registered["client_id"],
        client_secret=SecretStr("wrong"),
        groups={"video-admins": "manager"},
    )
    del visitors
    with serving(Settings(server=ServerSettings(public_url=PUBLIC_URL), oidc=oidc)) as service:
        visitor = Visitor(service)
        answer = visitor.get(press(visitor.start(), sub="ann-1"))

    assert refusal_of(answer) == "failed"
