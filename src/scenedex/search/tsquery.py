"""Conditions on the words of a scene, in PostgreSQL's syntax of ``tsquery``. Pure.

Terms consist of letters and digits, so that none needs to be escaped.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from scenedex.index.search_terms import TermSource, lexeme

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scenedex.index.tokens import PhraseTerm

SURE_FIELDS: Final = f"{TermSource.SHOWN}{TermSource.SAID}"
"""Fields of words that were read or heard with certainty."""

SAID_FIELDS: Final = str(TermSource.SAID)
"""Field of words that were said."""


def term(workspace_id: int, word: str, *, fields: str = "", is_prefix: bool = False) -> str:
    """Require a word, in one of the fields if any are given."""
    marks = f"{'*' if is_prefix else ''}{fields}"
    return f"'{lexeme(workspace_id, word)}'" + (f":{marks}" if marks else "")


def phrase(workspace_id: int, terms: Sequence[PhraseTerm], *, fields: str = "") -> str:
    """Require terms in sequence."""
    written = [term(workspace_id, one.term, fields=fields, is_prefix=one.is_prefix) for one in terms]
    distances = [f" <{second.place - first.place}> " for first, second in pairwise(terms)]
    return "".join(part for pair in zip(written, [*distances, ""], strict=True) for part in pair)


def any_of(conditions: Iterable[str]) -> str:
    """Require at least one of the conditions."""
    return " | ".join(f"({condition})" for condition in conditions if condition)
