"""Managed storage against the rows that own and need its objects, in one pass over both and in constant memory.

What looks wrong is looked up again before it counts: the listing and the rows are not of one moment.
"""

from __future__ import annotations

import re
from collections import defaultdict
from contextlib import AsyncExitStack, aclosing
from typing import TYPE_CHECKING, Final

from scenedex.analysis.content import content_hash
from scenedex.reconciling import object_queries as queries
from scenedex.reconciling.folders import Folders, Needs
from scenedex.reconciling.object_queries import Role
from scenedex.reconciling.ownership import MARK
from scenedex.reconciling.records import Kind
from scenedex.storage.errors import ObjectNotFound

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence
    from typing import TypeVar

    from scenedex.db.database import Database
    from scenedex.reconciling.object_queries import Needed, Note, Owner
    from scenedex.reconciling.records import Options, Report
    from scenedex.storage.objects import ListedObject
    from scenedex.storage.store import ManagedStore

    T = TypeVar("T")

_LOOKED_UP_AT_ONCE: Final = 500
_OURS: Final = re.compile(
    r"assets/[0-9]{1,18}/.+|uploads/[0-9a-f]{32}/.+|pictures/[0-9a-f]{32}/.+"
    r"|(?:outputs|persons)/[0-9]{1,18}/[0-9a-f]{32}/[^/]+|trials/[0-9a-f]{32}"
)
_MISSING: Final = {
    Role.COPY: Kind.MISSING_COPY,
    Role.KEYFRAME: Kind.MISSING_KEYFRAME,
    Role.THUMBNAIL: Kind.MISSING_THUMBNAIL,
    Role.PICTURE: Kind.MISSING_PICTURE,
    Role.OUTPUT: Kind.MISSING_OUTPUT,
}


class Objects:
    """Compares the objects of managed storage with the rows.

    Args:
        database: where the rows are.
        managed: where the objects are.
        options: how to look.
        report: where findings are counted.
    """

    def __init__(self, database: Database, managed: ManagedStore, options: Options, report: Report) -> None:
        self._database = database
        self._managed = managed
        self._options = options
        self._report = report
        self._odd: list[tuple[ListedObject, bool]] = []
        self._missed: list[Needed] = []

    async def compare(self) -> None:
        """Count what does not fit, and mend it where that is wanted."""
        async with self._database.snapshot() as tx, AsyncExitStack() as streams:

            async def open_(stream: AsyncGenerator[T]) -> AsyncGenerator[T]:
                return await streams.enter_async_context(aclosing(stream))

            owners = Folders(await open_(queries.owners(tx)))
            notes = Folders(await open_(queries.notes(tx)))
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

    async def _note_unmet(self, needs: Needs[Needed], found: ListedObject | None) -> None:
        async for need in needs.unmet(found):
            self._missed.append(need)
            if len(self._missed) >= _LOOKED_UP_AT_ONCE:
                await self._look_up_missed()

    async def _judge(self, found: ListedObject, owners: Sequence[Owner], notes: Sequence[Note]) -> None:
        self._report.objects += 1
        self._report.size_bytes += found.size_bytes
        if found.key == MARK:
            return
        if notes:
            self._report.going.add(found.size_bytes, min(note.since for note in notes))
        elif found.modified < self._options.cutoff and not any(owner.owns(found.key) for owner in owners):
            self._odd.append((found, bool(owners)))
            if len(self._odd) >= _LOOKED_UP_AT_ONCE:
                await self._look_up_odd()

    async def _look_up_odd(self) -> None:
        """Count objects without a row; those in the folder of a row go one by one, others with their folder."""
        odd, self._odd = self._odd, []
        ours: list[tuple[ListedObject, bool]] = []
        for found, has_row in odd:
            if _OURS.fullmatch(found.key):
                ours.append((found, has_row))
            else:
                self._report.tallies[Kind.FOREIGN_OBJECT].add(found.key)
        if not ours:
            return
        async with self._database.transaction() as tx:
            owned = await queries.owned_by_now(tx, [found.key for found, _ in ours])
            orphans = [(found, has_row) for found, has_row in ours if found.key not in owned]
            if self._options.repair:
                folders = dict.fromkeys(_folder(found.key) for found, has_row in orphans if not has_row)
                await queries.have_erased(tx, list(folders))
        for found, has_row in orphans:
            if self._options.repair and has_row:
                await self._managed.delete(found.key)
            example = f"{found.key} ({found.size_bytes} bytes, {found.modified:%Y-%m-%d %H:%M})"
            self._report.tallies[Kind.ORPHANED_OBJECT].add(example, repaired=self._options.repair)

    async def _look_up_missed(self) -> None:
        missed, self._missed = self._missed, []
        by_role: defaultdict[Role, list[Needed]] = defaultdict(list)
        for need in missed:
            by_role[need.role].append(need)
        for role, needs in by_role.items():
            async with self._database.transaction() as tx:
                names = await queries.still_needed(tx, role, list({need.row_id for need in needs}))
            gone = [need for need in needs if need.row_id in names and not await self._is_there(need)]
            is_mended = self._options.repair and await self._mend(role, gone)
            for need in gone:
                self._report.tallies[_MISSING[role]].add(f"{names[need.row_id]}: {need.key}", repaired=is_mended)

    async def _is_there(self, need: Needed) -> bool:
        try:
            info = await self._managed.head(need.key)
        except ObjectNotFound:
            return False
        return need.size_bytes in {None, info.size_bytes}

    async def _mend(self, role: Role, gone: Sequence[Needed]) -> bool:
        """Let go of what is of no use without its object, where nothing is lost by that; whether all is well then."""
        row_ids = list({need.row_id for need in gone})
        async with self._database.transaction() as tx:
            match role:
                case Role.OUTPUT:
                    await queries.forget_outputs(tx, row_ids)
                    return True
                case Role.PICTURE:
                    await queries.forget_pictures(tx, row_ids)
                    return True
                case Role.KEYFRAME:
                    await queries.have_made_again(tx, list({_folder(need.key) for need in gone}))
                    return False
                case Role.COPY | Role.THUMBNAIL:
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
                self._report.tallies[Kind.ALTERED_COPY].add(f"{name}: {need.key}")


def _folder(key: str) -> str:
    return key.rpartition("/")[0]
