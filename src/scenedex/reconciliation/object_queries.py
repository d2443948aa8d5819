"""Statements about the objects that rows own and need, in the order of keys."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, LiteralString

from scenedex.analysis.output_files import STAGES_WITH_FILES, artefact_of, files_of
from scenedex.db.database import as_tuple

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping, Sequence
    from datetime import datetime

    from scenedex.db.database import Transaction
    from scenedex.storage.objects import ListedObject

_RESULTS_AT_ONCE: Final = 10


class ObjectRole(StrEnum):
    """ObjectRole of an object for the row that needs it."""

    COPY = "COPY"
    KEYFRAME = "KEYFRAME"
    THUMBNAIL = "THUMBNAIL"
    PICTURE = "PICTURE"
    OUTPUT = "OUTPUT"
    PROXY = "PROXY"


@dataclass(frozen=True, slots=True)
class Owner:
    """A row that owns a folder: the whole of it, or one object and the folders of keyframes in it."""

    prefix: str
    is_whole: bool
    key: str | None
    inner_prefix: str | None

    def owns(self, key: str) -> bool:
        """Return whether the row owns this object of the folder."""
        return self.is_whole or key == self.key or (self.inner_prefix is not None and key.startswith(self.inner_prefix))


@dataclass(frozen=True, slots=True)
class ErasureNote:
    """A folder that is noted for erasure, and the time of the note."""

    prefix: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Needed:
    """An object that a row needs, with its size and the SHA-256 of its bytes if they are known."""

    key: str
    role: ObjectRole
    row_id: int
    size_bytes: int | None = None
    content_hash: str | None = None

    def is_met_by(self, found: ListedObject) -> bool:
        """Return whether the object of that key can be the right one."""
        return self.size_bytes in {None, found.size_bytes}


# Keys sort by their bytes in all listings: COLLATE "C".
def owners(tx: Transaction) -> AsyncGenerator[Owner]:
    """Stream all rows with folders, sorted by folder."""
    return tx.stream(
        Owner,
        """
        SELECT prefix, is_whole, key, inner_prefix
        FROM (
            SELECT
                'assets/' || a.asset_id || '/' AS prefix,
                import_status = 'IN_PROGRESS' AS is_whole,
                managed_key AS key,
                'assets/' || a.asset_id || '/index-' || index_id || '/' AS inner_prefix
            FROM assets a
            LEFT JOIN indexes USING (asset_id)
            UNION ALL SELECT 'assets/' || asset_id || '/', false, object_key, NULL FROM proxies WHERE status = 'READY'
            UNION ALL SELECT 'uploads/' || asset_key || '/', true, NULL, NULL FROM uploads
            UNION ALL SELECT 'pictures/' || picture_key || '/', true, NULL, NULL FROM pictures
            UNION ALL SELECT folder || '/', true, NULL, NULL FROM stage_outputs
            UNION ALL SELECT folder || '/', true, NULL, NULL FROM person_thumbnails
        ) owner
        ORDER BY prefix COLLATE "C"
        """,
    )


def erasure_notes(tx: Transaction) -> AsyncGenerator[ErasureNote]:
    """Stream all folders that are noted for erasure, sorted."""
    return tx.stream(ErasureNote, 'SELECT prefix, created_time FROM erasures ORDER BY prefix COLLATE "C"')


def needed(tx: Transaction) -> AsyncGenerator[Needed]:
    """Stream all objects that rows name, sorted by key."""
    return tx.stream(
        _needed,
        """
        SELECT key, role, row_id, size_bytes, content_hash
        FROM (
            SELECT
                coalesce(managed_key, 'assets/' || asset_id || '/source') AS key,
                'COPY' AS role,
                asset_id AS row_id,
                size_bytes,
                content_hash
            FROM assets
            WHERE import_status = 'COMPLETED'
            UNION SELECT keyframe_key, 'KEYFRAME', index_id, NULL, NULL FROM shots
            UNION SELECT keyframe_key, 'KEYFRAME', index_id, NULL, NULL FROM scenes
            UNION
            SELECT poster_key, 'KEYFRAME', index_id, NULL, NULL FROM index_previews WHERE poster_key IS NOT NULL
            UNION SELECT object_key, 'PROXY', asset_id, size_bytes, NULL FROM proxies WHERE status = 'READY'
            UNION SELECT key, 'THUMBNAIL', thumbnail_id, NULL, NULL FROM person_thumbnails
            UNION
            SELECT object_key, 'PICTURE', picture_id, NULL, NULL
            FROM pictures
            WHERE state = 'COMPLETED' AND object_key IS NOT NULL
        ) needed
        ORDER BY key COLLATE "C"
        """,
    )


async def needed_of_outputs(tx: Transaction) -> AsyncGenerator[Needed]:
    """Stream all objects that the outputs of stages name, sorted by key, except keyframes that an index shows."""

    def stored(output_id: int, folder: str, stage: str, result: bytes, is_transient: bool) -> list[Needed]:  # noqa: FBT001  # a row
        files = artefact_of(stage) if is_transient else files_of(stage, result)
        return [Needed(f"{folder}/{name}", ObjectRole.OUTPUT, output_id) for name in sorted(set(files))]

    async for found in tx.stream(
        stored,
        """
        SELECT output_id, folder, stage, result, is_transient
        FROM stage_outputs o
        WHERE is_transient
        OR stage = ANY(%(stages)s)
        AND NOT EXISTS (SELECT FROM outputs_of_indexes u WHERE u.output_id = o.output_id)
        ORDER BY folder || '/' COLLATE "C"
        """,
        stages=list(STAGES_WITH_FILES),
        batch_size=_RESULTS_AT_ONCE,
    ):
        for one in found:
            yield one


async def owned_by_now(tx: Transaction, keys: Sequence[str]) -> set[str]:
    """Return the keys that a row owns or an erasure will delete. All given keys have the form of Scenedex' keys."""
    return set(
        await tx.all(
            str,
            """
            SELECT key
            FROM (
                SELECT
                    key,
                    split_part(key, '/', 1) AS root,
                    split_part(key, '/', 2) AS name,
                    regexp_replace(key, '/[^/]*$', '') AS folder
                FROM unnest(%(keys)s::text[]) AS asked (key)
            ) asked
            WHERE EXISTS (SELECT FROM erasures WHERE asked.key ^@ prefix)
            OR CASE root
                WHEN 'assets' THEN EXISTS (
                    SELECT FROM assets a LEFT JOIN indexes USING (asset_id)
                    WHERE a.asset_id = name::bigint AND (
                        import_status = 'IN_PROGRESS'
                        OR managed_key = asked.key
                        OR asked.key ^@ ('assets/' || a.asset_id || '/index-' || index_id || '/')
                        OR EXISTS (
                            SELECT FROM proxies x
                            WHERE x.asset_id = a.asset_id AND x.status = 'READY' AND x.object_key = asked.key
                        )
                    )
                )
                WHEN 'uploads' THEN EXISTS (SELECT FROM uploads WHERE asset_key = name)
                WHEN 'pictures' THEN EXISTS (SELECT FROM pictures WHERE picture_key = name)
                WHEN 'outputs' THEN EXISTS (SELECT FROM stage_outputs o WHERE o.folder = asked.folder)
                WHEN 'persons' THEN EXISTS (SELECT FROM person_thumbnails t WHERE t.folder = asked.folder)
                ELSE false
            END
            """,
            keys=list(keys),
        )
    )


_NAMES: Final[Mapping[ObjectRole, LiteralString]] = {
    ObjectRole.COPY: """
        SELECT asset_id, 'asset ' || asset_id || ' (' || file_name || ')'
        FROM assets
        WHERE asset_id = ANY(%(row_ids)s) AND import_status = 'COMPLETED'
    """,
    ObjectRole.KEYFRAME: """
        SELECT index_id, 'asset ' || asset_id || ' (' || file_name || ')'
        FROM indexes
        JOIN assets USING (asset_id)
        WHERE index_id = ANY(%(row_ids)s)
    """,
    ObjectRole.PROXY: """
        SELECT asset_id, 'asset ' || asset_id || ' (' || file_name || ')'
        FROM proxies
        JOIN assets USING (asset_id)
        WHERE asset_id = ANY(%(row_ids)s) AND status = 'READY'
    """,
    ObjectRole.THUMBNAIL: """
        SELECT thumbnail_id, 'person ' || person_id || ', thumbnail ' || thumbnail_id
        FROM person_thumbnails
        WHERE thumbnail_id = ANY(%(row_ids)s)
    """,
    ObjectRole.PICTURE: """
        SELECT picture_id, 'picture ' || picture_key
        FROM pictures
        WHERE picture_id = ANY(%(row_ids)s)
    """,
    ObjectRole.OUTPUT: """
        SELECT output_id, 'output ' || output_id || ' of ' || stage
        FROM stage_outputs
        WHERE output_id = ANY(%(row_ids)s)
    """,
}


async def still_needed(tx: Transaction, role: ObjectRole, row_ids: Sequence[int]) -> dict[int, str]:
    """Return a name for people of each of these rows that still exists."""
    return dict(await tx.all(as_tuple, _NAMES[role], row_ids=list(row_ids)))


async def schedule_erasures(tx: Transaction, folders: Sequence[str]) -> None:
    """Note folders for erasure."""
    await tx.run(
        "INSERT INTO erasures (prefix) SELECT folder || '/' FROM unnest(%(folders)s::text[]) AS folder",
        folders=list(folders),
    )


async def invalidate_outputs(tx: Transaction, folders: Sequence[str]) -> None:
    """Have the next analysis make the outputs with these folders again. An index that shows them keeps them."""
    await tx.run(
        "UPDATE stage_outputs SET address = 'lost-' || output_id WHERE folder = ANY(%(folders)s)", folders=list(folders)
    )


async def delete_outputs(tx: Transaction, output_ids: Sequence[int]) -> None:
    """Delete outputs, except those that an index shows by now."""
    await tx.run(
        """
        DELETE FROM stage_outputs o
        WHERE output_id = ANY(%(output_ids)s)
        AND NOT EXISTS (SELECT FROM outputs_of_indexes u WHERE u.output_id = o.output_id)
        """,
        output_ids=list(output_ids),
    )


async def fail_proxies(tx: Transaction, asset_ids: Sequence[int]) -> None:
    """Mark proxies as failed, so that they can be requested again. What is left of their files is noted for erasure."""
    await tx.run(
        """
        WITH failed AS (
            UPDATE proxies
            SET status = 'FAILED', reason = 'The file of the proxy is missing. Request it again.', updated_time = now()
            WHERE asset_id = ANY(%(asset_ids)s) AND status = 'READY'
            RETURNING object_key
        )
        INSERT INTO erasures (prefix) SELECT regexp_replace(object_key, '[^/]+$', '') FROM failed
        """,
        asset_ids=list(asset_ids),
    )


async def delete_pictures(tx: Transaction, picture_ids: Sequence[int]) -> None:
    """Delete uploaded pictures."""
    await tx.run("DELETE FROM pictures WHERE picture_id = ANY(%(picture_ids)s)", picture_ids=list(picture_ids))


async def is_being_written(tx: Transaction, key: str) -> bool:
    """Return whether a row expects this object to be written now."""
    return await tx.value(
        """
        SELECT
            EXISTS (SELECT FROM erasures WHERE %(key)s ^@ prefix AND not_before > now())
            OR EXISTS (
                SELECT FROM assets
                WHERE asset_id::text = split_part(%(key)s, '/', 2) AND %(key)s ^@ 'assets/'
                AND import_status = 'IN_PROGRESS'
            )
            OR EXISTS (
                SELECT FROM uploads
                WHERE %(key)s ^@ ('uploads/' || asset_key || '/') AND state IN ('OPEN', 'RECEIVING')
            )
            OR EXISTS (
                SELECT FROM pictures
                WHERE %(key)s ^@ ('pictures/' || picture_key || '/') AND state NOT IN ('COMPLETED', 'FAILED')
            )
        """,
        key=key,
    )


def _needed(key: str, role: str, row_id: int, size_bytes: int | None, content_hash: str | None) -> Needed:
    return Needed(key, ObjectRole(role), row_id, size_bytes, content_hash)
