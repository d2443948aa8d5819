"""Answers to questions about scenes, with their citations."""

import msgspec

from scenedex.client.answers import Answer, OpenEnum
from scenedex.client.search_answers import SearchStatus
from scenedex.client.summary_answers import SummaryCost


class NoAnswer(OpenEnum):
    """Reason for which a question has no answer."""

    NOTHING_ANALYSED = "NOTHING_ANALYSED"
    NOTHING_FOUND = "NOTHING_FOUND"
    NOT_ANSWERED = "NOT_ANSWERED"
    NOT_SUPPORTED = "NOT_SUPPORTED"
    SOURCES_DELETED = "SOURCES_DELETED"
    UNKNOWN = "UNKNOWN"


class CitationKind(OpenEnum):
    """Source of a citation: a picture, speech, text on screen, or the name of a file."""

    SEEN = "seen"
    HEARD = "heard"
    READ = "read"
    KNOWN = "known"
    UNKNOWN = "unknown"


class RequestedAnswer(Answer, frozen=True, kw_only=True):
    """Answer to the request of an answer."""

    ask_id: str
    status: SearchStatus | None = None


class AnswerSentence(Answer, frozen=True, kw_only=True):
    """A sentence with the numbers of the citations that support it."""

    text: str
    citations: tuple[int, ...] = ()


class Citation(Answer, frozen=True, kw_only=True):
    """A part of a scene that supports a sentence.

    Attributes:
        number: number in the answer, from 1.
        text: the words as they were said or shown, the name of who or what is seen, or the file name.
        moment_start_ms: start of the moment.
        moment_end_ms: end of the moment.
        moment_url: page of the asset in the console, opened at the moment.
        keyframe_url: URL of a picture of the scene.
        confidence: certainty of the engine that found the words, 0 to 1.
        engine: name, version and weights of that engine.
        speaker: name or label of the speaker of a line.
        language: language of a line.
    """

    number: int
    kind: CitationKind
    text: str
    asset_id: int
    project_id: int | None = None
    file_name: str | None = None
    asset_type: str | None = None
    index_id: int | str | None = None
    scene_id: int | None = None
    moment_start_ms: int
    moment_end_ms: int
    moment_url: str | None = None
    keyframe_url: str | None = None
    confidence: float | None = None
    engine: str | None = None
    speaker: str | None = None
    language: str | None = None


class LookedAt(Answer, frozen=True, kw_only=True):
    """Numbers of assets, scenes and passages in which an answer was looked for."""

    asset_count: int = 0
    analysed_asset_count: int = 0
    scene_count: int = 0
    passage_count: int = 0


class NotAnalysed(Answer, frozen=True, kw_only=True):
    """A part, such as speech, that was not analysed in so many assets."""

    part: str
    asset_count: int


class AnswerUsage(Answer, frozen=True, kw_only=True):
    """Use of a service. ``estimated`` is true if the service did not report some tokens."""

    input_tokens: int = 0
    output_tokens: int = 0
    estimated: bool = False
    cost: SummaryCost | None = None


class QuestionAnswer(Answer, frozen=True, kw_only=True):
    """A question and, once it has been answered, its answer.

    Attributes:
        status_message: reason of a failure, or what was not compared.
        enough: whether the evidence carries an answer. None until there is a result.
        answer: all sentences together, None if there is not enough evidence.
        reason: reason for which there is no answer.
        looked_at: what the answer was looked for in.
        not_analysed: what was not looked at.
        engine: engine that answered.
        model: language model, if one was called.
        unsupported_sentences: sentences that were dropped since no citation supports them.
    """

    ask_id: str
    status: SearchStatus
    status_message: str | None = None
    question: str = ""
    locale: str | None = None
    enough: bool | None = None
    answer: str | None = None
    reason: NoAnswer | None = None
    sentences: tuple[AnswerSentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    looked_at: LookedAt = LookedAt()
    not_analysed: tuple[NotAnalysed, ...] = ()
    engine: str | None = None
    model: str | None = None
    prompt_version: str | None = None
    unsupported_sentences: int = 0
    usage: AnswerUsage = msgspec.field(default_factory=AnswerUsage)
