"""Waits for searches: one look at all of them, which tells each caller when its own has ended."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from scenedex.search.waiting import SearchWaits

if TYPE_CHECKING:
    from collections.abc import Generator

    from tests.conftest import Service, Site


@pytest.fixture
def service(site: Site) -> Generator[Service]:
    site.service.rows(
        "INSERT INTO searches (search_id, workspace_id, user_name, request, expires_time)"
        " SELECT 'search-' || n, workspace_id, 'alice', '{}', now() + interval '1 hour'"
        " FROM workspaces, generate_series(1, 20) AS n WHERE workspace_name = %s RETURNING 1",
        site.name,
    )
    yield site.service
    site.service.rows("DELETE FROM searches RETURNING 1")


async def end(service: Service, search_id: str) -> None:
    async with service.platform.database.transaction() as tx:
        await tx.run("UPDATE searches SET state = 'COMPLETED' WHERE search_id = %s", search_id)


def test_a_caller_waits_until_its_own_search_has_ended(service: Service) -> None:
    waits = SearchWaits(service.platform.database)

    async def wait() -> tuple[bool, bool, bool]:
        running = asyncio.create_task(waits.ends("search-1", 0.5))
        ending = asyncio.create_task(waits.ends("search-2", 30))
        also_ending = asyncio.create_task(waits.ends("search-2", 30))
        await asyncio.sleep(0.05)
        await end(service, "search-2")
        return await running, await ending, await also_ending

    assert service.run(wait) == (False, True, True)


def test_a_search_that_does_not_exist_has_ended(service: Service) -> None:
    assert service.run(lambda: SearchWaits(service.platform.database).ends("nothing", 30))


def test_one_statement_looks_at_the_searches_of_all_callers(service: Service) -> None:
    waits = SearchWaits(service.platform.database)

    async def wait() -> list[bool]:
        ending = [asyncio.create_task(waits.ends(f"search-{number}", 30)) for number in range(1, 21)]
        await asyncio.sleep(0)
        for number in range(1, 21):
            await end(service, f"search-{number}")
        return await asyncio.gather(*ending)

    service.statements.clear()
    assert all(service.run(wait))

    looks = [one for one in service.statements if "waiting (search_id)" in one]
    updates = [one for one in service.statements if one.startswith("UPDATE searches")]
    assert len(updates) == 20
    # A search ends while the others wait, so at most one look and a last one for each end, never one for each caller.
    assert 1 <= len(looks) < 100


def test_a_caller_that_leaves_is_forgotten_and_the_next_one_waits_anew(service: Service) -> None:
    waits = SearchWaits(service.platform.database)

    async def wait() -> tuple[bool, bool]:
        leaving = asyncio.create_task(waits.ends("search-1", 30))
        await asyncio.sleep(0.02)
        leaving.cancel()
        await asyncio.gather(leaving, return_exceptions=True)
        await asyncio.sleep(0.1)
        first = await waits.ends("search-1", 0.05)
        await end(service, "search-1")
        return first, await waits.ends("search-1", 30)

    assert service.run(wait) == (False, True)
