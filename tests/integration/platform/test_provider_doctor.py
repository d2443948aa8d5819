"""The doctor on the sign-in at an OpenID provider."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from openid_provider import CLIENT_ID, CLIENT_SECRET, StubProvider, stub_provider
from operators import operate
from provider_visitor import CALLBACK, PUBLIC_URL

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from tests.conftest import Cluster

Finding = tuple[str, str]


@pytest.fixture
def provider() -> Generator[StubProvider]:
    with stub_provider(CALLBACK) as found:
        yield found


@pytest.fixture
def examine(cluster: Cluster, tmp_path: Path) -> Callable[..., list[Finding]]:
    """Return the state and the text of each finding about the sign-in, without the address of the provider."""
    database = cluster.create_database()

    def findings(provider: StubProvider, **changed: str) -> list[Finding]:
        environment = {
            "SCENEDEX_DATABASE_URL": database,
            "SCENEDEX_SERVER_PUBLIC_URL": PUBLIC_URL,
            "SCENEDEX_OIDC_ISSUER": provider.url,
            "SCENEDEX_OIDC_CLIENT_ID": CLIENT_ID,
            "SCENEDEX_OIDC_CLIENT_SECRET": CLIENT_SECRET,
            "SCENEDEX_OIDC_GROUPS": '{"editors": "manager", "readers": "viewer"}',
            **changed,
        }
        kept = {name: value for name, value in environment.items() if value}
        made = operate("doctor", "--json", data_dir=tmp_path / "data", environment=kept)
        found: list[dict[str, Any]] = json.loads(made.stdout)
        return [
            (one["state"], one["text"].replace(provider.url, "URL")) for one in found if one["subject"] == "sign-in"
        ]

    (tmp_path / "data").mkdir()
    return findings


def test_names_provider_and_address(provider: StubProvider, examine: Callable[..., list[Finding]]) -> None:
    text = f"OpenID Connect, URL: sends users back to {CALLBACK}. 2 groups have a role"

    assert examine(provider) == [("ok", text)]


def test_is_silent_without_a_provider(provider: StubProvider, examine: Callable[..., list[Finding]]) -> None:
    assert examine(provider, SCENEDEX_OIDC_ISSUER="") == []


def test_says_that_the_provider_is_away(examine: Callable[..., list[Finding]]) -> None:
    with stub_provider(CALLBACK) as gone:
        pass

    [(state, text)] = examine(gone)

    assert state == "error"
    assert text.startswith("GET URL/.well-known/openid-configuration: ")


@pytest.mark.parametrize(
    ("discovery", "changed", "state", "text"),
    [
        (
            {"issuer": "https://other.example"},
            {},
            "error",
            "The provider names the issuer 'https://other.example', oidc.issuer is 'URL'",
        ),
        ({"code_challenge_methods_supported": ["plain"]}, {}, "error", "the provider knows no PKCE with S256"),
        ({"scopes_supported": ["openid", "email"]}, {}, "warning", "the provider does not name the scopes profile"),
        (
            {},
            {"SCENEDEX_OIDC_CLIENT_SECRET": ""},
            "warning",
            "without oidc.client_secret anyone can use the id of this server at the provider",
        ),
    ],
    ids=["issuer", "pkce", "scopes", "secret"],
)
def test_says_what_is_missing(
    discovery: dict[str, Any],
    changed: dict[str, str],
    state: str,
    text: str,
    provider: StubProvider,
    examine: Callable[..., list[Finding]],
) -> None:
    provider.discovery = discovery

    assert (state, text) in examine(provider, **changed)


def test_says_that_no_key_is_published(provider: StubProvider, examine: Callable[..., list[Finding]]) -> None:
    provider.published = False

    assert ("error", "the provider publishes no key that signs tokens") in examine(provider)
