"""What a scene is found by: the words that are said, written and labelled in it, and the name of its file. Pure.

The words of a scene are one value of PostgreSQL's ``tsvector``. Each term has the number of its workspace before it, so
that no search reads beyond its own; each place of a term has a letter that says where the word is from.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from scenedex.index.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scenedex.index.records import IndexedScene

CERTAIN: Final = 0.5
"""Least confidence of a text or keyword that counts fully."""

SHORTEST_MISSPELT: Final = 4
"""Letters of the shortest word that is found misspelt."""

_LONGEST_MISSPELT = 24
_LAST_PLACE = 16383
_GAP = 8
"""Places between two fields, so that no phrase reaches from one into the next."""

_MOST_PLACES = 255
"""Places of a term that PostgreSQL keeps."""

_MOST_BYTES = 2**20 - 2**10
"""Bytes of a scene's words; PostgreSQL refuses some more than these."""

_BYTES_BESIDE = 5  # of a term: its first place, how many it has, and one to align them


class Field(StrEnum):
    """Where a word is from; the values are PostgreSQL's letters."""

    SHOWN = "A"
    SAID = "B"
    UNCERTAIN = "C"
    FILE_NAME = "D"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a scene is: its workspace, and the name of the asset's file."""

    workspace_id: int
    file_name: str


@dataclass(frozen=True, slots=True)
class SceneWords:
    """The words of a scene as the database reads them, and each of its terms once, with the workspace before it."""

    vector: str
    terms: frozenset[str]


def lexeme(workspace_id: int, term: str) -> str:
    """A term as it is stored."""
    return f"{workspace_id}:{term}"


def find_by(scene: IndexedScene, place: Place) -> SceneWords:
    """The words that a scene is found by."""
    # The workspace alone is a term of every scene, so that the scenes of a workspace are counted like any word.
    places: dict[str, list[str]] = {lexeme(place.workspace_id, ""): []}
    at, left = 1, _MOST_BYTES
    for field, texts in _fields(scene, place):
        for text in texts:
            for word in words_of(text):
                terms = (*word.terms, word.last) if word.last else word.terms
                for number, term in enumerate(terms):
                    key = lexeme(place.workspace_id, term)
                    size = 2 if key in places else len(key.encode()) + _BYTES_BESIDE
                    if size <= left and len(places.get(key, ())) < _MOST_PLACES:
                        left -= size
                        places.setdefault(key, []).append(f"{min(at + number, _LAST_PLACE)}{field}")
                at += word.places
        at += _GAP
    vector = " ".join(f"'{term}':{','.join(found)}" if found else f"'{term}'" for term, found in places.items())
    return SceneWords(vector, frozenset(places))


def nearly(workspace_id: int, term: str) -> list[str]:
    """What is left of a term without one of its letters, and the term itself; none of one that is too short.

    Two words that differ by one letter, or by two that changed places, have one of these in common.
    """
    if not SHORTEST_MISSPELT <= len(term) <= _LONGEST_MISSPELT:
        return []
    left = {term, *(term[:gap] + term[gap + 1 :] for gap in range(len(term)))}
    return [lexeme(workspace_id, one) for one in sorted(left)]


def _fields(scene: IndexedScene, place: Place) -> Iterator[tuple[Field, Iterable[str]]]:
    # What is said comes first: a phrase is found in the first so many places only.
    yield Field.SAID, (line.text for line in scene.scripts)
    yield Field.SHOWN, (text.text for text in scene.texts if text.confidence >= CERTAIN)
    for keyword in scene.keywords:
        yield Field.SHOWN if keyword.confidence >= CERTAIN else Field.UNCERTAIN, (keyword.keyword,)
    yield Field.UNCERTAIN, (text.text for text in scene.texts if text.confidence < CERTAIN)
    yield Field.FILE_NAME, (PurePosixPath(place.file_name).name,)
