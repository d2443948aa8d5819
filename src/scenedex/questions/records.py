"""Records of questions and their answers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, NewType

import msgspec

from scenedex.index.records import LocaleName  # msgspec reads the annotations
from scenedex.search.records import Scope, SearchState  # as above

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.index.records import IndexedScene, IndexType, SceneKey, StageEngine

QuestionNumber = NewType("QuestionNumber", int)

CitationKind = Literal["seen", "heard", "read", "known"]
"""Source of the words of a citation: a picture, speech or a sound, text on screen, or a name that users gave."""


IndexPart = Literal["speech", "text", "korean", "faces", "objects", "labels"]
"""Part of an index from which answers are taken."""


class NoAnswer(StrEnum):
    """Reason for which a question has no answer."""

    NOTHING_ANALYSED = "NOTHING_ANALYSED"
    NOTHING_FOUND = "NOTHING_FOUND"
    NOT_ANSWERED = "NOT_ANSWERED"
    NOT_SUPPORTED = "NOT_SUPPORTED"
    SOURCES_DELETED = "SOURCES_DELETED"


class QuestionRequest(msgspec.Struct, frozen=True, omit_defaults=True):
    """A question about the scenes of a scope, and the language of its answer."""

    question: str
    scope: Scope
    locale: LocaleName


class QuestionClaim(msgspec.Struct, frozen=True):
    """One attempt at a question. Its writes count until a later attempt claims the question."""

    number: QuestionNumber
    workspace_id: int
    user_name: str
    request: QuestionRequest
    attempt: int
    tries: int


class Citation(msgspec.Struct, frozen=True, omit_defaults=True):
    """Words of a scene that support a sentence.

    Attributes:
        kind: their source.
        text: the words as they were said or shown, the name of a person who is seen, or a file name.
        start_ms: start of the moment.
        end_ms: end of the moment.
        confidence: certainty of the engine that found them, 0 to 1.
        engine: identity of that engine, if it is known.
        speaker: name or label of the speaker of a line.
        language: language of a line.
    """

    kind: CitationKind
    text: str
    start_ms: int
    end_ms: int
    confidence: float
    engine: str | None = None
    speaker: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class MadeCitation:
    """A citation of an answer that is not stored yet, with its scene and all persons who are in it."""

    number: int
    index_id: int
    scene_id: int
    person_ids: tuple[int, ...]
    citation: Citation


@dataclass(frozen=True, slots=True)
class CitedSentence:
    """A sentence with the numbers of its citations."""

    text: str
    citations: tuple[int, ...]


class UnanalysedPart(msgspec.Struct, frozen=True):
    """A part of indexes that no engine analysed in some assets."""

    part: IndexPart
    asset_count: int


class LookedAt(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an answer was looked for in.

    Attributes:
        asset_count: assets that meet the filter.
        analysed_asset_count: those of them that have an index.
        scene_count: scenes that may answer, by the search.
        passage_count: passages of them that the engine read.
        not_analysed: parts of the indexes that were not analysed.
    """

    asset_count: int = 0
    analysed_asset_count: int = 0
    scene_count: int = 0
    passage_count: int = 0
    not_analysed: tuple[UnanalysedPart, ...] = ()


class AnswerFacts(msgspec.Struct, frozen=True, omit_defaults=True):
    """Facts about an answer beside its sentences and citations.

    Attributes:
        looked_at: what it was looked for in.
        reason: reason for which there is none, or `None`.
        note: what was not compared, for people.
        engine: identity of the engine.
        model: model that the engine called, if it called one.
        prompt_version: version of the instructions to the model.
        unsupported_count: sentences that were dropped since no evidence supports them.
        input_tokens: tokens that were sent to a service.
        output_tokens: tokens that were received.
        is_usage_estimated: whether the service did not report some tokens.
    """

    looked_at: LookedAt
    reason: NoAnswer | None = None
    note: str | None = None
    engine: str | None = None
    model: str | None = None
    prompt_version: str | None = None
    unsupported_count: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    is_usage_estimated: bool = False


@dataclass(frozen=True, slots=True)
class MadeAnswer:
    """Result of the work on a question."""

    facts: AnswerFacts
    sentences: Sequence[CitedSentence] = ()
    citations: Sequence[MadeCitation] = ()


@dataclass(frozen=True, slots=True)
class FoundCitation:
    """A stored citation whose scene still exists, with the current project and file name of its asset."""

    number: int
    asset_id: int
    project_id: int
    file_name: str
    asset_type: Literal["IMAGE", "VIDEO"]
    index_id: int
    scene_id: int
    keyframe_key: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question and, once it has been answered, its answer.

    Attributes:
        question_id: public id.
        message: reason of a failure.
        facts: facts about the answer, `None` while there is none.
        sentences: sentences whose citations all exist.
        citations: their citations.
    """

    question_id: str
    number: QuestionNumber
    state: SearchState
    message: str | None
    request: QuestionRequest
    facts: AnswerFacts | None
    sentences: Sequence[CitedSentence] = ()
    citations: Sequence[FoundCitation] = ()


@dataclass(frozen=True, slots=True)
class CandidateScene:
    """A scene that may answer, with its asset, before and after its findings are read."""

    index_id: int
    asset_id: int
    file_name: str
    type: IndexType
    scene: IndexedScene
    engines: tuple[StageEngine, ...]

    @property
    def key(self) -> SceneKey:
        """Ids of the index and of the scene."""
        return self.index_id, self.scene.scene_id

    def with_scene(self, scene: IndexedScene) -> CandidateScene:
        """Return it with other findings."""
        return replace(self, scene=scene)
