"""Consistent reads during writes: all statements of an answer see one state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from scenedex.index import queries
from scenedex.index.service import publish

if TYPE_CHECKING:
    from tests.conftest import Site


def test_a_reader_sees_the_index_that_it_began_with_although_another_is_published(site: Site) -> None:
    item = site.base.imported()
    item.publish(item.request_analysis(), scenes=3)
    database = site.service.platform.database

    async def read_across_a_publication() -> int:
        async with database.snapshot() as reading:
            head = await queries.find_head(reading, item.asset_id)
            assert head is not None
            async with database.transaction() as writing:
                await publish(writing, item.made_index(head.index_id + 1_000_000, scenes=5))
            return len(await queries.scenes_of(reading, head.index_id))

    assert site.service.run(read_across_a_publication) == 3
    assert len(item.call("GET", "/index").json()["result"]["scenes"]) == 5


def test_a_connection_that_served_a_snapshot_serves_ordinary_transactions_again(site: Site) -> None:
    database = site.service.platform.database

    async def levels() -> tuple[str, str]:
        async with database.snapshot() as tx:
            during = await tx.value("SHOW transaction_isolation")
        async with database.transaction() as tx:
            return during, await tx.value("SHOW transaction_isolation")

    assert site.service.run(levels) == ("repeatable read", "read committed")


def test_an_error_inside_a_snapshot_comes_out_and_leaves_the_connection_usable(site: Site) -> None:
    database = site.service.platform.database

    async def fail() -> None:
        async with database.snapshot() as tx:
            await tx.run("SELECT 1 / 0")

    with pytest.raises(psycopg.errors.DivisionByZero):
        site.service.run(fail)
    assert site.service.rows("SELECT 1") == [(1,)]
