"""Timeouts of database connections whose peer is silent."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from psycopg.conninfo import make_conninfo

from scenedex.db.database import Database

if TYPE_CHECKING:
    from tests.conftest import Cluster


def parameters(conninfo: str) -> dict[str, str]:
    """Return the parameters of a connection of the pool."""

    async def look() -> dict[str, str]:
        database = Database(conninfo)
        await database.open()
        try:
            async with database.transaction() as tx:
                return tx.connection.info.get_parameters()
        finally:
            await database.close()

    return asyncio.run(look())


def test_a_silent_peer_is_given_up_after_half_a_minute(cluster: Cluster) -> None:
    found = parameters(cluster.create_database())

    assert (found["tcp_user_timeout"], found["connect_timeout"]) == ("30000", "10")
    assert int(found["keepalives_idle"]) + int(found["keepalives_interval"]) * int(found["keepalives_count"]) == 30


def test_what_the_address_says_of_it_counts(cluster: Cluster) -> None:
    found = parameters(make_conninfo(cluster.create_database(), tcp_user_timeout=5000))

    assert found["tcp_user_timeout"] == "5000"
