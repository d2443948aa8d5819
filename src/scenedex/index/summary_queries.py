"""Statements about the published summaries of scenes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scenedex.db.database import as_tuple
from scenedex.index.records import IndexedSentence, IndexedSummary
from scenedex.index.summary_records import LastSummary, SummarisedScene

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scenedex.db.database import Transaction
    from scenedex.index.records import LocaleName, SceneKey


async def touch_index(tx: Transaction, index_id: int) -> bool:
    """Lock an index and give it another revision. Return `False` if there is none."""
    changed = await tx.run(
        "UPDATE indexes SET duration_ms = duration_ms WHERE index_id = %(index_id)s", index_id=index_id
    )
    return changed > 0


async def replace(tx: Transaction, index_id: int, summaries: Mapping[int, IndexedSummary]) -> None:
    """Write the summary of each scene id, in place of a former one."""
    await tx.run_many(
        """
        INSERT INTO scene_summaries (index_id, scene_id, text, locale, sentences, engine, model, prompt_version)
        VALUES (
            %(index_id)s, %(scene_id)s, %(text)s, %(locale)s, %(sentences)s, %(engine)s, %(model)s, %(prompt_version)s
        )
        ON CONFLICT (index_id, scene_id) DO UPDATE
        SET text = excluded.text, locale = excluded.locale, sentences = excluded.sentences, engine = excluded.engine,
            model = excluded.model, prompt_version = excluded.prompt_version
        """,
        [
            {
                "index_id": index_id,
                "scene_id": scene_id,
                "text": one.text,
                "locale": one.locale,
                "sentences": msgspec.json.encode(one.sentences).decode(),
                "engine": one.engine,
                "model": one.model,
                "prompt_version": one.prompt_version,
            }
            for scene_id, one in summaries.items()
        ],
    )


async def set_last_run(tx: Transaction, index_id: int, locale: LocaleName, scene_ids: Sequence[int] | None) -> None:
    """Record a completed run, of all scenes or of some."""
    await tx.run(
        """
        INSERT INTO index_summaries (index_id, locale, scene_ids, summarised_time)
        VALUES (%(index_id)s, %(locale)s, %(scene_ids)s::integer[], clock_timestamp())
        ON CONFLICT (index_id) DO UPDATE
        SET locale = excluded.locale, scene_ids = excluded.scene_ids, summarised_time = excluded.summarised_time
        """,
        index_id=index_id,
        locale=locale,
        scene_ids=None if scene_ids is None else list(scene_ids),
    )


async def last_run(tx: Transaction, asset_id: int) -> LastSummary | None:
    """Return the last completed run of the index of an asset."""
    return await tx.one(
        LastSummary,
        """
        SELECT index_id, summarised_time, scene_ids
        FROM index_summaries
        JOIN indexes USING (index_id)
        WHERE asset_id = %(asset_id)s
        """,
        asset_id=asset_id,
    )


async def summarised(tx: Transaction, index_id: int) -> list[SummarisedScene]:
    """Return the scenes of an index that have a summary, in order of time."""

    def scene(  # one argument for each column
        scene_id: int,
        start_ms: int,
        end_ms: int,
        text: str,
        locale: LocaleName,
        sentences: str,
        engine: str,
        model: str | None,
        prompt_version: str | None,
    ) -> SummarisedScene:
        shown = msgspec.json.decode(sentences, type=tuple[IndexedSentence, ...])
        summary = IndexedSummary(text, locale, shown, engine, model, prompt_version)
        return SummarisedScene(scene_id, start_ms, end_ms, summary)

    return await tx.all(
        scene,
        """
        SELECT scene_id, start_ms, end_ms, text, locale, sentences::text, engine, model, prompt_version
        FROM scene_summaries
        JOIN scenes USING (index_id, scene_id)
        WHERE index_id = %(index_id)s
        ORDER BY scene_id
        """,
        index_id=index_id,
    )


async def scenes_of_persons(tx: Transaction, person_ids: Sequence[int]) -> list[SceneKey]:
    """Return the scenes in which persons appear, or in which speakers that are linked to them have a line."""
    return await tx.all(
        as_tuple,
        """
        SELECT index_id, scene_id
        FROM appearances
        WHERE person_id = ANY(%(person_ids)s)
        UNION
        SELECT index_id, scene_id
        FROM persons_of_speakers
        JOIN scripts USING (index_id, speaker)
        WHERE person_id = ANY(%(person_ids)s)
        """,
        person_ids=list(person_ids),
    )


async def delete(tx: Transaction, scenes: Sequence[SceneKey]) -> list[SceneKey]:
    """Delete the summaries of scenes. Return the scenes that had one."""
    return await tx.all(
        as_tuple,
        """
        DELETE FROM scene_summaries
        WHERE (index_id, scene_id) IN (SELECT * FROM unnest(%(index_ids)s::bigint[], %(scene_ids)s::integer[]))
        RETURNING index_id, scene_id
        """,
        index_ids=[index_id for index_id, _ in scenes],
        scene_ids=[scene_id for _, scene_id in scenes],
    )
