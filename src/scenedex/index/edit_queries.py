"""The statements that change what an index says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.index.queries import SPEAKER, SPEAKING
from scenedex.index.records import IndexedSpeaker

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from scenedex.db.database import Transaction
    from scenedex.persons.records import PersonId


async def hold_asset(tx: Transaction, asset_id: int) -> int | None:
    """The workspace of an asset; all from there down stays until the end of the transaction. None: it has gone.

    Who removes any of it locks it first and persons then, so that an edit takes the locks in the same order.
    """
    return await tx.value(
        "SELECT w.workspace_id FROM workspaces w JOIN projects p USING (workspace_id) JOIN assets a USING (project_id)"
        " WHERE a.asset_id = %s FOR KEY SHARE OF w, p, a",
        asset_id,
    )


async def current_index(tx: Transaction, asset_id: int) -> int | None:
    """The index of an asset."""
    return await tx.value("SELECT index_id FROM indexes WHERE asset_id = %s", asset_id)


async def note_edit(tx: Transaction, index_id: int, user_name: str) -> datetime | None:
    """Count an edit, and keep others from this index until the end of the transaction; None: it has gone.

    The time is that of the edit, not of the transaction's start, so that of two edits the later one has the later time.
    """
    return await tx.value(
        "UPDATE indexes SET edit_count = edit_count + 1, updated_user_name = %s, updated_time = clock_timestamp()"
        " WHERE index_id = %s RETURNING updated_time",
        user_name,
        index_id,
    )


async def has_scene(tx: Transaction, index_id: int, scene_id: int) -> bool:
    """Whether an index has this scene."""
    return await tx.value(
        "SELECT EXISTS (SELECT FROM scenes WHERE index_id = %s AND scene_id = %s)", index_id, scene_id
    )


async def is_seen(tx: Transaction, index_id: int, scene_id: int, person_id: int) -> bool:
    """Whether a scene shows this person, as of today."""
    return await tx.value(
        "SELECT EXISTS (SELECT FROM appearances seen JOIN persons origin USING (person_id)"
        " WHERE seen.index_id = %s AND seen.scene_id = %s AND origin.root_id = %s)",
        index_id,
        scene_id,
        person_id,
    )


async def correct_script(
    tx: Transaction, index_id: int, script_id: int, *, text: str | None, label: str | None
) -> str | None:
    """Another text or label of a speaker, where given, for a line; the former label, or None: no such line."""
    return await tx.value(
        "UPDATE scripts s SET text = coalesce(%s, s.text), speaker = coalesce(%s, s.speaker)"
        " FROM scripts former WHERE s.index_id = %s AND s.script_id = %s"
        " AND former.index_id = s.index_id AND former.script_id = s.script_id RETURNING former.speaker",
        text,
        label,
        index_id,
        script_id,
    )


async def scene_of_script(tx: Transaction, index_id: int, script_id: int) -> int | None:
    """The scene in which a line is said."""
    return await tx.value("SELECT scene_id FROM scripts WHERE index_id = %s AND script_id = %s", index_id, script_id)


async def speakers_of(tx: Transaction, index_id: int) -> list[IndexedSpeaker]:
    """The speakers of an index; whoever is shown under one name is one speaker."""

    def speaker(shown: str, person_id: int | None, labels: list[str], scripts: int) -> IndexedSpeaker:
        return IndexedSpeaker(shown, tuple(labels), person_id, scripts)

    return await tx.all(
        speaker,
        f"SELECT {SPEAKER}, max(person.person_id), array_agg(DISTINCT s.speaker ORDER BY s.speaker), count(*)"
        f" FROM {SPEAKING} WHERE s.index_id = %s GROUP BY 1 ORDER BY 1",
        index_id,
    )


async def rename_speaker(tx: Transaction, index_id: int, labels: Sequence[str], name: str) -> None:
    """Another label for all lines of these."""
    await tx.run(
        "UPDATE scripts SET speaker = %s WHERE index_id = %s AND speaker = ANY(%s)", name, index_id, list(labels)
    )


async def unlink_speaker(tx: Transaction, index_id: int, labels: Sequence[str]) -> None:
    """Let these labels be nobody's."""
    await tx.run("DELETE FROM persons_of_speakers WHERE index_id = %s AND speaker = ANY(%s)", index_id, list(labels))


async def link_speaker(tx: Transaction, index_id: int, labels: Sequence[str], person: PersonId) -> None:
    """Let these labels, which are nobody's, be a person's."""
    await tx.run(
        "INSERT INTO persons_of_speakers (index_id, speaker, person_id)"
        " SELECT %s, label, %s FROM unnest(%s::text[]) label",
        index_id,
        person,
        list(labels),
    )


async def forget_silent_speaker(tx: Transaction, index_id: int, label: str) -> None:
    """Without lines a speaker is nobody's."""
    await tx.run(
        "DELETE FROM persons_of_speakers l WHERE index_id = %s AND speaker = %s AND NOT EXISTS"
        " (SELECT FROM scripts s WHERE s.index_id = l.index_id AND s.speaker = l.speaker)",
        index_id,
        label,
    )
