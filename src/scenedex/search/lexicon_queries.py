"""The statements about the words that scenes are found by, and the names of persons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.db.database import Transaction

MOST_NAMES: Final = 20_000
"""Named persons of a workspace whose names are compared with a query: those of most assets."""

_MOST_NEAR = 500
_MOST_BEGUN = 1000


async def scene_counts(tx: Transaction, terms: Sequence[str]) -> dict[str, int]:
    """In how many scenes each of these terms is."""
    return dict(
        await tx.all(_pair, "SELECT term, scene_count FROM search_terms WHERE term = ANY(%s)", sorted(set(terms)))
    )


async def begun_counts(tx: Transaction, beginnings: Sequence[str]) -> dict[str, int]:
    """In how many scenes, at most, are terms that begin with each of these."""
    return dict(
        await tx.all(
            _pair,
            "SELECT beginning, coalesce(sum(scene_count), 0)::integer FROM unnest(%s::text[]) AS beginning"
            " LEFT JOIN LATERAL (SELECT scene_count FROM search_terms"
            ' WHERE term >= beginning COLLATE "C" AND term < (beginning || U&\'\\+10FFFF\') COLLATE "C" LIMIT %s)'
            " AS begun ON true GROUP BY 1",
            sorted(set(beginnings)),
            _MOST_BEGUN,
        )
    )


async def near(tx: Transaction, keys: Sequence[str]) -> list[tuple[str, int, list[str]]]:
    """Terms that have one of these in common with a word, the number of scenes of each, and all such of it."""

    def row(term: str, scenes: int, keys: list[str]) -> tuple[str, int, list[str]]:
        return term, scenes, keys

    return await tx.all(
        row,
        "SELECT term, scene_count, near FROM search_terms WHERE near && %s ORDER BY scene_count DESC, term LIMIT %s",
        list(keys),
        _MOST_NEAR,
    )


async def named_persons(tx: Transaction, workspace_id: int) -> list[tuple[int, str]]:
    """The persons of a workspace that have a name."""

    def row(person_id: int, name: str) -> tuple[int, str]:
        return person_id, name

    return await tx.all(
        row,
        "SELECT person_id, name FROM persons WHERE workspace_id = %s AND name IS NOT NULL"
        " AND merged_into IS NULL AND deleted_time IS NULL ORDER BY asset_count DESC, person_id LIMIT %s",
        workspace_id,
        MOST_NAMES,
    )


def _pair(term: str, scenes: int) -> tuple[str, int]:
    return term, scenes
