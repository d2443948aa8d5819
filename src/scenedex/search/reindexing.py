"""The reindexing job: makes again what the scenes of a workspace are found by, where any of it is missing.

Each batch is a transaction of its own and looks for what is still missing, so that a job that was broken off goes on
where it was. Vectors of a former engine serve until there are those of the engine in force for all scenes; then they go
at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import structlog

from scenedex.analysis.vectors import engine_id
from scenedex.index.records import IndexedScene
from scenedex.index.search_entries import rewrite_index
from scenedex.index.service import with_findings
from scenedex.jobs.attempts import AttemptHandler
from scenedex.jobs.errors import Superseded
from scenedex.search import reindexing_queries as queries
from scenedex.storage.errors import ObjectNotFound
from scenedex.workspaces.locks import lock_persons

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping, Sequence

    from scenedex.analysis.vectors import VectorMaker
    from scenedex.db.database import Database
    from scenedex.engines.engine import EngineChoice
    from scenedex.index.records import VectorSpace
    from scenedex.search.reindexing_queries import LackingScene, ReindexClaim
    from scenedex.storage.store import ManagedStore

_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.searches")

BATCH: Final = 128
_LARGEST_KEYFRAME = 8 * 1024**2


class ReindexHandler(AttemptHandler["ReindexClaim"]):
    """`AttemptHandler` that reindexes a workspace. Progress resets the number of tries.

    Args:
        database: where scenes are.
        managed: where keyframes are.
        engines: returns the engine in force of each space of vectors. A space without an engine is missing.
        vectors: makes the vectors.
    """

    def __init__(
        self,
        database: Database,
        managed: ManagedStore,
        *,
        engines: Callable[[], Mapping[VectorSpace, EngineChoice]],
        vectors: VectorMaker,
    ) -> None:
        self._database = database
        self._managed = managed
        self._engines = engines
        self._vectors = vectors

    async def claim(self, subject: int) -> ReindexClaim | None:
        """See `AttemptHandler`."""
        async with self._database.transaction() as tx:
            return await queries.claim(tx, subject)

    async def work(self, claim: ReindexClaim) -> None:
        """See `AttemptHandler`."""
        await self._end(claim, "COMPLETED", await self._reindex(claim))

    async def fail(self, claim: ReindexClaim, reason: str) -> None:
        """See `AttemptHandler`."""
        await self._end(claim, "FAILED", reason)

    async def _reindex(self, claim: ReindexClaim) -> str | None:
        workspace_id, engines = claim.workspace_id, self._engines()
        async with self._database.transaction() as tx:
            await lock_persons(tx, workspace_id)
            await queries.clear_reworded(tx, workspace_id)
            total = await queries.scenes_without_words(tx, workspace_id)
            for space, choice in engines.items():
                total += await queries.count_lacking(tx, workspace_id, space, engine_id(choice))
        counted = _Counted(self._database, claim, total)
        await counted.add(0)
        await self._write_words(workspace_id, counted)
        left = 0
        for space, choice in engines.items():
            left += await self._make_vectors(workspace_id, space, choice, counted)
        if not left:
            return None
        return f"Scenes without a vector, since their keyframes are gone: {left}. Analyse their assets again."

    async def _write_words(self, workspace_id: int, counted: _Counted) -> None:
        after = 0
        while True:
            async with self._database.transaction() as tx:
                indexes = await queries.indexes_without_words(tx, workspace_id, after, BATCH)
            if not indexes:
                return
            for index_id in indexes:
                async with self._database.transaction() as tx:
                    await lock_persons(tx, workspace_id)
                    rewritten = await rewrite_index(tx, index_id)
                await counted.add(rewritten)
            after = indexes[-1]

    async def _make_vectors(self, workspace_id: int, space: str, choice: EngineChoice, counted: _Counted) -> int:
        """Vectors of all scenes that lack one; how many go without."""
        engine, after = engine_id(choice), (0, 0)
        while True:
            async with self._database.transaction() as tx:
                scenes = await queries.lacking(tx, workspace_id, space, engine, after, BATCH)
            if not scenes:
                break
            make = self._of_words if space == "TEXT" else self._of_keyframes
            made = await make(scenes, choice)
            async with self._database.transaction() as tx:
                await lock_persons(tx, workspace_id)
                await queries.add_vectors(tx, workspace_id, space, engine, made)
            await counted.add(len(scenes))
            after = scenes[-1].index_id, scenes[-1].scene_id
        async with self._database.transaction() as tx:
            await lock_persons(tx, workspace_id)
            left = await queries.count_lacking(tx, workspace_id, space, engine)
            if not left and (dropped := await queries.drop_others(tx, workspace_id, space, engine)):
                _log.info("reindexing.engine_replaced", workspace=workspace_id, engine=engine, former_vectors=dropped)
        return left

    async def _of_words(self, scenes: Sequence[LackingScene], choice: EngineChoice) -> list[tuple[LackingScene, bytes]]:
        bare = [(scene.index_id, IndexedScene(scene.scene_id, 0, 0, scene.keyframe_key, ())) for scene in scenes]
        async with self._database.transaction() as tx:
            found = await with_findings(tx, bare)
        texts = tuple("\n".join(dict.fromkeys(one.text for one in (*scene.texts, *scene.scripts))) for scene in found)
        vectors = await self._vectors.of_texts(choice, texts)
        return [(scene, vector) for scene, vector in zip(scenes, vectors, strict=True) if vector]

    async def _of_keyframes(
        self, scenes: Sequence[LackingScene], choice: EngineChoice
    ) -> list[tuple[LackingScene, bytes]]:
        shown: list[LackingScene] = []

        async def keyframes() -> AsyncGenerator[bytes]:
            for scene in scenes:
                try:
                    jpeg = await self._managed.get(scene.keyframe_key, max_bytes=_LARGEST_KEYFRAME)
                except ObjectNotFound:
                    continue
                shown.append(scene)
                yield jpeg

        vectors = await self._vectors.of_pictures(choice, keyframes())
        return list(zip(shown, vectors, strict=True))

    async def _end(self, claim: ReindexClaim, state: str, message: str | None) -> None:
        async with self._database.transaction() as tx:
            await queries.end(tx, claim, state, message)
        _log.info("reindexing.ended", workspace=claim.workspace_id, state=state, reason=message)

    async def put_back(self, claim: ReindexClaim) -> None:
        """See `AttemptHandler`."""
        async with self._database.transaction() as tx:
            await queries.release(tx, claim)


class _Counted:
    """Scenes that are done, noted where people can see it."""

    def __init__(self, database: Database, claim: ReindexClaim, total: int) -> None:
        self._database = database
        self._claim = claim
        self._total = total
        self._done = 0

    async def add(self, scenes: int) -> None:
        self._done += scenes
        self._total = max(self._total, self._done)
        async with self._database.transaction() as tx:
            if not await queries.note(tx, self._claim, self._done, self._total):
                raise Superseded
