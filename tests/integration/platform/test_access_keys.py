from __future__ import annotations

import string
from typing import TYPE_CHECKING

import pytest

from scenedex.auth.keys import AccessKeys, Role, UnknownAccessKey
from scenedex.auth.secrets import SecretBox, SecretKeyUnusable, SecretUnreadable, load_secret_box

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Service


@pytest.fixture
def keys(service: Service) -> AccessKeys:
    return AccessKeys(service.platform.database, service.platform.box)


def test_a_key_is_of_letters_and_digits(service: Service, keys: AccessKeys) -> None:
    made = service.transact(lambda tx: keys.create(tx, "alice", Role.VIEWER, ()))

    assert (len(made.access_key), len(made.secret_key)) == (20, 40)
    assert set(made.access_key + made.secret_key) <= set(string.ascii_letters + string.digits)


def test_no_two_keys_are_the_same(service: Service, keys: AccessKeys) -> None:
    made = [service.transact(lambda tx: keys.create(tx, "alice", Role.VIEWER, ())) for _ in range(10)]

    assert len({key.access_key for key in made} | {key.secret_key for key in made}) == 20


def test_keys_are_listed_without_their_secrets(service: Service, keys: AccessKeys) -> None:
    made = service.transact(lambda tx: keys.create(tx, "bob", Role.VIEWER, ("one", "two")))

    listed = service.transact(keys.all)[-1]

    assert (listed.access_key, listed.user_name, listed.role, listed.workspaces, listed.revoked_time) == (
        made.access_key,
        "bob",
        Role.VIEWER,
        ("one", "two"),
        None,
    )
    assert made.secret_key not in repr(listed)


def test_a_secret_is_stored_encrypted(service: Service, keys: AccessKeys) -> None:
    made = service.transact(lambda tx: keys.create(tx, "alice", Role.MANAGER, ()))

    stored = service.rows("SELECT secret FROM access_keys WHERE access_key = %s", made.access_key)[0][0]

    assert made.secret_key.encode() not in bytes(stored)


def test_a_revoked_key_is_listed_with_its_time(service: Service, keys: AccessKeys) -> None:
    made = service.transact(lambda tx: keys.create(tx, "alice", Role.MANAGER, ()))
    service.transact(lambda tx: keys.revoke(tx, made.access_key))
    first = {key.access_key: key.revoked_time for key in service.transact(keys.all)}[made.access_key]

    service.transact(lambda tx: keys.revoke(tx, made.access_key))

    again = {key.access_key: key.revoked_time for key in service.transact(keys.all)}[made.access_key]
    assert first is not None
    assert again == first


def test_an_unknown_key_cannot_be_revoked(service: Service, keys: AccessKeys) -> None:
    with pytest.raises(UnknownAccessKey):
        service.transact(lambda tx: keys.revoke(tx, "SDXnone"))


class TestKeyFile:
    def test_is_made_for_our_user_alone(self, tmp_path: Path) -> None:
        load_secret_box(tmp_path / "secret.key", None)

        assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600
        assert [entry.name for entry in tmp_path.iterdir()] == ["secret.key"]

    def test_is_the_same_the_next_time(self, tmp_path: Path) -> None:
        sealed = load_secret_box(tmp_path / "secret.key", None).seal("secret")

        assert load_secret_box(tmp_path / "secret.key", None).open(sealed) == "secret"

    def test_is_refused_where_others_may_read_it(self, tmp_path: Path) -> None:
        load_secret_box(tmp_path / "secret.key", None)
        (tmp_path / "secret.key").chmod(0o640)

        with pytest.raises(SecretKeyUnusable, match="chmod 600"):
            load_secret_box(tmp_path / "secret.key", None)

    def test_is_not_needed_beside_a_key_of_the_settings(self, tmp_path: Path) -> None:
        load_secret_box(tmp_path / "secret.key", "A" * 43 + "=")

        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("key", ["", "short", "A" * 44, "é" * 22])
    def test_a_malformed_key_is_refused(self, key: str) -> None:
        with pytest.raises(SecretKeyUnusable):
            SecretBox(key.encode())

    def test_another_key_opens_nothing(self, tmp_path: Path) -> None:
        sealed = load_secret_box(tmp_path / "one", None).seal("secret")

        with pytest.raises(SecretUnreadable):
            load_secret_box(tmp_path / "other", None).open(sealed)
