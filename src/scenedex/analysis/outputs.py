"""What stages made, kept under the address of everything that it depends on, so that nothing is made twice.

An address says: the stage and its version, its options and engine, and the outputs that it was made from; beside it
stands the hash of the media's bytes. Outputs are shared by the assets of one workspace, never across workspaces.
Files lie in managed storage in a folder of their own, which is erased with the output's row.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, cast
from uuid import uuid4

import msgspec

from scenedex.analysis import output_queries
from scenedex.assets import erasure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.analysis.records import AnalysisClaim, NewOutput, StoredOutput
    from scenedex.db.database import Database
    from scenedex.storage.store import ManagedStore

# The place of weights and code and the number of threads change no output, nor does what follows from the rest.
_NO_MATTER = frozenset({"factory", "folder", "threads", "vocabulary_vectors"})


def address(stage: str, version: str, params: msgspec.Struct, needs: Sequence[str]) -> str:
    """The address of what a stage makes with these parameters from outputs with these addresses."""
    facts = [stage, version, _that_matter(msgspec.to_builtins(params)), list(needs)]
    return hashlib.sha256(msgspec.json.encode(facts, order="deterministic")).hexdigest()


def _that_matter(value: object) -> object:
    if isinstance(value, dict):
        parts = cast("dict[str, object]", value)
        return {key: _that_matter(part) for key, part in parts.items() if key not in _NO_MATTER}
    if isinstance(value, list | tuple):
        return [_that_matter(part) for part in cast("Sequence[object]", value)]
    return value


class StageOutputs:
    """The outputs of stages in the database and in managed storage."""

    def __init__(self, database: Database, managed: ManagedStore) -> None:
        self._database = database
        self._managed = managed

    async def find(self, claim: AnalysisClaim, address: str) -> StoredOutput | None:
        """What has been made before."""
        async with self._database.transaction() as tx:
            return await output_queries.find(tx, claim.workspace_id, address)

    async def find_transient(self, claim: AnalysisClaim, address: str) -> StoredOutput | None:
        """What this very analysis made for its further stages."""
        return await self.find(claim, _private(claim, address))

    async def keep(self, claim: AnalysisClaim, address: str, made: NewOutput) -> StoredOutput:
        """Store what a stage made; what another analysis stored meanwhile wins."""
        if made.is_transient:
            address = _private(claim, address)
        folder = f"outputs/{claim.workspace_id}/{uuid4().hex}"
        async with self._database.transaction() as tx:
            await erasure.announce(tx, [folder])
        for name, path in made.files.items():
            await self._managed.put_file(f"{folder}/{name}", path, _content_type(name))
        async with self._database.transaction() as tx:
            stored = await output_queries.insert(tx, claim, address, folder, made)
            if stored.folder == folder:
                await erasure.claimed(tx, [folder])
            else:
                await erasure.abandon(tx, [folder])
            return stored


def _private(claim: AnalysisClaim, address: str) -> str:
    """Another analysis must not rely on what goes with this one."""
    return f"{address}-{claim.index_id}"


def _content_type(name: str) -> str:
    return "image/jpeg" if name.endswith(".jpg") else "application/octet-stream"
