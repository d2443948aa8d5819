"""Store of the outputs of stages, which makes nothing twice.

The address of an output is the hash of the media's bytes and a hash of the stage, its version, its options with their
engines, and the outputs that it was made from. Assets of one workspace share outputs, never across workspaces.
Files of an output have a folder of their own in managed storage, which is erased with its row.
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

# The place of weights, code and services and the number of threads change no output, nor does what follows from the
# rest.
_NO_MATTER = frozenset({"address", "factory", "folder", "threads", "vocabulary_vectors"})


def address(stage: str, version: str, params: msgspec.Struct, needs: Sequence[str]) -> str:
    """Return the address of the output of a stage, made with these options from outputs with these addresses."""
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
    """Outputs of stages in the database and in managed storage."""

    def __init__(self, database: Database, managed: ManagedStore) -> None:
        self._database = database
        self._managed = managed

    async def find(self, claim: AnalysisClaim, address: str) -> StoredOutput | None:
        """Return the output with an address, or `None`."""
        async with self._database.transaction() as tx:
            return await output_queries.find(tx, claim.workspace_id, address)

    async def find_transient(self, claim: AnalysisClaim, address: str) -> StoredOutput | None:
        """Return an artefact that this analysis keeps for its further stages, or `None`."""
        return await self.find(claim, _private(claim, address))

    async def keep(self, claim: AnalysisClaim, address: str, made: NewOutput) -> StoredOutput:
        """Store an output and return it. If another analysis has stored it meanwhile, return that one."""
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
    """Address an artefact of one analysis. It is removed with the analysis, so no other may rely on it."""
    return f"{address}-{claim.index_id}"


def _content_type(name: str) -> str:
    return "image/jpeg" if name.endswith(".jpg") else "application/octet-stream"
