"""Which rows own and need objects: in the order of keys, row by row, and looked up again where something is odd."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, LiteralString

from scenedex.analysis.output_files import STAGES_WITH_FILES, artefact_of, files_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence
    from datetime import datetime

    from scenedex.db.database import Transaction
    from scenedex.storage.objects import ListedObject

# The letters of keys sort as their bytes do.
_IN_ORDER: LiteralString = 'COLLATE "C"'
_RESULTS_AT_ONCE: Final = 10


class Role(StrEnum):
    """What an object is to the row that needs it."""

    COPY = "COPY"
    KEYFRAME = "KEYFRAME"
    THUMBNAIL = "THUMBNAIL"
    PICTURE = "PICTURE"
    OUTPUT = "OUTPUT"


@dataclass(frozen=True, slots=True)
class Owner:
    """A row to which a folder belongs: all of it, or one object and the folders of keyframes in it."""

    prefix: str
    is_whole: bool
    key: str | None
    inner_prefix: str | None

    def owns(self, key: str) -> bool:
        """Whether an object of the folder is the row's."""
        return self.is_whole or key == self.key or (self.inner_prefix is not None and key.startswith(self.inner_prefix))


@dataclass(frozen=True, slots=True)
class Note:
    """A folder to be erased, and since when this is known."""

    prefix: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Needed:
    """An object that a row needs, with its size and the SHA-256 of its bytes where they are known."""

    key: str
    role: Role
    row_id: int
    size_bytes: int | None = None
    content_hash: str | None = None

    def is_met_by(self, found: ListedObject) -> bool:
        """Whether the object of that key can be the one."""
        return self.size_bytes in {None, found.size_bytes}


def owners(tx: Transaction) -> AsyncGenerator[Owner]:
    """All rows with folders, in the order of these."""
    return tx.stream(
        Owner,
        "SELECT * FROM ("
        "SELECT 'assets/' || a.asset_id || '/' AS prefix, import_status = 'IN_PROGRESS', managed_key,"
        " 'assets/' || a.asset_id || '/index-' || index_id || '/'"
        " FROM assets a LEFT JOIN indexes USING (asset_id)"
        " UNION ALL SELECT 'uploads/' || asset_key || '/', true, NULL, NULL FROM uploads"
        " UNION ALL SELECT 'pictures/' || picture_key || '/', true, NULL, NULL FROM pictures"
        " UNION ALL SELECT folder || '/', true, NULL, NULL FROM stage_outputs"
        " UNION ALL SELECT folder || '/', true, NULL, NULL FROM person_thumbnails"
        f") owner ORDER BY prefix {_IN_ORDER}",
    )


def notes(tx: Transaction) -> AsyncGenerator[Note]:
    """All folders to be erased, in their order."""
    return tx.stream(Note, f"SELECT prefix, created_time FROM erasures ORDER BY prefix {_IN_ORDER}")


def needed(tx: Transaction) -> AsyncGenerator[Needed]:
    """All objects that rows name, in the order of keys."""
    return tx.stream(
        _needed,
        "SELECT * FROM ("
        "SELECT coalesce(managed_key, 'assets/' || asset_id || '/source') AS key, 'COPY', asset_id AS row_id,"
        " size_bytes, content_hash FROM assets WHERE import_status = 'COMPLETED'"
        " UNION SELECT keyframe_key, 'KEYFRAME', index_id, NULL, NULL FROM shots"
        " UNION SELECT keyframe_key, 'KEYFRAME', index_id, NULL, NULL FROM scenes"
        " UNION SELECT key, 'THUMBNAIL', thumbnail_id, NULL, NULL FROM person_thumbnails"
        " UNION SELECT object_key, 'PICTURE', picture_id, NULL, NULL FROM pictures"
        " WHERE state = 'COMPLETED' AND object_key IS NOT NULL"
        f") needed ORDER BY key {_IN_ORDER}",
    )


async def needed_of_outputs(tx: Transaction) -> AsyncGenerator[Needed]:
    """All objects that the results of stages name, in the order of keys, but for keyframes that an index shows."""

    def stored(output_id: int, folder: str, stage: str, result: bytes, is_transient: bool) -> list[Needed]:  # noqa: FBT001  # a row
        files = artefact_of(stage) if is_transient else files_of(stage, result)
        return [Needed(f"{folder}/{name}", Role.OUTPUT, output_id) for name in sorted(set(files))]

    async for found in tx.stream(
        stored,
        "SELECT output_id, folder, stage, result, is_transient FROM stage_outputs o"
        " WHERE is_transient OR (stage = ANY(%s)"
        " AND NOT EXISTS (SELECT FROM outputs_of_indexes u WHERE u.output_id = o.output_id))"
        f" ORDER BY folder || '/' {_IN_ORDER}",
        list(STAGES_WITH_FILES),
        batch_size=_RESULTS_AT_ONCE,
    ):
        for one in found:
            yield one


async def owned_by_now(tx: Transaction, keys: Sequence[str]) -> set[str]:
    """Which of these objects, whose keys are of our forms, have a row or are to be erased."""
    return set(
        await tx.all(
            str,
            "SELECT key FROM (SELECT key, split_part(key, '/', 1) AS root, split_part(key, '/', 2) AS name,"
            " regexp_replace(key, '/[^/]*$', '') AS folder FROM unnest(%s::text[]) AS asked (key)) asked"
            " WHERE EXISTS (SELECT FROM erasures WHERE asked.key ^@ prefix) OR CASE root"
            " WHEN 'assets' THEN EXISTS (SELECT FROM assets a LEFT JOIN indexes USING (asset_id)"
            " WHERE a.asset_id = name::bigint AND (import_status = 'IN_PROGRESS' OR managed_key = asked.key"
            " OR asked.key ^@ ('assets/' || a.asset_id || '/index-' || index_id || '/')))"
            " WHEN 'uploads' THEN EXISTS (SELECT FROM uploads WHERE asset_key = name)"
            " WHEN 'pictures' THEN EXISTS (SELECT FROM pictures WHERE picture_key = name)"
            " WHEN 'outputs' THEN EXISTS (SELECT FROM stage_outputs o WHERE o.folder = asked.folder)"
            " WHEN 'persons' THEN EXISTS (SELECT FROM person_thumbnails t WHERE t.folder = asked.folder)"
            " ELSE false END",
            list(keys),
        )
    )


async def still_needed(tx: Transaction, role: Role, row_ids: Sequence[int]) -> dict[int, str]:
    """Which of these rows are still there, each with what a person knows it by."""
    statement: LiteralString
    match role:
        case Role.COPY:
            statement = (
                "SELECT asset_id, 'asset ' || asset_id || ' (' || file_name || ')' FROM assets"
                " WHERE asset_id = ANY(%s) AND import_status = 'COMPLETED'"
            )
        case Role.KEYFRAME:
            statement = (
                "SELECT index_id, 'asset ' || asset_id || ' (' || file_name || ')'"
                " FROM indexes JOIN assets USING (asset_id) WHERE index_id = ANY(%s)"
            )
        case Role.THUMBNAIL:
            statement = (
                "SELECT thumbnail_id, 'person ' || person_id || ', thumbnail ' || thumbnail_id"
                " FROM person_thumbnails WHERE thumbnail_id = ANY(%s)"
            )
        case Role.PICTURE:
            statement = "SELECT picture_id, 'picture ' || picture_key FROM pictures WHERE picture_id = ANY(%s)"
        case Role.OUTPUT:
            statement = (
                "SELECT output_id, 'output ' || output_id || ' of ' || stage FROM stage_outputs"
                " WHERE output_id = ANY(%s)"
            )
    return dict(await tx.all(_pair, statement, list(row_ids)))


async def have_erased(tx: Transaction, folders: Sequence[str]) -> None:
    """Note folders to be erased."""
    await tx.run("INSERT INTO erasures (prefix) SELECT folder || '/' FROM unnest(%s::text[]) AS folder", list(folders))


async def have_made_again(tx: Transaction, folders: Sequence[str]) -> None:
    """Let the next analysis make anew what the outputs with these folders hold; an index that shows it keeps it."""
    await tx.run("UPDATE stage_outputs SET address = 'lost-' || output_id WHERE folder = ANY(%s)", list(folders))


async def forget_outputs(tx: Transaction, output_ids: Sequence[int]) -> None:
    """Remove outputs, but for those that an index has begun to show."""
    await tx.run(
        "DELETE FROM stage_outputs o WHERE output_id = ANY(%s)"
        " AND NOT EXISTS (SELECT FROM outputs_of_indexes u WHERE u.output_id = o.output_id)",
        list(output_ids),
    )


async def forget_pictures(tx: Transaction, picture_ids: Sequence[int]) -> None:
    """Remove uploaded pictures."""
    await tx.run("DELETE FROM pictures WHERE picture_id = ANY(%s)", list(picture_ids))


async def is_being_written(tx: Transaction, key: str) -> bool:
    """Whether a row says that this object of ours may be on its way."""
    return await tx.value(
        "SELECT EXISTS (SELECT FROM erasures WHERE %s ^@ prefix AND not_before > now())"
        " OR EXISTS (SELECT FROM assets WHERE asset_id::text = split_part(%s, '/', 2) AND %s ^@ 'assets/'"
        " AND import_status = 'IN_PROGRESS')"
        " OR EXISTS (SELECT FROM uploads WHERE %s ^@ ('uploads/' || asset_key || '/')"
        " AND state IN ('OPEN', 'RECEIVING'))"
        " OR EXISTS (SELECT FROM pictures WHERE %s ^@ ('pictures/' || picture_key || '/')"
        " AND state NOT IN ('COMPLETED', 'FAILED'))",
        key,
        key,
        key,
        key,
        key,
    )


def _needed(key: str, role: str, row_id: int, size_bytes: int | None, content_hash: str | None) -> Needed:
    return Needed(key, Role(role), row_id, size_bytes, content_hash)


def _pair(row_id: int, name: str) -> tuple[int, str]:
    return row_id, name
