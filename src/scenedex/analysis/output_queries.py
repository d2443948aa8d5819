"""Statements about the outputs of stages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.analysis.records import StoredOutput

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.analysis.records import AnalysisClaim, NewOutput
    from scenedex.db.database import Transaction


async def find(tx: Transaction, workspace_id: int, address: str) -> StoredOutput | None:
    """Return the output with an address."""
    return await tx.one(
        StoredOutput,
        """
        SELECT output_id, folder, result
        FROM stage_outputs
        WHERE workspace_id = %(workspace_id)s AND address = %(address)s
        """,
        workspace_id=workspace_id,
        address=address,
    )


async def insert(tx: Transaction, claim: AnalysisClaim, address: str, folder: str, made: NewOutput) -> StoredOutput:
    """Insert an output and return it, or return the one that has the address already."""
    await tx.run(
        """
        INSERT INTO stage_outputs
            (workspace_id, content_hash, address, stage, folder, result, is_transient, made_for)
        VALUES
            (%(workspace_id)s, %(content_hash)s, %(address)s, %(stage)s, %(folder)s, %(result)s, %(is_transient)s,
             %(made_for)s)
        ON CONFLICT (workspace_id, address) DO NOTHING
        """,
        workspace_id=claim.workspace_id,
        content_hash=claim.content_hash,
        address=address,
        stage=made.stage,
        folder=folder,
        result=made.result,
        is_transient=made.is_transient,
        made_for=claim.index_id,
    )
    stored = await find(tx, claim.workspace_id, address)
    assert stored is not None  # noqa: S101  # it exists at the latest since this statement
    return stored


async def use(tx: Transaction, index_id: int, outputs: Sequence[int]) -> bool:
    """Tie outputs to the index that shows their files. Return `False` if one of them is missing."""
    tied = await tx.run(
        """
        INSERT INTO outputs_of_indexes (index_id, output_id)
        SELECT %(index_id)s, output_id
        FROM stage_outputs
        WHERE output_id = ANY(%(outputs)s)
        FOR KEY SHARE
        """,
        index_id=index_id,
        outputs=list(outputs),
    )
    return tied == len(outputs)


async def delete_transient(tx: Transaction, index_id: int) -> None:
    """Delete the artefacts of an analysis that has ended."""
    await tx.run("DELETE FROM stage_outputs WHERE made_for = %(index_id)s AND is_transient", index_id=index_id)


async def delete_made_for(tx: Transaction, index_id: int) -> None:
    """Delete all outputs of an analysis, except those that an index shows."""
    await tx.run(
        """
        DELETE FROM stage_outputs o
        WHERE made_for = %(index_id)s
          AND NOT EXISTS (SELECT FROM outputs_of_indexes u WHERE u.output_id = o.output_id)
        """,
        index_id=index_id,
    )


async def delete_unused_of(tx: Transaction, asset_id: int) -> None:
    """Delete the outputs of an asset's bytes, except those that an index shows or an analysis may be using."""
    await tx.run(
        """
        DELETE FROM stage_outputs o
        USING assets a
        JOIN projects p USING (project_id)
        WHERE a.asset_id = %(asset_id)s AND o.content_hash = a.content_hash AND o.workspace_id = p.workspace_id
          AND NOT EXISTS (SELECT FROM outputs_of_indexes u WHERE u.output_id = o.output_id)
          AND NOT EXISTS (
              SELECT FROM assets b
              JOIN projects q USING (project_id)
              JOIN analyses n USING (asset_id)
              WHERE b.content_hash = a.content_hash AND q.workspace_id = p.workspace_id
                AND n.status IN ('WAIT_ANALYZE', 'ANALYZING')
          )
        """,
        asset_id=asset_id,
    )


async def delete_left_behind(tx: Transaction) -> None:
    """Delete artefacts whose analysis has ended or was deleted."""
    await tx.run(
        """
        DELETE FROM stage_outputs o
        WHERE is_transient
          AND NOT EXISTS (
              SELECT FROM analyses n
              WHERE n.index_id = o.made_for AND n.status IN ('WAIT_ANALYZE', 'ANALYZING')
          )
        """
    )


async def delete_replaced(tx: Transaction) -> None:
    """Delete outputs of bytes that no asset of the workspace has any more, except those that an index shows."""
    await tx.run(
        """
        DELETE FROM stage_outputs o
        USING replaced_contents r
        WHERE o.workspace_id = r.workspace_id AND o.content_hash = r.content_hash
          AND NOT EXISTS (
              SELECT FROM assets a
              JOIN projects p USING (project_id)
              WHERE a.content_hash = r.content_hash AND p.workspace_id = r.workspace_id
          )
          AND NOT EXISTS (SELECT FROM outputs_of_indexes u WHERE u.output_id = o.output_id)
        """
    )
    await tx.run(
        """
        DELETE FROM replaced_contents r
        WHERE NOT EXISTS (
            SELECT FROM stage_outputs o
            WHERE o.workspace_id = r.workspace_id AND o.content_hash = r.content_hash
        )
        OR EXISTS (
            SELECT FROM assets a
            JOIN projects p USING (project_id)
            WHERE a.content_hash = r.content_hash AND p.workspace_id = r.workspace_id
        )
        """
    )
