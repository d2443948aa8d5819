"""Every statement about outputs of stages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.analysis.records import StoredOutput

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.analysis.records import AnalysisClaim, NewOutput
    from scenedex.db.database import Transaction

_COLUMNS = "output_id, folder, result"
_UNUSED = "NOT EXISTS (SELECT FROM outputs_of_indexes u WHERE u.output_id = o.output_id)"


async def find(tx: Transaction, workspace_id: int, address: str) -> StoredOutput | None:
    """The output with that address."""
    return await tx.one(
        StoredOutput,
        f"SELECT {_COLUMNS} FROM stage_outputs WHERE workspace_id = %s AND address = %s",
        workspace_id,
        address,
    )


async def insert(tx: Transaction, claim: AnalysisClaim, address: str, folder: str, made: NewOutput) -> StoredOutput:
    """A new output, or the one that has the address already."""
    await tx.run(
        "INSERT INTO stage_outputs (workspace_id, content_hash, address, stage, folder, result, is_transient, made_for)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (workspace_id, address) DO NOTHING",
        claim.workspace_id,
        claim.content_hash,
        address,
        made.stage,
        folder,
        made.result,
        made.is_transient,
        claim.index_id,
    )
    stored = await find(tx, claim.workspace_id, address)
    assert stored is not None  # noqa: S101  # it was there before, or is since this statement
    return stored


async def use(tx: Transaction, index_id: int, outputs: Sequence[int]) -> bool:
    """Tie outputs to the index that shows their files; False where one of them is gone."""
    tied = await tx.run(
        "INSERT INTO outputs_of_indexes (index_id, output_id)"
        " SELECT %s, output_id FROM stage_outputs WHERE output_id = ANY(%s) FOR KEY SHARE",
        index_id,
        list(outputs),
    )
    return tied == len(outputs)


async def delete_transient(tx: Transaction, index_id: int) -> None:
    """What was made for the stages of an analysis that is over."""
    await tx.run("DELETE FROM stage_outputs WHERE made_for = %s AND is_transient", index_id)


async def delete_made_for(tx: Transaction, index_id: int) -> None:
    """All that an analysis made, but for what an index shows."""
    await tx.run(f"DELETE FROM stage_outputs o WHERE made_for = %s AND {_UNUSED}", index_id)


async def delete_unused_of(tx: Transaction, asset_id: int) -> None:
    """What was made of the content of an asset, but for what an index shows or an analysis may be using."""
    await tx.run(
        "DELETE FROM stage_outputs o USING assets a JOIN projects p USING (project_id)"
        " WHERE a.asset_id = %s AND o.content_hash = a.content_hash AND o.workspace_id = p.workspace_id"
        f" AND {_UNUSED} AND NOT EXISTS ("
        "SELECT FROM assets b JOIN projects q USING (project_id) JOIN analyses n USING (asset_id)"
        " WHERE b.content_hash = a.content_hash AND q.workspace_id = p.workspace_id"
        " AND n.status IN ('WAIT_ANALYZE', 'ANALYZING'))",
        asset_id,
    )


async def delete_left_behind(tx: Transaction) -> None:
    """Transient outputs whose analysis is over or gone."""
    await tx.run(
        "DELETE FROM stage_outputs o WHERE is_transient AND NOT EXISTS ("
        "SELECT FROM analyses n WHERE n.index_id = o.made_for AND n.status IN ('WAIT_ANALYZE', 'ANALYZING'))"
    )
