"""Search terms of scenes: words that are said, shown or labelled in it, its summary, and the name of its file. Pure.

The terms of a scene are one value of PostgreSQL's ``tsvector``. Each term starts with the id of its workspace, so that
a search reads only terms of its own workspace. Each place of a term has a letter for the source of the word.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from scenedex.index.tokens import tokens_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scenedex.index.records import IndexedFile, IndexedScene

MIN_MISSPELT_LENGTH: Final = 4
"""Minimum length of a word that is found in spite of a misspelling."""

_MAX_MISSPELT_LENGTH = 24
_MIN_CERTAIN_CONFIDENCE = 0.5  # of a text or keyword that counts fully
_LAST_PLACE = 16383
_GAP = 8
"""Places between two sources, so that no phrase extends from one into the next."""

_MAX_PLACES = 255
"""Places of a term that PostgreSQL keeps."""

_MAX_BYTES = 2**20 - 2**10
"""Bytes of a scene's terms, just below the limit of PostgreSQL."""

_OVERHEAD_BYTES = 5  # of a term: its first place, the number of its places, and a byte of alignment


class TermSource(StrEnum):
    """Source of a word. The values are PostgreSQL's weights."""

    SHOWN = "A"
    SAID = "B"
    UNCERTAIN = "C"
    """Texts and keywords of low confidence, and summaries, which no one said or wrote."""
    FILE_NAME = "D"


@dataclass(frozen=True, slots=True)
class SceneTerms:
    """Terms of a scene: a literal of ``tsvector``, and each of its lexemes once."""

    vector: str
    terms: frozenset[str]


def lexeme(workspace_id: int, term: str) -> str:
    """Return the stored form of a term. That of an empty term is the start of all others of the workspace."""
    return f"{workspace_id}:{term}"


def terms_of_scene(scene: IndexedScene, file: IndexedFile) -> SceneTerms:
    """Return the search terms of a scene."""
    # The empty term, which every scene has, counts the scenes of the workspace.
    places: dict[str, list[str]] = {lexeme(file.workspace_id, ""): []}
    at, free_bytes = 1, _MAX_BYTES
    for source, texts in _sources(scene, file):
        for text in texts:
            for token in tokens_of(text):
                terms = (*token.terms, token.last) if token.last else token.terms
                for number, term in enumerate(terms):
                    key = lexeme(file.workspace_id, term)
                    size = 2 if key in places else len(key.encode()) + _OVERHEAD_BYTES
                    if size <= free_bytes and len(places.get(key, ())) < _MAX_PLACES:
                        free_bytes -= size
                        places.setdefault(key, []).append(f"{min(at + number, _LAST_PLACE)}{source}")
                at += token.places
        at += _GAP
    vector = " ".join(f"'{term}':{','.join(found)}" if found else f"'{term}'" for term, found in places.items())
    return SceneTerms(vector, frozenset(places))


def spelling_variants(workspace_id: int, term: str) -> list[str]:
    """Return a term and the term without each of its letters, or nothing if it is too short or too long.

    Two words that differ by one letter, or by two swapped letters, have a variant in common.
    """
    if not MIN_MISSPELT_LENGTH <= len(term) <= _MAX_MISSPELT_LENGTH:
        return []
    variants = {term, *(term[:gap] + term[gap + 1 :] for gap in range(len(term)))}
    return [lexeme(workspace_id, variant) for variant in sorted(variants)]


def _sources(scene: IndexedScene, file: IndexedFile) -> Iterator[tuple[TermSource, Iterable[str]]]:
    # Speech comes first, as phrases are found only in the first 16 383 places.
    yield TermSource.SAID, (line.text for line in scene.scripts)
    yield TermSource.SHOWN, (text.text for text in scene.texts if text.confidence >= _MIN_CERTAIN_CONFIDENCE)
    for keyword in scene.keywords:
        yield (
            TermSource.SHOWN if keyword.confidence >= _MIN_CERTAIN_CONFIDENCE else TermSource.UNCERTAIN,
            (keyword.keyword,),
        )
    yield TermSource.UNCERTAIN, (text.text for text in scene.texts if text.confidence < _MIN_CERTAIN_CONFIDENCE)
    if scene.summary is not None:
        yield TermSource.UNCERTAIN, (scene.summary.text,)
    yield TermSource.FILE_NAME, (PurePosixPath(file.file_name).name,)
