"""Checks of the state after a campaign."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import subprocess
import sys
import time
from collections import Counter
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.faults.files import FILMS, HEIGHT, RATE, WIDTH

from scenedex.storage.s3_client import S3Client, S3Object
from scenedex.storage.s3_location import S3RetryPolicy
from sizes import PREFIX, Embedded, Grown

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from benchmarks.faults.site import Site
    from benchmarks.faults.user import Outcome, User

    from processes import Server
    from scenedex.client import Index
    from scenedex.client.answers import Asset

_SECONDS_TO_SETTLE = 90


def wrong_assets(user: User, site: Site, outcomes: Iterable[Outcome]) -> Generator[str]:
    """Yield assets that differ from their file, are missing or exist twice."""
    assets = list(user.assets.list())
    by_name = Counter(asset.file_name for asset in assets)
    by_id = {asset.asset_id: asset for asset in assets}
    rows = {
        asset_id: (key, attempt, upload)
        for asset_id, key, attempt, upload in site.server.rows(
            "SELECT asset_id, managed_key, import_attempt, upload_key FROM assets"
        )
    }
    for outcome in outcomes:
        file = outcome.file
        if by_name.pop(file.name, 0) != 1 or outcome.asset_id not in by_id:
            yield f"{file.name}: not exactly one asset"
            continue
        if outcome.import_state != "COMPLETED":
            continue
        yield from _facts(by_id[outcome.asset_id], outcome)
        key, attempt, upload = rows[outcome.asset_id]
        if not key.endswith("/source" if upload else f"/source-{attempt}"):
            yield f"{file.name}: its copy {key} is not of its last try, {attempt}"
        copies = [found for found in site.server.ground.managed(f"assets/{outcome.asset_id}/") if "source" in found]
        if copies != [key]:
            yield f"{file.name}: copies {copies}, known {key}"
        elif hashlib.sha256(content(site.server, key)).hexdigest() != file.sha256:
            yield f"{file.name}: its copy has other bytes"
    yield from (f"{name}: an asset that nobody asked for" for name in by_name)


def _facts(asset: Asset, outcome: Outcome) -> Generator[str]:
    file, found = outcome.file, asset.meta_data
    expected = (file.size_bytes, file.format, f"{WIDTH}x{HEIGHT}", file.duration_ms)
    is_told = found and (found.size, (found.format or "").lower(), found.resolution, found.duration_ms)
    if is_told != expected:
        yield f"{file.name}: {is_told} instead of {expected}"


def wrong_indexes(user: User, site: Site, outcomes: Iterable[Outcome], calm: dict[int, list[object]]) -> Generator[str]:
    """Yield indexes that differ from those of an undisturbed analysis."""
    counts = dict(site.server.rows("SELECT asset_id, count(*) FROM indexes GROUP BY 1"))
    for outcome in outcomes:
        film = outcome.file.film
        if outcome.index_state != "ANALYZE_COMPLETED" or film is None:
            continue
        index = user.client.index(user.workspace, user.project_id, outcome.asset_id).get()
        if counts.get(outcome.asset_id) != 1:
            yield f"{outcome.file.name}: {counts.get(outcome.asset_id)} indexes"
        if summary(index) != calm[film]:
            yield f"{outcome.file.name}: {summary(index)} instead of {calm[film]}"
        if cuts(index) != true_cuts(film):
            yield f"{outcome.file.name}: shots at {cuts(index)} instead of {true_cuts(film)}"
    persons = site.server.rows("SELECT count(*) FROM persons")
    if persons != [(0,)]:
        yield f"{persons[0][0]} persons of films without faces"


def summary(index: Index) -> list[object]:
    """All times of an index, and how many things are in it."""
    return [
        (
            scene.scene_id,
            scene.start_time_ms,
            scene.end_time_ms,
            [(shot.start_time_ms, shot.end_time_ms, shot.keyframe_url is not None) for shot in scene.shots],
            len(scene.persons),
            len(scene.keywords),
            len(scene.texts),
        )
        for scene in index.scenes
    ]


def cuts(index: Index) -> list[int]:
    """Return the starts of shots, in milliseconds."""
    return sorted(shot.start_time_ms for scene in index.scenes for shot in scene.shots)


def true_cuts(film: int) -> list[int]:
    """Return the starts of the takes of a film, in milliseconds."""
    return [sum(FILMS[film][:place]) * 1000 // RATE for place in range(len(FILMS[film]))]


def jobs_left(site: Site) -> Generator[str]:
    """Jobs that have not ended, or ended badly, after some time to settle."""
    deadline = time.monotonic() + _SECONDS_TO_SETTLE
    statement = "SELECT task_name, status::text, count(*) FROM procrastinate_jobs GROUP BY 1, 2 ORDER BY 1, 2"
    while True:
        left = [row for row in site.server.rows(statement) if row[1] in {"todo", "doing"}]
        if not left or time.monotonic() > deadline:
            break
        time.sleep(1)
    yield from (f"{count} jobs {kind} {status}" for kind, status, count in left)
    for kind, status, count in site.server.rows(statement):
        if status == "failed":
            yield f"{count} jobs {kind} failed"


def findings(site: Site) -> Generator[str]:
    """Yield the findings of `scenedex reconcile`."""
    ran = subprocess.run(
        [
            *(sys.executable, "-m", "scenedex", "reconcile", "--deep", "--json", "--min-age", "0"),
            *("--data-dir", str(site.server.data_dir)),
        ],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, **site.server.settings},
        timeout=300,
    )
    if ran.returncode:
        yield f"reconcile ended with {ran.returncode}: {_said(ran.stdout) or ran.stderr[-500:]}"


def _said(document: str) -> str:
    try:
        found: dict[str, dict[str, Any]] = json.loads(document)["findings"]
    except (ValueError, KeyError):
        return document[-500:]
    return json.dumps({kind: tally for kind, tally in found.items() if tally.get("count")})


def left_running(site: Site) -> Generator[str]:
    """Processes and connections after everything was stopped."""
    server = site.server
    if pids := server.pids(str(server.data_dir)):
        yield f"processes left: {pids}"
    parents = {pid: _parent(pid) for pid in server.pids("scenedex.media.launch")}
    if orphans := [pid for pid, parent in parents.items() if parent == 1]:
        yield f"media children left: {orphans}"
    others = server.rows(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
    )
    if others != [(0,)]:
        yield f"{others[0][0]} connections left"


def _parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
    except OSError:
        return 0


def content(server: Server, key: str) -> bytes:
    """The bytes of a managed object."""
    ground = server.ground
    if isinstance(ground, Embedded):
        return (server.data_dir / "managed" / key).read_bytes()
    assert isinstance(ground, Grown)
    return asyncio.run(_fetched(ground, key))


async def _fetched(ground: Grown, key: str) -> bytes:
    client = S3Client(ground.direct, S3RetryPolicy(), lambda: datetime.now(UTC))
    target = S3Object(ground.managed_bucket, PREFIX + key)
    try:
        found = await client.head(target)
        async with aclosing(client.stream(target, 0, found.size_bytes, etag=found.etag)) as blocks:
            return b"".join([block async for block in blocks])
    finally:
        await client.close()
