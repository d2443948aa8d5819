"""Measures the delay from a change to its event at a receiver, with a real worker and a thousand endpoints.

.venv/bin/python benchmarks/webhooks/run.py
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from scenedex.assets.notices import ASSET_IMPORTED
from scenedex.audit.notices import Notice, NoticeSubject
from scenedex.audit.records import AuditEntry
from scenedex.audit.service import record
from scenedex.settings import Settings
from scenedex.webhooks.signatures import SignatureScheme, make_secret
from scenedex.wiring import Platform, open_platform

if TYPE_CHECKING:
    from collections.abc import Generator

ENDPOINTS = 1000
WORKSPACES = 100
DEAD = "http://127.0.0.1:9/dead"


@contextmanager
def receiver() -> Generator[int]:
    """Start the receiver and yield its port."""
    script = Path(__file__).with_name("receiver.py")
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


@contextmanager
def workers(data_dir: str, count: int) -> Generator[list[subprocess.Popen[bytes]]]:
    """Start workers."""
    environment = os.environ | {
        "SCENEDEX_WEBHOOKS_ALLOW_PRIVATE": "true",
        "SCENEDEX_LOG_LEVEL": "error",
        "SCENEDEX_WORKERS_QUEUES": "import",
    }
    command = [sys.executable, "-m", "scenedex", "worker", "--data-dir", data_dir]
    started = [subprocess.Popen(command, env=environment) for _ in range(count)]
    try:
        yield started
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait()


def delays_at(port: int) -> list[float]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as answer:
        return json.load(answer)


def processor_seconds(processes: list[subprocess.Popen[bytes]]) -> float:
    """Return the time that the workers have computed."""
    ticks = os.sysconf("SC_CLK_TCK")
    fields = [Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split() for process in processes]
    return sum(int(one[11]) + int(one[12]) for one in fields) / ticks


async def prepare(platform: Platform, port: int, *, hanging: float, refusing: float) -> list[str]:
    """Create workspaces with endpoints in place of former ones, and return the workspaces."""
    names = [f"bench-{number}" for number in range(WORKSPACES)]
    drawn = random.Random(7)  # noqa: S311  # a draw
    async with platform.database.transaction() as tx:
        await tx.run("DELETE FROM workspaces")
        for name in names:
            workspace = await tx.value(
                "INSERT INTO workspaces (workspace_name, created_user_name, updated_user_name) VALUES (%s, 'b', 'b')"
                " RETURNING workspace_id",
                name,
            )
            for number in range(ENDPOINTS // WORKSPACES):
                draw = drawn.random()
                url = f"http://127.0.0.1:{port}/ok/{number}"
                if draw < hanging:
                    url = f"http://127.0.0.1:{port}/hang/{number}"
                elif draw < hanging + refusing:
                    url = DEAD
                await tx.run(
                    "INSERT INTO webhook_endpoints"
                    " (workspace_id, url, server_url, secret, created_user_name, updated_user_name)"
                    " VALUES (%s, %s, 'https://mi.example', %s, 'b', 'b')",
                    workspace,
                    url,
                    platform.box.seal(make_secret(SignatureScheme.V1)),
                )
    return names


async def change(platform: Platform, workspace: str, asset_id: int) -> None:
    """Record a change of an asset as a worker does."""
    entry = AuditEntry("Handle Video Asset Import Success", "b", workspace_name=workspace)
    notice = Notice(ASSET_IMPORTED, NoticeSubject(project_id=1, asset_id=asset_id))
    async with platform.database.transaction() as tx:
        await record(tx, entry, notice=notice)


async def at_rate(platform: Platform, workspaces: list[str], per_second: float, seconds: float) -> None:
    """Make changes of assets in random workspaces at a steady rate."""
    drawn, started = random.Random(3), time.monotonic()  # noqa: S311  # a draw
    for number in range(int(per_second * seconds)):
        await asyncio.sleep(max(0.0, started + number / per_second - time.monotonic()))
        await change(platform, drawn.choice(workspaces), number)


async def settled(platform: Platform, port: int) -> list[float]:
    """Wait until no delivery is due that could be accepted, and return all delays."""
    found: list[float] = []
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        found += delays_at(port)
        async with platform.database.transaction() as tx:
            statement = (
                "SELECT count(*) FROM webhook_deliveries JOIN webhook_endpoints USING (endpoint_id)"
                " WHERE state = 'WAITING' AND url LIKE '%/ok/%'"
            )
            if await tx.value(statement.replace("%", "%%")) == 0:
                return found + delays_at(port)
        await asyncio.sleep(0.2)
    raise TimeoutError


def row(name: str, found: list[float], seconds: float) -> str:
    ordered = sorted(found)

    def at(share: float) -> str:
        return f"{1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]:.0f}"

    computed = f"{1000 * seconds / len(found):.2f}"
    return f"| {name} | {len(found)} | {at(0.5)} | {at(0.95)} | {at(0.99)} | {at(1)} | {computed} |"


async def warm_up(platform: Platform, port: int, workspaces: list[str]) -> None:
    """Have each endpoint called once, and wait until the workers have done so."""
    for number, workspace in enumerate(workspaces):
        await change(platform, workspace, 10**6 + number)
    await settled(platform, port)


async def measure(count: int, per_second: float, seconds: float) -> None:
    """Print a table of all loads."""
    with tempfile.TemporaryDirectory() as folder, receiver() as port:
        async with open_platform(Settings(data_dir=Path(folder))) as platform:
            print("| Changes | Events | p50 ms | p95 | p99 | Maximum | Processor time of workers, ms per event |")
            print("|---|---|---|---|---|---|---|")
            for name, hanging, refusing in (
                (f"{per_second:g} a second, all receivers accept", 0.0, 0.0),
                (f"{per_second:g} a second, 10 % hang and 10 % refuse", 0.1, 0.1),
            ):
                workspaces = await prepare(platform, port, hanging=hanging, refusing=refusing)
                with workers(folder, count) as processes:
                    await warm_up(platform, port, workspaces)
                    before = processor_seconds(processes)
                    await at_rate(platform, workspaces, per_second, seconds)
                    found = await settled(platform, port)
                    print(row(name, found, processor_seconds(processes) - before), flush=True)
            workspaces = await prepare(platform, port, hanging=0.0, refusing=0.0)
            async with platform.database.transaction() as tx:
                await tx.run("UPDATE webhook_endpoints SET workspace_id = (SELECT min(workspace_id) FROM workspaces)")
            with workers(folder, count) as processes:
                await warm_up(platform, port, workspaces[:1])
                found: list[float] = []
                before = processor_seconds(processes)
                for number in range(5):
                    await change(platform, workspaces[0], number)
                    found += await settled(platform, port)
                print(row("one for 1 000 endpoints, five times", found, processor_seconds(processes) - before))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--per-second", type=float, default=20)
    parser.add_argument("--seconds", type=float, default=20)
    given = parser.parse_args()
    asyncio.run(measure(given.workers, given.per_second, given.seconds))
