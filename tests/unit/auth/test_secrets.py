from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scenedex.auth.caller import Caller, KeyAccount
from scenedex.auth.keys import Role
from scenedex.auth.secrets import SecretBox

BOX = SecretBox(b"A" * 43 + b"=")


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_decrypts_what_it_encrypted(secret: str) -> None:
    assert BOX.open(BOX.seal(secret)) == secret


def test_encrypts_the_same_secret_differently_each_time() -> None:
    assert BOX.seal("secret") != BOX.seal("secret")


def test_derives_another_key_for_each_purpose() -> None:
    keys = {BOX.derive("links"), BOX.derive("other"), SecretBox(b"B" * 43 + b"=").derive("links")}

    assert sorted(map(len, keys)) == [32, 32, 32]


def test_derives_the_same_key_each_time() -> None:
    assert BOX.derive("links") == SecretBox(b"A" * 43 + b"=").derive("links")


def test_a_key_without_workspaces_sees_all() -> None:
    assert Caller(KeyAccount("a"), "alice", Role.MANAGER, None).can_see("any")


def test_a_key_with_workspaces_sees_those() -> None:
    caller = Caller(KeyAccount("a"), "alice", Role.MANAGER, frozenset({"one"}))

    assert (caller.can_see("one"), caller.can_see("other")) == (True, False)
