"""Comparing managed storage with the rows that own and need its objects, in one pass and constant memory.

A finding is looked up again before it counts, since listing and rows are of different moments.
"""

from __future__ import annotations

import re
from collections import defaultdict
from contextlib import AsyncExitStack, aclosing
from typing import TYPE_CHECKING, Final

from scenedex.assets.content import content_hash
from scenedex.reconciliation import object_queries as queries
from scenedex.reconciliation.folders import Folders, Needs
from scenedex.reconciliation.object_queries import ObjectRole
from scenedex.reconciliation.ownership import MARK
from scenedex.reconciliation.records import FindingKind
from scenedex.storage.errors import ObjectNotFound

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence
    from typing import TypeVar

    from scenedex.db.database import Database
    from scenedex.reconciliation.object_queries import ErasureNote, Needed, Owner
    from scenedex.reconciliation.records import ReconcileOptions, Report
    from scenedex.storage.objects import ListedObject
    from scenedex.storage.store import ManagedStore

    T = TypeVar("T")

_LOOKUP_BATCH: Final = 500
_OURS: Final = re.compile(
    r"assets/[0-9]{1,18}/.+|uploads/[0-9a-f]{32}/.+|pictures/[0-9a-f]{32}/.+"
    r"|(?:outputs|persons)/[0-9]{1,18}/[0-9a-f]{32}/[^/]+|trials/[0-9a-f]{32}"
)
_MISSING: Final = {role: FindingKind[f"MISSING_{role}"] for role in ObjectRole}


class Objects:
    """Compares the objects of managed storage with the rows, and adds findings to a report."""

    def __init__(self, database: Database, managed: ManagedStore, options: ReconcileOptions, report: Report) -> None:
        self._database = database
        self._managed = managed
        self._options = options
        self._report = report
        self._odd: list[tuple[ListedObject, bool]] = []
        self._missed: list[Needed] = []

    async def compare(self) -> None:
        """Count findings, and repair them if the options say so."""
        async with self._database.snapshot() as tx, AsyncExitStack() as streams:

            async def open_(stream: AsyncGenerator[T]) -> AsyncGenerator[T]:
                return await streams.enter_async_context(aclosing(stream))

            owners = Folders(await open_(queries.owners(tx)))
            notes = Folders(await open_(queries.erasure_notes(tx)))
            needs = [Needs(await open_(queries.needed(tx))), Needs(await open_(queries.needed_of_outputs(tx)))]
            async for found in await open_(self._managed.list()):
                for need in needs:
                    await self._note_unmet(need, found)
                await self._judge(found, await owners.around(found.key), await notes.around(found.key))
            for need in needs:
                await self._note_unmet(need, None)
        await self._look_up_odd()
        await self._look_up_missed()
        if self._options.is_deep:
            await self._read_copies()

    async def _note_unmet(self, needs: Needs, found: ListedObject | None) -> None:
        async for need in needs.unmet(found):
            self._missed.append(need)
            if len(self._missed) >= _LOOKUP_BATCH:
                await self._look_up_missed()

    async def _judge(self, found: ListedObject, owners: Sequence[Owner], notes: Sequence[ErasureNote]) -> None:
        self._report.objects += 1
        self._report.size_bytes += found.size_bytes
        if found.key == MARK:
            return
        if notes:
            self._report.pending.add(found.size_bytes, min(note.since for note in notes))
        elif found.modified < self._options.cutoff and not any(owner.owns(found.key) for owner in owners):
            self._odd.append((found, bool(owners)))
            if len(self._odd) >= _LOOKUP_BATCH:
                await self._look_up_odd()

    async def _look_up_odd(self) -> None:
        """Count objects without a row. In a repair, delete those in the folder of a row, and the folders of others."""
        odd, self._odd = self._odd, []
        ours: list[tuple[ListedObject, bool]] = []
        for found, has_row in odd:
            if _OURS.fullmatch(found.key):
                ours.append((found, has_row))
            else:
                self._report.tallies[FindingKind.FOREIGN_OBJECT].add(found.key)
        if not ours:
            return
        async with self._database.transaction() as tx:
            owned = await queries.owned_by_now(tx, [found.key for found, _ in ours])
            orphans = [(found, has_row) for found, has_row in ours if found.key not in owned]
            if self._options.repair:
                folders = dict.fromkeys(_folder(found.key) for found, has_row in orphans if not has_row)
                await queries.schedule_erasures(tx, list(folders))
        for found, has_row in orphans:
            if self._options.repair and has_row:
                await self._managed.delete(found.key)
            example = f"{found.key} ({found.size_bytes} bytes, {found.modified:%Y-%m-%d %H:%M})"
            self._report.tallies[FindingKind.ORPHANED_OBJECT].add(example, repaired=self._options.repair)

    async def _look_up_missed(self) -> None:
        missed, self._missed = self._missed, []
        by_role: defaultdict[ObjectRole, list[Needed]] = defaultdict(list)
        for need in missed:
            by_role[need.role].append(need)
        for role, needs in by_role.items():
            async with self._database.transaction() as tx:
                names = await queries.still_needed(tx, role, list({need.row_id for need in needs}))
            missing = [need for need in needs if need.row_id in names and not await self._exists(need)]
            is_repaired = self._options.repair and await self._repair(role, missing)
            for need in missing:
                self._report.tallies[_MISSING[role]].add(f"{names[need.row_id]}: {need.key}", repaired=is_repaired)

    async def _exists(self, need: Needed) -> bool:
        try:
            info = await self._managed.head(need.key)
        except ObjectNotFound:
            return False
        return need.size_bytes in {None, info.size_bytes}

    async def _repair(self, role: ObjectRole, missing: Sequence[Needed]) -> bool:
        """Delete rows that are useless without their object. Return whether that repairs the findings."""
        row_ids = list({need.row_id for need in missing})
        async with self._database.transaction() as tx:
            match role:
                case ObjectRole.OUTPUT:
                    await queries.delete_outputs(tx, row_ids)
                    return True
                case ObjectRole.PICTURE:
                    await queries.delete_pictures(tx, row_ids)
                    return True
                case ObjectRole.PROXY:
                    await queries.fail_proxies(tx, row_ids)
                    return True
                case ObjectRole.KEYFRAME:
                    await queries.invalidate_outputs(tx, list({_folder(need.key) for need in missing}))
                    return False
                case ObjectRole.COPY | ObjectRole.THUMBNAIL:
                    return False

    async def _read_copies(self) -> None:
        async with self._database.snapshot() as tx, aclosing(queries.needed(tx)) as all_needed:
            async for need in all_needed:
                if need.content_hash is not None:
                    await self._read_copy(need, need.content_hash)

    async def _read_copy(self, need: Needed, expected: str) -> None:
        try:
            found = await content_hash(self._managed, need.key)
        except ObjectNotFound:
            return  # counted as missing, or deleted since
        if found != expected:
            async with self._database.transaction() as tx:
                names = await queries.still_needed(tx, need.role, [need.row_id])
            for name in names.values():
                self._report.tallies[FindingKind.ALTERED_COPY].add(f"{name}: {need.key}")


def _folder(key: str) -> str:
    return key.rpartition("/")[0]
