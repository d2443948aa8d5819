"""Rights and names of users of a provider, by their claims."""

from __future__ import annotations

from typing import Any

import pytest

from scenedex.auth.keys import Role
from scenedex.auth.openid.claims import groups_of, user_name_of
from scenedex.auth.openid.rights import GroupRights, Rights
from scenedex.console.provider_sign_in import place_of
from scenedex.settings import OidcSettings

RIGHTS = GroupRights.of_settings(
    OidcSettings(
        issuer="https://id.example",
        client_id="scenedex",
        groups={
            "admins": "manager",
            "readers": "viewer",
            "news": "manager: news, wire",
            "sport": "viewer:sport",
            "radio": "viewer: radio",
        },
    )
)


@pytest.mark.parametrize(
    ("groups", "rights"),
    [
        ([], None),
        (["Admins", "admins "], None),
        (["admins", "sport"], Rights(Role.MANAGER, None)),
        (["news", "admins"], Rights(Role.MANAGER, None)),
        (["news", "readers"], Rights(Role.MANAGER, frozenset({"news", "wire"}))),
        (["sport", "radio"], Rights(Role.VIEWER, frozenset({"sport", "radio"}))),
        (["sport", "readers"], Rights(Role.VIEWER, None)),
    ],
)
def test_groups_never_give_more_than_one_of_them_does(groups: list[str], rights: Rights | None) -> None:
    assert RIGHTS.of(groups) == rights


def test_without_a_provider_no_group_has_rights() -> None:
    nothing = GroupRights.of_settings(OidcSettings())

    assert (nothing.issuer, nothing.of(["admins"])) == (None, None)


def test_only_groups_with_rights_are_kept() -> None:
    assert RIGHTS.known(["sport", "choir", "admins"]) == ["admins", "sport"]


CLAIMS: list[tuple[dict[str, Any], list[str], set[str] | None]] = [
    ({"groups": ["a", "b"]}, ["groups"], {"a", "b"}),
    ({"groups": "a"}, ["groups"], {"a"}),
    ({"groups": []}, ["groups"], set()),
    ({"groups": ["a", 7, None, ["b"]]}, ["groups"], {"a"}),
    ({}, ["groups"], None),
    ({"realm_access": {"roles": ["a"]}}, ["/realm_access/roles"], {"a"}),
    ({"realm_access": "roles"}, ["/realm_access/roles"], None),
    ({"https://example.com/groups": ["a"]}, ["https://example.com/groups"], {"a"}),
    (
        {"hd": "example.com", "email": "ann@example.com", "email_verified": True},
        ["hd", "email"],
        {"example.com", "ann@example.com"},
    ),
    ({"hd": "example.com", "email": "ann@example.com", "email_verified": "true"}, ["hd", "email"], {"example.com"}),
    ({"email": "ann@example.com"}, ["email"], None),
]


@pytest.mark.parametrize(("claims", "names", "groups"), CLAIMS)
def test_groups_are_read_from_claims(claims: dict[str, Any], names: list[str], groups: set[str] | None) -> None:
    assert groups_of(claims, names) == groups


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"preferred_username": "ann"}, "ann"),
        ({"preferred_username": " a;n`n\n"}, "ann"),
        ({"preferred_username": "x" * 200}, "x" * 100),
        ({"preferred_username": " ", "email": "ann@example.com", "email_verified": True}, "ann@example.com"),
        ({"preferred_username": 7, "email": "ann@example.com"}, "u-1"),
        ({}, "u-1"),
    ],
    ids=str,
)
def test_users_have_a_name(claims: dict[str, Any], name: str) -> None:
    assert user_name_of({"sub": "u-1", **claims}, "preferred_username") == name


@pytest.mark.parametrize(
    ("target", "place"),
    [
        ("", ""),
        ("/w/news/assets/1?t=2#x", "w/news/assets/1?t=2#x"),
        ("///evil.example", "evil.example"),
        ("w/../../x", ""),
        ("w/..?x", ""),
        ("w/a..b?to=../..", "w/a..b?to=../.."),
        ("\\evil", ""),
        ("a b", ""),
        ("ä", ""),
        ("w\n", ""),
    ],
)
def test_places_are_in_the_console(target: str, place: str) -> None:
    assert place_of(target) == place
