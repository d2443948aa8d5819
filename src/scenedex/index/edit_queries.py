"""Statements that change the content of an index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.db.database import as_tuple
from scenedex.index.records import IndexedSpeaker

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from scenedex.db.database import Transaction
    from scenedex.persons.records import PersonId


async def lock_asset(tx: Transaction, asset_id: int) -> int | None:
    """Lock an asset, its project and its workspace. Return the id of the workspace, or `None` if any is deleted.

    A deletion locks its rows first and persons then. An edit takes the locks in the same order.
    """
    return await tx.value(
        """
        SELECT w.workspace_id
        FROM workspaces w
        JOIN projects p USING (workspace_id)
        JOIN assets a USING (project_id)
        WHERE a.asset_id = %(asset_id)s
        FOR KEY SHARE OF w, p, a
        """,
        asset_id=asset_id,
    )


async def current_index(tx: Transaction, asset_id: int) -> int | None:
    """Return the id of the index of an asset."""
    return await tx.value("SELECT index_id FROM indexes WHERE asset_id = %(asset_id)s", asset_id=asset_id)


async def record_edit(tx: Transaction, index_id: int, user_name: str) -> datetime | None:
    """Count an edit and lock the index. Return the time of the edit, or `None` if the index is deleted.

    The time is not the start of the transaction, so that the later of two edits has the later time.
    """
    return await tx.value(
        """
        UPDATE indexes
        SET edit_count = edit_count + 1, updated_user_name = %(user_name)s, updated_time = clock_timestamp()
        WHERE index_id = %(index_id)s
        RETURNING updated_time
        """,
        index_id=index_id,
        user_name=user_name,
    )


async def has_scene(tx: Transaction, index_id: int, scene_id: int) -> bool:
    """Return whether an index has a scene."""
    return await tx.value(
        "SELECT EXISTS (SELECT FROM scenes WHERE index_id = %(index_id)s AND scene_id = %(scene_id)s)",
        index_id=index_id,
        scene_id=scene_id,
    )


async def has_person(tx: Transaction, index_id: int, scene_id: int, person_id: int) -> bool:
    """Return whether a person, or one merged into that person, appears in a scene."""
    return await tx.value(
        """
        SELECT EXISTS (
            SELECT
            FROM appearances seen
            JOIN persons origin USING (person_id)
            WHERE seen.index_id = %(index_id)s AND seen.scene_id = %(scene_id)s AND origin.root_id = %(person_id)s
        )
        """,
        index_id=index_id,
        scene_id=scene_id,
        person_id=person_id,
    )


async def correct_script(
    tx: Transaction, index_id: int, script_id: int, *, text: str | None, label: str | None
) -> tuple[int, str] | None:
    """Change the text or the label of the speaker of a script, if given.

    Return its scene and its former label, or `None` if there is no such script.
    """
    return await tx.one(
        as_tuple,
        """
        UPDATE scripts s
        SET text = coalesce(%(text)s, s.text), speaker = coalesce(%(label)s, s.speaker),
            is_rough = s.is_rough AND %(text)s::text IS NULL,
            words = CASE WHEN %(text)s::text IS NULL THEN s.words ELSE '[]' END
        FROM scripts former
        WHERE s.index_id = %(index_id)s AND s.script_id = %(script_id)s
            AND former.index_id = s.index_id AND former.script_id = s.script_id
        RETURNING s.scene_id, former.speaker
        """,
        text=text,
        label=label,
        index_id=index_id,
        script_id=script_id,
    )


async def speakers_of(tx: Transaction, index_id: int) -> list[IndexedSpeaker]:
    """Return the speakers of an index. Labels that are shown by one name are one speaker."""
    return await tx.all(
        IndexedSpeaker,
        """
        SELECT coalesce(person.name, s.speaker), array_agg(DISTINCT s.speaker ORDER BY s.speaker),
            max(person.person_id), count(*)
        FROM scripts s
        LEFT JOIN persons_of_speakers USING (index_id, speaker)
        LEFT JOIN persons linked USING (person_id)
        LEFT JOIN persons person ON person.person_id = linked.root_id AND person.deleted_time IS NULL
        WHERE index_id = %(index_id)s
        GROUP BY 1
        ORDER BY 1
        """,
        index_id=index_id,
    )


async def rename_speaker(tx: Transaction, index_id: int, labels: Sequence[str], name: str) -> None:
    """Replace labels of speakers by another label."""
    await tx.run(
        "UPDATE scripts SET speaker = %(name)s WHERE index_id = %(index_id)s AND speaker = ANY(%(labels)s)",
        name=name,
        index_id=index_id,
        labels=list(labels),
    )


async def unlink_speaker(tx: Transaction, index_id: int, labels: Sequence[str]) -> None:
    """Remove the links of labels to persons."""
    await tx.run(
        "DELETE FROM persons_of_speakers WHERE index_id = %(index_id)s AND speaker = ANY(%(labels)s)",
        index_id=index_id,
        labels=list(labels),
    )


async def link_speaker(tx: Transaction, index_id: int, labels: Sequence[str], person: PersonId) -> None:
    """Link labels that have no link to a person."""
    await tx.run(
        """
        INSERT INTO persons_of_speakers (index_id, speaker, person_id)
        SELECT %(index_id)s, label, %(person_id)s
        FROM unnest(%(labels)s::text[]) label
        """,
        index_id=index_id,
        person_id=person,
        labels=list(labels),
    )


async def unlink_silent_speaker(tx: Transaction, index_id: int, label: str) -> None:
    """Remove the link of a label to a person if the label has no scripts."""
    await tx.run(
        """
        DELETE FROM persons_of_speakers l
        WHERE index_id = %(index_id)s AND speaker = %(label)s
            AND NOT EXISTS (SELECT FROM scripts s WHERE s.index_id = l.index_id AND s.speaker = l.speaker)
        """,
        index_id=index_id,
        label=label,
    )
