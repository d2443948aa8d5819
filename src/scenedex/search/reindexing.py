"""Reindexing job: writes the words and vectors that scenes of a workspace lack.

Each batch is a transaction of its own and selects what is still missing, so that an interrupted job continues where it
stopped. Searches use the vectors of a former engine until all scenes have one of the selected engine. The former ones
are then deleted at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final

import structlog

from scenedex.analysis.passages import passages_of, texts_of
from scenedex.analysis.vectors import passage_vectors
from scenedex.index.records import IndexedScene, IndexedShot, IndexedVector
from scenedex.index.search_entries import rewrite_index
from scenedex.index.service import with_findings
from scenedex.jobs.attempts import AttemptHandler
from scenedex.jobs.errors import Superseded
from scenedex.search import reindexing_queries as queries
from scenedex.search import vector_queries
from scenedex.search.records import SceneVectors
from scenedex.storage.errors import ObjectNotFound
from scenedex.workspaces.locks import lock_persons

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping, Sequence

    from scenedex.analysis.vectors import VectorMaker
    from scenedex.db.database import Database
    from scenedex.engines.engine import EngineChoice
    from scenedex.index.records import SceneKey, VectorSpace
    from scenedex.search.records import LackingScene, ReindexClaim
    from scenedex.storage.store import ManagedStore

_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.searches")

BATCH_SIZE: Final = 128
_MAX_KEYFRAME_BYTES = 8 * 1024**2


class ReindexHandler(AttemptHandler["ReindexClaim"]):
    """`AttemptHandler` that reindexes a workspace. Progress resets the number of tries.

    ``engines`` returns the selected engine of each space of vectors. A space without an engine is missing.
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
                total += await vector_queries.count_lacking(tx, workspace_id, space, str(choice.engine))
        progress = _Progress(self._database, claim, total)
        await progress.add(0)
        await self._write_words(workspace_id, progress)
        lacking = 0
        for space, choice in engines.items():
            lacking += await self._make_vectors(workspace_id, space, choice, progress)
        if not lacking:
            return None
        return f"Scenes without a vector, since their keyframes are missing: {lacking}. Analyse their assets again."

    async def _write_words(self, workspace_id: int, progress: _Progress) -> None:
        after = 0
        while True:
            async with self._database.transaction() as tx:
                indexes = await queries.indexes_without_words(tx, workspace_id, after, BATCH_SIZE)
            if not indexes:
                return
            for index_id in indexes:
                async with self._database.transaction() as tx:
                    await lock_persons(tx, workspace_id)
                    rewritten = await rewrite_index(tx, index_id)
                await progress.add(rewritten)
            after = indexes[-1]

    async def _make_vectors(
        self, workspace_id: int, space: VectorSpace, choice: EngineChoice, progress: _Progress
    ) -> int:
        """Make the vectors that scenes lack. Return the number of scenes that still lack them."""
        engine, after = str(choice.engine), (0, 0)
        while True:
            async with self._database.transaction() as tx:
                scenes = await vector_queries.lacking(tx, workspace_id, space, engine, after, BATCH_SIZE)
            if not scenes:
                break
            make = self._text_vectors if space == "TEXT" else self._picture_vectors
            vectors: dict[SceneKey, list[IndexedVector]] = {}
            for scene, vector in await make(scenes, choice):
                vectors.setdefault(scene.key, []).append(vector)
            async with self._database.transaction() as tx:
                await lock_persons(tx, workspace_id)
                made = [SceneVectors(*key, of_scene) for key, of_scene in vectors.items()]
                await vector_queries.replace_vectors(tx, workspace_id, space, engine, made)
            await progress.add(len(scenes))
            after = scenes[-1].key
        async with self._database.transaction() as tx:
            await lock_persons(tx, workspace_id)
            lacking = await vector_queries.count_lacking(tx, workspace_id, space, engine)
            if not lacking and (deleted := await vector_queries.drop_others(tx, workspace_id, space, engine)):
                _log.info("reindexing.engine_replaced", workspace=workspace_id, engine=engine, former_vectors=deleted)
        return lacking

    async def _text_vectors(
        self, scenes: Sequence[LackingScene], choice: EngineChoice
    ) -> list[tuple[LackingScene, IndexedVector]]:
        empty = [
            (scene.index_id, IndexedScene(scene.scene_id, scene.start_ms, scene.end_ms, scene.keyframe_key, ()))
            for scene in scenes
        ]
        async with self._database.transaction() as tx:
            found = await with_findings(tx, empty)
        passages = [passages_of(one.texts, one.scripts, _summary_of(one)) for one in found]
        texts = texts_of(chain.from_iterable(passages))
        embedded = dict(zip(texts, await self._vectors.of_texts(choice, texts), strict=True))
        return [
            (scene, vector)
            for scene, of_scene in zip(scenes, passages, strict=True)
            for vector in passage_vectors(str(choice.engine), of_scene, embedded)
        ]

    async def _picture_vectors(
        self, scenes: Sequence[LackingScene], choice: EngineChoice
    ) -> list[tuple[LackingScene, IndexedVector]]:
        async with self._database.transaction() as tx:
            shots = await vector_queries.shots_of(tx, [scene.key for scene in scenes])
        with_keyframes: list[tuple[LackingScene, IndexedShot]] = []

        async def keyframes() -> AsyncGenerator[bytes]:
            for scene in scenes:
                whole = IndexedShot(0, scene.start_ms, scene.end_ms, scene.keyframe_key)
                for shot in shots.get(scene.key, [whole]):
                    try:
                        jpeg = await self._managed.get(shot.keyframe_key, max_bytes=_MAX_KEYFRAME_BYTES)
                    except ObjectNotFound:
                        continue
                    with_keyframes.append((scene, shot))
                    yield jpeg

        vectors = await self._vectors.of_pictures(choice, keyframes())
        engine = str(choice.engine)
        return [
            (scene, IndexedVector("PICTURE", engine, vector, shot.start_ms, shot.end_ms))
            for (scene, shot), vector in zip(with_keyframes, vectors, strict=True)
        ]

    async def _end(self, claim: ReindexClaim, state: str, message: str | None) -> None:
        async with self._database.transaction() as tx:
            await queries.end(tx, claim, state, message)
        _log.info("reindexing.ended", workspace=claim.workspace_id, state=state, reason=message)

    async def put_back(self, claim: ReindexClaim) -> None:
        """See `AttemptHandler`."""
        async with self._database.transaction() as tx:
            await queries.release(tx, claim)


@dataclass(frozen=True, slots=True)
class _TimedSummary:
    """Summary of a scene, with the time of the scene."""

    text: str
    start_ms: int
    end_ms: int


def _summary_of(scene: IndexedScene) -> _TimedSummary | None:
    return None if scene.summary is None else _TimedSummary(scene.summary.text, scene.start_ms, scene.end_ms)


class _Progress:
    """Progress in scenes, which is recorded for operators."""

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
