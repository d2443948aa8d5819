"""Statements about sets of sign codes and their packs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scenedex.search.codes import CodedQuery, CodeFormat, numbers_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.db.database import Transaction
    from scenedex.search.likeness_queries import Likeness


@dataclass(frozen=True, slots=True)
class VectorKind:
    """Vectors that are compared with each other: of one engine in one space of a workspace."""

    workspace_id: int
    space: str
    engine: str


@dataclass(frozen=True, slots=True)
class CodeSet:
    """A complete set of codes in the state that a transaction sees.

    Attributes:
        version: latest version of the packs.
        vectors: number of vectors in the packs. Some of them may be deleted.
        removed: number of vectors whose packs were deleted.
        dimension: numbers of a vector.
        has_scales: whether each code has a scale.
    """

    set_id: int
    version: int
    vectors: int
    removed: int
    dimension: int
    has_scales: bool

    @property
    def format(self) -> CodeFormat:
        """Format of the entries."""
        return CodeFormat(self.dimension, self.has_scales)


@dataclass(frozen=True, slots=True, eq=False)
class QueriedSet:
    """A set of codes and a query."""

    codes: CodeSet
    query: CodedQuery


@dataclass(frozen=True, slots=True)
class BuiltSet:
    """State of a set of codes for maintenance.

    Attributes:
        vectors_at_start: number of the kind's vectors when the set was started.
        vectors: number of vectors in the packs.
        has_scales: whether each code has a scale. Sets of former releases have none.
    """

    set_id: int
    is_complete: bool
    vectors_at_start: int
    vectors: int
    has_scales: bool


@dataclass(frozen=True, slots=True)
class PackedIndex:
    """An index with the number of codes in its packs, and that of its vectors."""

    index_id: int
    codes: int
    vectors: int


@dataclass(frozen=True, slots=True)
class PackPage:
    """Some packs of a set, in order of version and index.

    Attributes:
        packs: number of packs. It is 0 after the last page.
        version: version of the last pack.
        index_id: index of the last pack.
        owners: index in eight bytes and number of vectors in four, for each pack.
        entries: entries of all packs.
    """

    packs: int
    version: int | None
    index_id: int | None
    owners: bytes | None
    entries: bytes | None


async def find_set(tx: Transaction, like: Likeness) -> QueriedSet | None:
    """Return the complete set of codes for a query, or `None`."""

    def make(centre: str, *codes: Any) -> QueriedSet:  # noqa: ANN401  # the statement decides the types
        return QueriedSet(CodeSet(*codes), CodedQuery.of(numbers_of(like.vector), numbers_of(centre)))

    return await tx.one(
        make,
        """
        SELECT centre::text, set_id, version, added - removed, removed, vector_dims(centre), has_scales
        FROM code_sets
        WHERE workspace_id = %(workspace_id)s AND space = %(space)s AND engine = %(engine)s AND is_complete
        ORDER BY set_id DESC
        LIMIT 1
        """,
        workspace_id=like.workspace_id,
        space=like.space,
        engine=like.engine,
    )


async def complete_sets(tx: Transaction) -> list[CodeSet]:
    """Return the sets that searches use, those with the most vectors first."""
    return await tx.all(
        CodeSet,
        """
        SELECT set_id, version, added - removed, removed, vector_dims(centre), has_scales
        FROM (
            SELECT DISTINCT ON (workspace_id, space, engine) *
            FROM code_sets
            WHERE is_complete
            ORDER BY workspace_id, space, engine, set_id DESC
        ) AS used
        ORDER BY added - removed DESC
        """,
    )


async def read_packs(tx: Transaction, set_id: int, version: int, index_id: int, max_packs: int) -> PackPage:
    """Return the next packs after those of a version and index."""
    [page] = await tx.all(
        PackPage,
        """
        SELECT count(*), max(version), (array_agg(index_id ORDER BY version DESC, index_id DESC))[1],
               string_agg(int8send(index_id) || int4send(vectors), '' ORDER BY version, index_id),
               string_agg(entries, '' ORDER BY version, index_id)
        FROM (
            SELECT version, index_id, vectors, entries
            FROM code_packs
            WHERE set_id = %(set_id)s AND (version, index_id) > (%(version)s, %(index_id)s)
            ORDER BY version, index_id
            LIMIT %(max_packs)s
        ) AS page
        """,
        set_id=set_id,
        version=version,
        index_id=index_id,
        max_packs=max_packs,
    )
    return page


async def kinds_with_many(tx: Transaction, min_vectors: int) -> list[VectorKind]:
    """Return the kinds of vectors with at least this many. Counts no further than needed."""
    return await tx.all(
        VectorKind,
        """
        WITH RECURSIVE known AS (
            (SELECT workspace_id, space, engine FROM scene_vectors ORDER BY 1, 2, 3 LIMIT 1)
            UNION ALL
            SELECT following.*
            FROM known
            CROSS JOIN LATERAL (
                SELECT v.workspace_id, v.space, v.engine
                FROM scene_vectors v
                WHERE (v.workspace_id, v.space, v.engine) > (known.workspace_id, known.space, known.engine)
                ORDER BY 1, 2, 3
                LIMIT 1
            ) AS following
        )
        SELECT workspace_id, space, engine
        FROM known
        WHERE (
            SELECT count(*)
            FROM (
                SELECT FROM scene_vectors v
                WHERE v.workspace_id = known.workspace_id AND v.space = known.space AND v.engine = known.engine
                LIMIT %(min_vectors)s
            ) AS counted
        ) >= %(min_vectors)s
        """,
        min_vectors=min_vectors,
    )


async def estimate_vectors(tx: Transaction, kind: VectorKind, sample: int) -> int:
    """Estimate the number of vectors by the keys of the first ones, which are spread evenly from 0 to 1."""
    return await tx.value(
        """
        SELECT CASE WHEN count(*) < %(sample)s THEN count(*)
                    ELSE round(count(*) / greatest(max(sample_key)::float8, 1e-9)) END::bigint
        FROM (
            SELECT sample_key FROM scene_vectors
            WHERE workspace_id = %(workspace_id)s AND space = %(space)s AND engine = %(engine)s
            ORDER BY sample_key
            LIMIT %(sample)s
        ) AS sampled
        """,
        workspace_id=kind.workspace_id,
        space=kind.space,
        engine=kind.engine,
        sample=sample,
    )


async def sets_of(tx: Transaction, kind: VectorKind) -> list[BuiltSet]:
    """Return the sets of a kind, the first one first."""
    return await tx.all(
        BuiltSet,
        """
        SELECT set_id, is_complete, vectors_at_start, added - removed, has_scales
        FROM code_sets
        WHERE workspace_id = %(workspace_id)s AND space = %(space)s AND engine = %(engine)s
        ORDER BY set_id
        """,
        workspace_id=kind.workspace_id,
        space=kind.space,
        engine=kind.engine,
    )


async def known_kinds(tx: Transaction) -> list[VectorKind]:
    """Return the kinds that have a set."""
    return await tx.all(VectorKind, "SELECT DISTINCT workspace_id, space, engine FROM code_sets")


async def drop_sets(tx: Transaction, kind: VectorKind, *, kept: int = 0) -> None:
    """Delete the sets of a kind except one."""
    await tx.run(
        """
        DELETE FROM code_sets
        WHERE workspace_id = %(workspace_id)s AND space = %(space)s AND engine = %(engine)s AND set_id <> %(kept)s
        """,
        workspace_id=kind.workspace_id,
        space=kind.space,
        engine=kind.engine,
        kept=kept,
    )


async def begin_set(tx: Transaction, kind: VectorKind, vectors: int, sample: int) -> int:
    """Insert a set around the centre of a random sample. From the next transaction on, all writes add their codes."""
    return await tx.value(
        """
        INSERT INTO code_sets (workspace_id, space, engine, centre, vectors_at_start, has_scales)
        SELECT %(workspace_id)s, %(space)s, %(engine)s, avg(embedding), %(vectors)s, true
        FROM (
            SELECT embedding FROM scene_vectors
            WHERE workspace_id = %(workspace_id)s AND space = %(space)s AND engine = %(engine)s
            ORDER BY sample_key
            LIMIT %(sample)s
        ) AS sampled
        RETURNING set_id
        """,
        workspace_id=kind.workspace_id,
        space=kind.space,
        engine=kind.engine,
        vectors=vectors,
        sample=sample,
    )


async def indexes_to_pack(tx: Transaction, set_id: int, max_indexes: int) -> list[int]:
    """Return the next indexes of the workspace that are not packed."""
    return await tx.all(
        int,
        """
        SELECT index_id
        FROM code_sets c
        JOIN projects USING (workspace_id)
        JOIN assets USING (project_id)
        JOIN indexes USING (asset_id)
        WHERE set_id = %(set_id)s AND index_id > packed_index_id
        ORDER BY index_id
        LIMIT %(max_indexes)s
        """,
        set_id=set_id,
        max_indexes=max_indexes,
    )


async def pack_indexes(tx: Transaction, set_id: int, index_ids: Sequence[int]) -> None:
    """Write the codes of all vectors of these indexes. The caller holds the lock of `lock_persons`."""
    await tx.run(
        "DELETE FROM code_packs WHERE set_id = %(set_id)s AND index_id = ANY(%(index_ids)s)",
        set_id=set_id,
        index_ids=list(index_ids),
    )
    await tx.run(
        """
        WITH made AS MATERIALIZED (
            SELECT v.index_id, count(*) AS vectors,
                   string_agg(
                       int4send(v.scene_id) || int2send(v.place)
                       || CASE WHEN c.has_scales THEN scale_of_code(v.embedding, c.centre) ELSE '' END
                       || sign_code(v.embedding, c.centre), ''
                       ORDER BY v.scene_id, v.place
                   ) AS entries
            FROM code_sets c
            JOIN scene_vectors v USING (workspace_id, space, engine)
            WHERE c.set_id = %(set_id)s AND v.index_id = ANY(%(index_ids)s)
            GROUP BY 1
        ), raised AS (
            UPDATE code_sets
            SET version = version + 1, packed_index_id = greatest(packed_index_id, %(last)s),
                added = added + (SELECT coalesce(sum(vectors), 0) FROM made)
            WHERE set_id = %(set_id)s
            RETURNING set_id, version
        )
        INSERT INTO code_packs (set_id, version, index_id, vectors, entries)
        SELECT set_id, version, index_id, vectors, entries FROM raised, made
        """,
        set_id=set_id,
        index_ids=list(index_ids),
        last=index_ids[-1],
    )


async def packed_indexes(
    tx: Transaction, kind: VectorKind, set_id: int, after: int, max_indexes: int
) -> list[PackedIndex]:
    """Return the next indexes with packs."""
    return await tx.all(
        PackedIndex,
        """
        SELECT index_id, codes, (
            SELECT count(*)
            FROM scene_vectors v
            WHERE v.index_id = packed.index_id AND v.space = %(space)s AND v.engine = %(engine)s
        )
        FROM (
            SELECT index_id, sum(vectors) AS codes
            FROM code_packs
            WHERE set_id = %(set_id)s AND index_id > %(after)s
            GROUP BY 1
            ORDER BY 1
            LIMIT %(max_indexes)s
        ) AS packed
        ORDER BY 1
        """,
        space=kind.space,
        engine=kind.engine,
        set_id=set_id,
        after=after,
        max_indexes=max_indexes,
    )


async def complete_set(tx: Transaction, set_id: int) -> None:
    """Have searches use a set."""
    await tx.run("UPDATE code_sets SET is_complete = true WHERE set_id = %(set_id)s", set_id=set_id)
