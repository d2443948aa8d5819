"""Comparison of folders in one pass, checked against a comparison of all pairs."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from hypothesis import given
from hypothesis import strategies as st

from scenedex.reconciliation.folders import Folders, Needs
from scenedex.reconciliation.object_queries import ErasureNote, Needed, ObjectRole
from scenedex.storage.objects import ListedObject

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

T = TypeVar("T")

NAMES = st.sampled_from(["a", "a-", "a0", "b", "b.", "c"])
KEYS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)
MOMENT = datetime(2026, 11, 1, tzinfo=UTC)
NEEDS = st.builds(Needed, KEYS, st.just(ObjectRole.COPY), st.just(1), st.integers(0, 1))
PREFIXES = KEYS.map(lambda key: f"{key}/")


async def each(items: Sequence[T]) -> AsyncIterator[T]:
    for item in items:
        yield item


def listed(key: str, size_bytes: int = 0) -> ListedObject:
    return ListedObject(key, size_bytes, MOMENT)


@given(prefixes=st.lists(PREFIXES), keys=st.lists(KEYS))
def test_the_folders_around_a_key_are_those_that_it_begins_with(prefixes: list[str], keys: list[str]) -> None:
    async def around() -> list[list[str]]:
        folders = Folders(each([ErasureNote(prefix, MOMENT) for prefix in sorted(prefixes)]))
        return [[folder.prefix for folder in await folders.around(key)] for key in sorted(keys)]

    assert asyncio.run(around()) == [
        [prefix for prefix in sorted(prefixes) if key.startswith(prefix)] for key in sorted(keys)
    ]


@given(needs=st.lists(NEEDS), present=st.dictionaries(KEYS, st.integers(0, 1)))
def test_needs_are_unmet_where_no_object_or_another_is_listed(needs: list[Needed], present: dict[str, int]) -> None:
    ordered = sorted(needs, key=lambda need: need.key)

    async def unmet() -> list[Needed]:
        needing = Needs(each(ordered))
        objects = [listed(key, present[key]) for key in sorted(present)]
        return [need for found in (*objects, None) async for need in needing.unmet(found)]

    assert asyncio.run(unmet()) == [need for need in ordered if present.get(need.key) != need.size_bytes]
