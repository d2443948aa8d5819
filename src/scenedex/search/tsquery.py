"""Conditions on the words of a scene, as PostgreSQL reads them. Pure.

Terms are letters and digits only, so that none needs to be escaped.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from scenedex.index.search_terms import TermSource, lexeme

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scenedex.index.tokens import PhraseTerm

SURE: Final = f"{TermSource.SHOWN}{TermSource.SAID}"
"""Fields whose words were read or heard with certainty."""

SAID: Final = str(TermSource.SAID)


def term(workspace_id: int, word: str, *, fields: str = "", is_prefix: bool = False) -> str:
    """A scene has the word, in one of the fields if any are given."""
    marks = f"{'*' if is_prefix else ''}{fields}"
    return f"'{lexeme(workspace_id, word)}'" + (f":{marks}" if marks else "")


def phrase(workspace_id: int, terms: Sequence[PhraseTerm], *, fields: str = "") -> str:
    """A scene has the terms one after another."""
    written = [term(workspace_id, one.term, fields=fields, is_prefix=one.is_prefix) for one in terms]
    joints = [f" <{second.place - first.place}> " for first, second in pairwise(terms)]
    return "".join(part for pair in zip(written, [*joints, ""], strict=True) for part in pair)


def either(conditions: Iterable[str]) -> str:
    """A scene meets one of the conditions."""
    return " | ".join(f"({condition})" for condition in conditions if condition)
