"""Answers without a model: the passages that answer best, quoted.

A passage answers if it has the words that the question is about, the names and numbers of the question, and the kind of
answer that the question expects. ``benchmarks/questions`` measures how often that is right.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scenedex.engines.answers.kinds import has_answer, says_more
from scenedex.engines.answers.port import QUOTED, Answer, AnswerSentence
from scenedex.engines.answers.quotations import quotation
from scenedex.engines.answers.topics import Expected, parse_question
from scenedex.engines.answers.words import PassageWords
from scenedex.engines.summaries.composed_speech import is_question, speaker_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scenedex.engines.answers.port import EvidencePassage
    from scenedex.engines.answers.topics import QuestionParts, Topic
    from scenedex.engines.engine import EngineContext
    from scenedex.engines.summaries.port import SummaryLocale

MAX_SENTENCES: Final = 3

# Measured on the first half of the questions of benchmarks/questions.
_MIN_NEAR: Final = 0.75
_MIN_OWN: Final = 0.4
_MIN_DECIDED: Final = 0.85
_MIN_MOMENT: Final = 0.8
_NEAR_BEST: Final = 0.85
_OF_NEXT: Final = 0.1


@dataclass(frozen=True, slots=True)
class _Candidate:
    passage: EvidencePassage
    with_next: EvidencePassage | None
    score: float


class QuotedAnswerer:
    """`Answerer` that quotes the passages which answer a question."""

    def __init__(self, _context: EngineContext | None = None) -> None:
        self.engine: Final = QUOTED
        self.model: Final = None
        self.prompt_version: Final = None

    async def answer(self, question: str, passages: Sequence[EvidencePassage], locale: SummaryLocale) -> Answer:
        """See `Answerer`."""
        parts = parse_question(question)
        found = sorted(_candidates(parts, passages), key=lambda one: -one.score)
        sentences: dict[str, AnswerSentence] = {}
        for one in found:
            if len(sentences) == MAX_SENTENCES or one.score < _NEAR_BEST * found[0].score:
                break
            cited = (one.passage, *([] if one.with_next is None else [one.with_next]))
            if any(passage.number in sentence.passages for passage in cited for sentence in sentences.values()):
                continue
            sentence = AnswerSentence(quotation(cited, locale), tuple(passage.number for passage in cited))
            sentences.setdefault(" ".join(passage.text.casefold() for passage in cited), sentence)
        return Answer(tuple(sentences.values()))


def _candidates(question: QuestionParts, passages: Sequence[EvidencePassage]) -> Iterable[_Candidate]:
    if not question.topics:
        return
    for passage in passages:
        if passage.kind == "known":
            continue
        if passage.kind == "seen":
            if (score := _score_of_seen(question, passage)) is not None:
                yield _Candidate(passage, None, score)
            continue
        found = _of_words(question, passage, passages)
        if found is not None:
            yield found


def _of_words(
    question: QuestionParts, passage: EvidencePassage, passages: Sequence[EvidencePassage]
) -> _Candidate | None:
    """Return a line or text if it answers the question, with the line after it if that has the answer."""
    own = PassageWords.of(passage.text)
    near = PassageWords.of(passage.before, passage.text, passage.after)
    around = PassageWords.of(
        passage.before, passage.text, passage.after, passage.speaker, passage.file_name, *passage.names
    )
    if any(not around.share_of(topic.text) for topic in question.topics if topic.is_needed):
        return None
    # Names of who speaks or is seen, and of the file, count as if they were said.
    context = PassageWords.of(passage.speaker, passage.file_name, *passage.names)
    topics = [topic for topic in question.topics if not context.share_of(topic.text)]
    if not topics:
        return _of_speech_in_general(question, passage)
    # Names and numbers are there. The other words decide.
    topics = [topic for topic in topics if not topic.is_needed] or topics
    share_own, share_near = _share(topics, own), _share(topics, near)
    if share_near < _min_near(question) or share_own < _min_own(question):
        return None
    score = 0.7 * share_own + 0.3 * share_near + 0.2 * passage.similarity - 0.2 * passage.is_rough
    return _with_answer(question, passage, passages, score)


def _with_answer(
    question: QuestionParts, passage: EvidencePassage, passages: Sequence[EvidencePassage], score: float
) -> _Candidate | None:
    """Return a passage if it has the expected kind of answer, with the line after it if that has it."""
    if has_answer(passage, passage.text, question):
        return _Candidate(passage, None, score)
    # A line after another answers it only if that one asks. Texts on screen at one time belong together.
    if passage.kind == "heard" and not is_question(passage.text):
        return None
    following = next(
        (
            one
            for one in passages
            if (one.asset_id, one.kind) == (passage.asset_id, passage.kind) and _follows(one, passage)
        ),
        None,
    )
    if following is not None and has_answer(following, following.text, question):
        return _Candidate(passage, following, score - _OF_NEXT)
    return None


def _follows(one: EvidencePassage, passage: EvidencePassage) -> bool:
    return one.number != passage.number and bool(one.text) and passage.after.startswith(one.text)


def _share(topics: Sequence[Topic], passage: PassageWords) -> float:
    """Return the share of the words of a question that a passage has."""
    return sum(topic.weight * passage.share_of(topic.text) for topic in topics) / sum(one.weight for one in topics)


def _min_own(question: QuestionParts) -> float:
    return _MIN_MOMENT if question.expected is Expected.MOMENT else _MIN_OWN


def _min_near(question: QuestionParts) -> float:
    match question.expected:
        case Expected.DECISION:
            return _MIN_DECIDED
        case Expected.SPEAKER | Expected.MOMENT:
            return _MIN_MOMENT
        case _:
            return _MIN_NEAR


def _of_speech_in_general(question: QuestionParts, passage: EvidencePassage) -> _Candidate | None:
    """Return a line for a question that asks what somebody says, without saying about what."""
    is_general = question.expected is Expected.ANYTHING and question.is_about_speech and passage.kind == "heard"
    if not is_general or not says_more(passage.text, question):
        return None
    share = _share(question.topics, PassageWords.of(passage.text))
    return _Candidate(passage, None, 0.5 + share / 2 + passage.similarity / 10 - passage.start_ms / 1e9)


def _score_of_seen(question: QuestionParts, passage: EvidencePassage) -> float | None:
    """Return the score of a person or thing in the picture for a question that asks when or whether it is seen."""
    own = PassageWords.of(passage.text)
    around = PassageWords.of(passage.text, passage.file_name, *passage.names)
    is_asked = question.expected in {Expected.MOMENT, Expected.DECISION, Expected.PLACE, Expected.SPEAKER}
    if not is_asked or not question.is_about_speech:
        return None
    if any(around.share_of(topic.text) < 1 for topic in question.topics):
        return None
    if question.expected is Expected.SPEAKER:
        # Who is seen in the film of this name.
        is_new = not any(own.share_of(topic.text) for topic in question.topics)
        return 1.0 if is_new and speaker_name(passage.text) else None
    return 1.0 if any(own.share_of(topic.text) for topic in question.topics) else None
