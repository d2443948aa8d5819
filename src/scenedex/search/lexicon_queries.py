"""Statements about the words that scenes are found by, and about the names of persons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scenedex.db.database import as_tuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.db.database import Transaction

MAX_NAMES: Final = 20_000
"""Named persons of a workspace whose names are compared with a query: those in most assets."""

_MAX_NEAR: Final = 500
_MAX_COMPLETIONS: Final = 1000


async def scene_counts(tx: Transaction, terms: Sequence[str]) -> dict[str, int]:
    """Return the number of scenes that contain each of these terms."""
    return dict(
        await tx.all(
            as_tuple, "SELECT term, scene_count FROM search_terms WHERE term = ANY(%(terms)s)", terms=sorted(set(terms))
        )
    )


async def prefix_counts(tx: Transaction, prefixes: Sequence[str]) -> dict[str, int]:
    """Return the maximum number of scenes that contain terms with each of these prefixes."""
    return dict(
        await tx.all(
            as_tuple,
            r"""
            SELECT prefix, coalesce(sum(scene_count), 0)::integer
            FROM unnest(%(prefixes)s::text[]) AS prefix
            LEFT JOIN LATERAL (
                SELECT scene_count FROM search_terms
                WHERE term >= prefix COLLATE "C" AND term < (prefix || U&'\+10FFFF') COLLATE "C"
                LIMIT %(max_terms)s
            ) AS completed ON true
            GROUP BY 1
            """,
            prefixes=sorted(set(prefixes)),
            max_terms=_MAX_COMPLETIONS,
        )
    )


async def near(tx: Transaction, keys: Sequence[str]) -> list[tuple[str, int, list[str]]]:
    """Return terms that share one of these keys with a word, each with its number of scenes and all of its keys."""
    return await tx.all(
        as_tuple,
        """
        SELECT term, scene_count, near
        FROM search_terms
        WHERE near && %(keys)s
        ORDER BY scene_count DESC, term
        LIMIT %(max_terms)s
        """,
        keys=list(keys),
        max_terms=_MAX_NEAR,
    )


async def named_persons(tx: Transaction, workspace_id: int) -> list[tuple[int, str]]:
    """Return the persons of a workspace that have a name."""
    return await tx.all(
        as_tuple,
        """
        SELECT person_id, name
        FROM persons
        WHERE workspace_id = %(workspace_id)s AND name IS NOT NULL AND merged_into IS NULL AND deleted_time IS NULL
        ORDER BY asset_count DESC, person_id
        LIMIT %(max_names)s
        """,
        workspace_id=workspace_id,
        max_names=MAX_NAMES,
    )
