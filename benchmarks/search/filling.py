"""Filling of a database with many scenes in four languages, vectors of two engines, and queries with known answers.

Two processes copy everything in. The product makes the words that scenes are found by. Database indexes are built
afterwards. Prints Markdown tables for the README and leaves the folder. Real weights are needed: ``SCENEDEX_WEIGHTS``
names their folder. Run from the root of the repository: ``python -m benchmarks.search.filling --data-dir FOLDER``.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import psycopg
from benchmarks.search.batches import Part, fill_part, made_plan
from benchmarks.search.filled import (
    FEW,
    FIFTIETH,
    FILE,
    HALF,
    NAMED_OF_TEN,
    OTHER_WORKSPACE,
    PERSONS,
    SCENE_MS,
    SCENES_OF_ASSET,
    SMALL_SHARE,
    WORKSPACE,
    Filled,
)
from benchmarks.search.vocabulary import languages
from psycopg import sql

from scenedex.index.search_terms import spelling_variants
from scenedex.search import code_sets
from scenedex.settings import Settings
from scenedex.wiring import open_platform

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    Connection = psycopg.Connection[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Stopwatch:
    """Prints the duration of each step."""

    times: dict[str, float] = field(default_factory=dict[str, float])

    def step(self, name: str, started: float) -> None:
        """End a step and print its duration."""
        self.times[name] = time.perf_counter() - started
        print(f"| {name} | {self.times[name]:.1f} s |", flush=True)


async def fill(settings: Settings, scenes: int, processes: int) -> None:
    """Fill an empty database."""
    watch = Stopwatch()
    print("| step | time |\n|---|---|")
    async with open_platform(settings) as platform:
        conninfo = platform.database.conninfo
        filled = await asyncio.to_thread(_load, settings, conninfo, scenes, processes, watch)
        started = time.perf_counter()
        await code_sets.maintain(platform.database)
        watch.step("sign codes", started)
        with psycopg.connect(conninfo, autocommit=True) as connection:
            started = time.perf_counter()
            connection.execute("VACUUM (ANALYZE)")
            watch.step("vacuum", started)
            print("\n| | rows | table | database index | size |\n|---|---|---|---|---|")
            for row in connection.execute(_SIZES):
                print(f"| {' | '.join(map(str, row))} |")
        (settings.data_dir / FILE).write_bytes(msgspec.json.encode(filled))


def _load(settings: Settings, conninfo: str, scenes: int, processes: int, watch: Stopwatch) -> Filled:
    count = scenes // SCENES_OF_ASSET
    with psycopg.connect(conninfo, autocommit=True) as connection:
        workspace_id, projects = _workspace(connection, WORKSPACE, ("half", "fiftieth", "rest"))
        other_id, others = _workspace(connection, OTHER_WORKSPACE, ())
        half, fiftieth, few = int(count * HALF), max(1, int(count * FIFTIETH)), max(1, int(count * FEW))
        # Assets of the projects alternate.
        _, *chosen = projects
        places = np.repeat(chosen, (half, fiftieth, count - half - fiftieth))
        np.random.default_rng(6).shuffle(places)
        small = max(1, int(count * SMALL_SHARE))
        ids = [*_assets(connection, places.tolist()), *_assets(connection, others * small)]
        assert ids == list(range(ids[0], ids[0] + count + small))
        few_ids = [asset for asset, place in zip(ids, places, strict=False) if place == chosen[-1]][:few]
        first_person = _number(connection, _PERSONS, {"workspace": workspace_id})
        started = time.perf_counter()
        plan, texts, pictures = made_plan(settings, ids[0], count)
        watch.step("embedding topics and planted lines", started)
        dropped = _dropped(connection)
        started = time.perf_counter()
        size = -(-count // processes)
        shares = range(0, count, size)
        parts = [
            Part(conninfo, workspace_id, ids[started], min(size, count - started), first_person, plan)
            for started in shares
        ]
        parts.append(Part(conninfo, other_id, ids[count], small, first_person, plan))
        with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
            counts = sum(pool.map(fill_part, parts), Counter[str]())
        watch.step(f"{count * SCENES_OF_ASSET} scenes in {processes} processes", started)
        started = time.perf_counter()
        _write_terms(connection, counts, (workspace_id, other_id))
        watch.step(f"{len(counts)} terms", started)
        connection.execute("SET maintenance_work_mem = '1GB'")
        for name, definition in dropped.items():
            started = time.perf_counter()
            connection.execute(definition.encode())
            watch.step(name, started)
        connection.execute("ANALYZE")
    return Filled(
        scenes=count * SCENES_OF_ASSET,
        workspace_id=workspace_id,
        project_ids=tuple(chosen),
        few_asset_ids=tuple(few_ids),
        person_ids=tuple(range(first_person, first_person + PERSONS)),
        said=languages()[0].words[60],
        texts=tuple(texts),
        pictures=tuple(pictures),
    )


def _workspace(connection: Connection, name: str, projects: Iterable[str]) -> tuple[int, list[int]]:
    """Add a workspace with its base project and others. Return its id and theirs."""
    workspace_id = _number(
        connection,
        "INSERT INTO workspaces (workspace_name, created_user_name, updated_user_name)"
        " VALUES (%(name)s, 'alice', 'alice') RETURNING workspace_id",
        {"name": name},
    )
    add = (
        "INSERT INTO projects (workspace_id, name, is_base_project, created_user_name, updated_user_name)"
        " VALUES (%(workspace)s, %(name)s, %(base)s, 'alice', 'alice') RETURNING project_id"
    )
    named = {name: True, **dict.fromkeys(projects, False)}
    return workspace_id, [
        _number(connection, add, {"workspace": workspace_id, "name": one, "base": base}) for one, base in named.items()
    ]


def _assets(connection: Connection, projects: Sequence[int]) -> list[int]:
    """Add an asset with an empty index to each of these projects."""
    rows = connection.execute(_ASSETS, {"projects": list(projects), "duration": SCENES_OF_ASSET * SCENE_MS}).fetchall()
    return sorted(int(str(asset_id)) for (asset_id,) in rows)


def _dropped(connection: Connection) -> dict[str, str]:
    """Drop the database indexes and constraints that are faster to build afterwards. Return their definitions."""
    found = connection.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE indexname = ANY(%s)", (list(_BUILT_AFTERWARDS),)
    ).fetchall()
    definitions = {str(name): str(definition) for name, definition in found}
    assert len(definitions) == len(_BUILT_AFTERWARDS)
    for name in definitions:
        connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    # References to scenes are checked at once afterwards, instead of row by row.
    for table, name, definition in connection.execute(_REFERENCES, (list(_REFERRING),)).fetchall():
        change = sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}")
        connection.execute(change.format(sql.Identifier(str(table)), sql.Identifier(str(name))))
        definitions[str(name)] = f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}"
    return definitions


def _write_terms(connection: Connection, counts: Mapping[str, int], workspace_ids: Sequence[int]) -> None:
    with connection.cursor() as cursor, cursor.copy("COPY search_terms (term, scene_count, near) FROM STDIN") as copy:
        for term in sorted(counts):
            workspace, _, word = term.partition(":")
            assert int(workspace) in workspace_ids
            copy.write_row((term, counts[term], spelling_variants(int(workspace), word)))


def _number(connection: Connection, statement: str, params: Mapping[str, object]) -> int:
    row = connection.execute(statement.encode(), params).fetchone()
    assert row is not None
    return int(str(row[0]))


_BUILT_AFTERWARDS = (
    "scenes_by_words",
    "scenes_without_words",
    "terms_by_near",
    "vectors_by_engine",
    "vectors_of_workspace",
)
_REFERRING = ("scenes", "scripts", "texts", "keywords", "appearances", "scene_vectors")
_REFERENCES = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s)
"""
_ASSETS = """
WITH made AS (
    INSERT INTO assets (project_id, file_name, key, import_status, create_user_name, update_user_name)
    SELECT project_id, 'take-' || n || '.mp4', 'take-' || n || '.mp4', 'COMPLETED', 'alice', 'alice'
    FROM unnest(%(projects)s::bigint[]) WITH ORDINALITY AS given (project_id, n) ORDER BY n
    RETURNING asset_id
)
INSERT INTO indexes (
    index_id, asset_id, type, options, engines, duration_ms, created_user_name, updated_user_name, created_time
)
SELECT asset_id, asset_id, 'VIDEO', '{"analysisPersonCount": 0}', '[]', %(duration)s, 'alice', 'alice',
    now() - asset_id * interval '71 seconds'
FROM made RETURNING asset_id
"""
_PERSONS = f"""
WITH made AS (
    INSERT INTO persons (workspace_id, name, created_user_name, updated_user_name)
    SELECT %(workspace)s, CASE WHEN n %% 10 < {NAMED_OF_TEN} THEN 'Quentin Ashworth' || chr(97 + n / 26 %% 26) || n END,
        'alice', 'alice'
    FROM generate_series(1, {PERSONS}) AS n ORDER BY n
    RETURNING person_id
)
SELECT min(person_id) FROM made
"""
_SIZES = """
SELECT t.relname, t.reltuples::bigint, pg_size_pretty(pg_table_size(t.oid)), coalesce(i.relname, ''),
    coalesce(pg_size_pretty(pg_relation_size(i.oid)), '')
FROM pg_class t LEFT JOIN pg_index x ON x.indrelid = t.oid LEFT JOIN pg_class i ON i.oid = x.indexrelid
WHERE t.relname = ANY (ARRAY['scenes', 'scene_vectors', 'code_packs', 'search_terms', 'scripts', 'appearances'])
ORDER BY t.relname, pg_relation_size(i.oid) DESC
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--scenes", type=int, default=1_000_000)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    asyncio.run(fill(Settings(data_dir=options.data_dir), options.scenes, options.processes))


if __name__ == "__main__":
    main()
