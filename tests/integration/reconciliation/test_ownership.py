"""Storage is marked by the first database that uses it, and refused by all others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scenedex.reconciliation import ownership
from scenedex.reconciliation.ownership import MARK, StorageOfAnother
from scenedex.storage.local_store import LocalStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Service, Serving

    from scenedex.storage.store import ManagedStore


@pytest.fixture
def service(serving: Serving) -> Iterator[Service]:
    """A service whose database has marked no storage."""
    with serving() as started:
        started.rows("UPDATE installation SET has_marked_storage = false")
        yield started


def check(service: Service, managed: ManagedStore) -> bool:
    return service.run(lambda: ownership.check(service.platform.database, managed))


def mark(service: Service, managed: ManagedStore) -> None:
    service.run(lambda: ownership.mark(service.platform.database, managed))


def test_storage_is_marked_once(service: Service, tmp_path: Path) -> None:
    store = LocalStore(tmp_path / "managed")

    assert not check(service, store)
    mark(service, store)
    mark(service, store)

    assert check(service, store)
    [(own,)] = service.rows("SELECT installation_id::text FROM installation")
    assert (tmp_path / "managed" / MARK).read_text() == own


def test_a_mark_that_the_database_was_not_told_of_is_told(service: Service, tmp_path: Path) -> None:
    store = LocalStore(tmp_path / "managed")
    mark(service, store)
    service.rows("UPDATE installation SET has_marked_storage = false")

    mark(service, store)

    assert check(service, store)


def test_storage_elsewhere_is_refused(service: Service, tmp_path: Path) -> None:
    mark(service, LocalStore(tmp_path / "managed"))

    with pytest.raises(StorageOfAnother, match="lacks the mark"):
        mark(service, LocalStore(tmp_path / "elsewhere"))


@pytest.mark.parametrize("said", ["3f2b8c1e-0000-4000-8000-000000000000", "a" * 200])
def test_storage_of_another_database_is_refused_until_it_is_adopted(
    said: str, service: Service, tmp_path: Path
) -> None:
    store = LocalStore(tmp_path / "managed")
    service.run(lambda: store.put(MARK, said.encode(), "text/plain"))

    for ask in (mark, check):
        with pytest.raises(StorageOfAnother, match="is marked as that of"):
            ask(service, store)

    service.run(lambda: ownership.adopt(service.platform.database, store))
    assert check(service, store)
