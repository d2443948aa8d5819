"""Time of each part of a page of 1000 among a million assets. Each part runs alone in this process.

Prints a Markdown table of medians and of their shares of the total. Rows as objects are the rejected alternative. They
are measured for comparison and belong to no sum. Run from the root of the repository:
``python -m benchmarks.api.parts``.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from benchmarks.api.filling import filled_server
from benchmarks.api.running import temporary_folder

from scenedex.assets import page_queries
from scenedex.assets.records import Asset
from scenedex.assets.routes import asset_object
from scenedex.auth.keys import AccessKeys
from scenedex.auth.secrets import load_secret_box
from scenedex.auth.signature import is_signature, sign
from scenedex.db.database import Database
from scenedex.projects.queries import locate
from scenedex.projects.records import ProjectId
from scenedex.wire.encodings import Coding
from scenedex.wire.envelope import Envelope, Page
from scenedex.wire.parsing import WireTime
from scenedex.wire.validators import entity_tag

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from benchmarks.api.filling import Site

SIZE = 1000
ROWS = """
SELECT asset_id, file_name, project_id, key, format, width, height, duration_ms, size_bytes,
    create_user_name, created_time, update_user_name, updated_time
FROM assets
WHERE asset_id = ANY (ARRAY(
    SELECT asset_id FROM assets WHERE project_id = %(project)s ORDER BY asset_id OFFSET %(offset)s LIMIT %(size)s
))
ORDER BY asset_id
"""
COUNT = "SELECT count(*) FROM assets WHERE project_id = %(project)s"


class Parts:
    """The parts of a call, each as the API does it."""

    def __init__(self, database: Database, folder: Path, site: Site) -> None:
        self._database = database
        self._keys = AccessKeys(database, load_secret_box(folder / "secret.key", None))
        self._site = site
        self._project = ProjectId(site.archive.project_id)

    async def signature(self) -> None:
        """Look up the key, decrypt its secret and compare the signature."""
        async with self._database.reading() as tx:
            key = await self._keys.find(tx, self._site.key.access_key)
        assert key is not None
        expected = sign(key.secret_key, method="GET", target="/path?pageNum=1", timestamp="1", access_key="key")
        is_signature(expected, expected)

    async def project(self) -> None:
        """Look up the workspace and the project."""
        async with self._database.reading() as tx:
            await locate(tx, self._site.archive.workspace, self._project)

    async def count(self) -> None:
        """Count the assets of the project."""
        async with self._database.reading() as tx:
            await tx.value(COUNT, project=self._project)

    async def page(self, offset: int) -> bytes:
        """Count, ids and JSON in one statement."""
        async with self._database.reading() as tx:
            return (await page_queries.page(tx, self._project, offset, SIZE, "UTC")).content

    async def objects(self, offset: int) -> bytes:
        """The same page as rows, objects and JSON of this process, without the count."""
        async with self._database.reading() as tx:
            rows = await tx.all(Asset, ROWS, project=self._project, offset=offset, size=SIZE)
        times = WireTime()
        return msgspec.json.encode([asset_object(asset, times) for asset in rows])


async def measure(folder: Path, site: Site, repeats: int) -> None:
    database = Database(site.conninfo)
    await database.open()
    try:
        parts = Parts(database, folder, site)
        content = await parts.page(0)
        assert msgspec.json.decode(content) == msgspec.json.decode(await parts.objects(0))
        body = _encode(content)
        table: dict[str, Callable[[], Awaitable[object]]] = {
            "signature: key, decryption, HMAC": parts.signature,
            "project": parts.project,
            "count alone": parts.count,
            "page 1: count, ids and JSON in PostgreSQL": lambda: parts.page(0),
            "page 50": lambda: parts.page(49 * SIZE),
            "page 100": lambda: parts.page(99 * SIZE),
            "envelope": _in_process(lambda: _encode(content)),
            "entity tag": _in_process(lambda: entity_tag(body, None, 0)),
            "compression, zstd": _in_process(lambda: Coding.ZSTD.encode(body)),
            "compression, gzip": _in_process(lambda: Coding.GZIP.encode(body)),
            "for comparison: page 1 as rows and objects, without count": lambda: parts.objects(0),
        }
        print("| part | median, ms |")
        print("|---|---|")
        for name, part in table.items():
            print(f"| {name} | {await _median(part, repeats) * 1000:.2f} |")
    finally:
        await database.close()


def _encode(content: bytes) -> bytes:
    return msgspec.json.encode(Envelope(result=Page([msgspec.Raw(content)], 1, 1, 1, SIZE)))


def _in_process(part: Callable[[], object]) -> Callable[[], Awaitable[object]]:
    async def run() -> object:
        return part()

    return run


async def _median(part: Callable[[], Awaitable[object]], repeats: int) -> float:
    times: list[float] = []
    for number in range(repeats + 5):
        started = time.perf_counter()
        await part()
        if number >= 5:  # prepared and cached by then
            times.append(time.perf_counter() - started)
    return statistics.median(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--assets", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=50)
    options = parser.parse_args()
    with temporary_folder(options.folder) as folder, filled_server(folder, options.assets) as site:
        asyncio.run(measure(folder, site, options.repeats))


if __name__ == "__main__":
    main()
