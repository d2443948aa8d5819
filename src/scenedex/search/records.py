"""Records of searches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # msgspec reads the annotations
from enum import StrEnum
from typing import TYPE_CHECKING, Generic, NewType, TypeVar

import msgspec

from scenedex.exports.content import NO_FACTS
from scenedex.index.confidence import ConfidenceLevel  # as above
from scenedex.index.tokens import PhraseTerm, phrase_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.exports.content import FilmFacts
    from scenedex.index.records import (
        IndexedKeyword,
        IndexedPerson,
        IndexedScene,
        IndexedScript,
        IndexedSummary,
        IndexedText,
        IndexedVector,
        SceneKey,
    )

T = TypeVar("T")
SearchNumber = NewType("SearchNumber", int)


class SearchState(StrEnum):
    """State of a search, as the database stores it and the wire shows it."""

    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"


class ContentConditions(msgspec.Struct, Generic[T], frozen=True, omit_defaults=True):
    """Ids of persons, or texts, of which a scene shows or says all, at least one, or none. Empty: no condition."""

    must: tuple[T, ...] = ()
    any: tuple[T, ...] = ()
    none: tuple[T, ...] = ()


PersonConditions = ContentConditions[int]
DialogueConditions = ContentConditions[str]


class Scope(msgspec.Struct, frozen=True, omit_defaults=True):
    """Scenes to search: those that meet all given conditions. The times limit the last modification of the index."""

    project_ids: tuple[int, ...] | None = None
    asset_ids: tuple[int, ...] | None = None
    types: tuple[str, ...] | None = None
    modified_from: datetime | None = None
    modified_to: datetime | None = None


class SearchRequest(msgspec.Struct, frozen=True, omit_defaults=True):
    """A request to search for a text, for the picture of a key, or for neither.

    The level of confidence decides the minimum score.
    """

    scope: Scope
    level: ConfidenceLevel = ConfidenceLevel.MEDIUM
    text: str | None = None
    picture_key: str | None = None
    persons: PersonConditions = PersonConditions()
    dialogues: DialogueConditions = DialogueConditions()

    @property
    def is_scored(self) -> bool:
        """True if hits have scores. They have none if there are only conditions."""
        return self.text is not None or self.picture_key is not None


class QueryPhrase(msgspec.Struct, frozen=True, omit_defaults=True):
    """Terms in sequence. What is said is found in dialogue, also across its lines, instead of in single texts."""

    terms: tuple[PhraseTerm, ...]
    is_said: bool = False

    @classmethod
    def of(cls, text: str, *, is_said: bool) -> QueryPhrase:
        """Return the phrase of a text."""
        return cls(phrase_of(text), is_said)


class UnitForms(msgspec.Struct, frozen=True, omit_defaults=True):
    """Forms of one word of a query, each as terms in sequence. A text with several of them answers one word.

    Attributes:
        equal: the word itself, and the same word in other spellings.
        likely: forms that may be the same, with prefixes.
    """

    equal: tuple[tuple[PhraseTerm, ...], ...] = ()
    likely: tuple[tuple[PhraseTerm, ...], ...] = ()


class FoundBy(msgspec.Struct, frozen=True, omit_defaults=True):
    """Parts of a scene that match a search.

    Attributes:
        terms: terms of the query, and the similar spellings that scenes contain.
        prefixes: prefixes of matching words.
        persons: persons who match by name, by face or by the request.
        phrases: phrases that match as a whole.
        units: terms, prefixes and phrases that are forms of one word. Any other counts as a word of its own.
    """

    terms: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    persons: tuple[int, ...] = ()
    phrases: tuple[QueryPhrase, ...] = ()
    units: tuple[UnitForms, ...] = ()


class EvidenceKind(StrEnum):
    """Kind of evidence that a scene answers a search."""

    WORDS = "WORDS"
    MEANING = "MEANING"
    PICTURE = "PICTURE"
    FACE = "FACE"


class Evidence(msgspec.Struct, frozen=True, array_like=True):
    """Evidence that a scene answers a search. Evidence without times is about the whole scene.

    Attributes:
        score: certainty, 0 to 1.
        start_ms: start of the part of the scene that was compared.
        end_ms: end of that part.
        engine: identity of the engine whose vectors were compared, if any were.
    """

    kind: EvidenceKind
    score: float
    start_ms: int | None = None
    end_ms: int | None = None
    engine: str | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A scene that was found, with its evidence.

    The score is 0 to 100. It is `None` if there were only conditions. There is no evidence then.
    """

    index_id: int
    scene_id: int
    score: float | None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchOutcome:
    """Result of a search.

    Attributes:
        hits: hits, best first.
        found_by: parts of scenes that match.
        message: what was not compared, for people.
        ranks: number of the first hit of the same moment of the same bytes for each hit, from 1. It is empty if all
            hits differ.
    """

    hits: Sequence[Hit]
    found_by: FoundBy
    message: str | None = None
    ranks: Sequence[int] = ()


class MatchKind(StrEnum):
    """Kind of a match: a finding of the index, or a similarity to the query."""

    DIALOGUE = "DIALOGUE"
    TEXT = "TEXT"
    SUMMARY = "SUMMARY"
    KEYWORD = "KEYWORD"
    PERSON = "PERSON"
    PICTURE = "PICTURE"
    MEANING = "MEANING"


@dataclass(frozen=True, slots=True)
class Match:
    """A part of a scene that answers a search.

    Attributes:
        start_ms: start of the part. A person or keyword has the appearance that coincides with most other matches.
        confidence: certainty of the engine, or the score of a similarity, 0 to 1.
        finding: the finding that matches, or `None` for a similarity.
        text: line, text on screen, summary, keyword, name of a person or compared passage, if there is one.
        engine: identity of the engine that made the finding or the compared vectors, if it is known.
    """

    kind: MatchKind
    start_ms: int
    end_ms: int
    confidence: float
    finding: IndexedScript | IndexedText | IndexedSummary | IndexedKeyword | IndexedPerson | None = None
    text: str | None = None
    engine: str | None = None


@dataclass(frozen=True, slots=True)
class HitMoment:
    """Time range that answers a search best, and all matches of its scene, best first.

    Without matches it is the range of the scene.
    """

    start_ms: int
    end_ms: int
    matches: tuple[Match, ...] = ()


class SearchClaim(msgspec.Struct, frozen=True):
    """One attempt at a search. Its writes count until a later attempt claims the search."""

    number: SearchNumber
    workspace_id: int
    user_name: str
    request: SearchRequest
    attempt: int
    tries: int


@dataclass(frozen=True, slots=True)
class HitPlace:
    """An asset that contains the moment of a hit, with its current project and file name."""

    asset_id: int
    project_id: int
    file_name: str


@dataclass(frozen=True, slots=True)
class FoundScene:
    """A hit with the parts of its scene that match the search.

    Attributes:
        project_id: current project of the asset.
        file_name: current file name of the asset.
        type: ``IMAGE`` or ``VIDEO``.
        duration_ms: duration of the media file.
        score: score of 0 to 100, or `None`.
        scene: the scene, with only the parts that match.
        moment: time in the scene that answers the search best.
        places: the asset, then other assets with the same bytes in which the moment was found.
        film: properties of the media file for edits.
    """

    asset_id: int
    project_id: int
    file_name: str
    type: str
    index_id: int
    duration_ms: int
    score: float | None
    scene: IndexedScene
    moment: HitMoment
    places: tuple[HitPlace, ...]
    film: FilmFacts = NO_FACTS


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A search, and a page of its hits if it has completed.

    Attributes:
        search_id: public id of the search.
        message: reason of the failure, or explanation of what was not compared.
        total: number of hits on all pages whose scenes still exist.
    """

    search_id: str
    state: SearchState
    message: str | None
    total: int
    hits: Sequence[FoundScene]


class ReindexClaim(msgspec.Struct, frozen=True):
    """One attempt at a reindexing. Its writes count until a later attempt claims the row."""

    workspace_id: int
    attempt: int
    tries: int


class ReindexProgress(msgspec.Struct, frozen=True):
    """Progress of the reindexing of a workspace, in scenes."""

    workspace_name: str
    state: str
    message: str | None
    done: int
    total: int


class LackingScene(msgspec.Struct, frozen=True):
    """A scene without the vectors that it should have."""

    index_id: int
    scene_id: int
    start_ms: int
    end_ms: int
    keyframe_key: str

    @property
    def key(self) -> SceneKey:
        """Ids of the index and of the scene."""
        return self.index_id, self.scene_id


@dataclass(frozen=True, slots=True)
class SceneVectors:
    """Vectors of a scene in one space, by one engine."""

    index_id: int
    scene_id: int
    vectors: Sequence[IndexedVector]
