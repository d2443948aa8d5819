"""Settings of the sign-in at an OpenID provider."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from scenedex.settings import SettingsInvalid, load_settings

if TYPE_CHECKING:
    from pathlib import Path

COMPLETE = """
[server]
public_url = "https://media.example"

[oidc]
issuer = "https://id.example/realms/news"
client_id = "scenedex"
{more}
[oidc.groups]
{groups}
"""


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("SCENEDEX_")]:
        monkeypatch.delenv(name)


def write(folder: Path, more: str = "", groups: str = 'admins = "manager"') -> Path:
    (folder / "scenedex.toml").write_text(COMPLETE.format(more=more, groups=groups), encoding="utf-8")
    return folder


def test_declare_provider_and_roles(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("word\n")
    more = f'client_secret_file = "{tmp_path}/secret"\ngroups_claim = "groups, /realm_access/roles"'

    found = load_settings(write(tmp_path, more, 'admins = "manager"\n"/news desk" = "viewer: news, wire"')).oidc

    assert found.client_secret is not None
    assert found.client_secret.get_secret_value() == "word"
    assert found.group_claims == ("groups", "/realm_access/roles")
    assert found.granted == {"admins": ("manager", ()), "/news desk": ("viewer", ("news", "wire"))}


def test_may_be_variables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCENEDEX_OIDC_ISSUER", "http://127.0.0.1:9400")
    monkeypatch.setenv("SCENEDEX_OIDC_CLIENT_ID", "scenedex")
    monkeypatch.setenv("SCENEDEX_OIDC_GROUPS", '{"admins": "manager"}')
    monkeypatch.setenv("SCENEDEX_SERVER_PUBLIC_URL", "https://media.example")

    assert load_settings(tmp_path).oidc.granted == {"admins": ("manager", ())}


@pytest.mark.parametrize(
    ("more", "groups", "message"),
    [
        ("", 'admins = "owner"', "oidc.groups: admins has the role 'owner', which is neither manager nor viewer"),
        ("", 'news = "viewer: NEWS"', "oidc.groups: news has workspaces that are no names of 3 to 63 characters"),
        ("", 'news = "viewer:"', "oidc.groups: news has workspaces that are no names"),
        ('scopes = "profile"', 'a = "viewer"', "oidc.scopes: 'profile' must contain the scope openid"),
        ("", "", "oidc: groups is not set, but issuer is"),
        ('name = ""', 'a = "viewer"', "oidc.name: must be"),
    ],
)
def test_that_cannot_be_are_named(more: str, groups: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid, match=message.replace("(", "\\(")):
        load_settings(write(tmp_path, more, groups))


@pytest.mark.parametrize(
    "issuer",
    ["id.example", "http://id.example", "http://127.0.0.1.example", "ftp://id.example", "https://id.example/?a=b"],
)
def test_an_issuer_is_an_address_with_tls(issuer: str, tmp_path: Path) -> None:
    file = write(tmp_path) / "scenedex.toml"
    file.write_text(file.read_text().replace("https://id.example/realms/news", issuer))

    with pytest.raises(SettingsInvalid, match=r"oidc\.issuer: "):
        load_settings(tmp_path)


def test_a_provider_needs_a_client_and_a_public_address(tmp_path: Path) -> None:
    file = write(tmp_path) / "scenedex.toml"
    complete = file.read_text()

    file.write_text(complete.replace('client_id = "scenedex"', ""))
    with pytest.raises(SettingsInvalid, match=r"^oidc: client_id is not set, but issuer is$"):
        load_settings(tmp_path)
    file.write_text(complete.replace('public_url = "https://media.example"', ""))
    with pytest.raises(SettingsInvalid, match=r"^oidc\.issuer needs server\.public_url"):
        load_settings(tmp_path)
