"""Port of answers: the passages that may answer a question, and the sentences that an engine makes of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, Protocol

from scenedex.engines.engine import Engine, EngineUnavailable
from scenedex.engines.port import OpenedEngine, Port
from scenedex.engines.spec import EngineSpec
from scenedex.engines.summaries.port import NO_USE, Usage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.engines.summaries.port import SummaryLocale

PassageKind = Literal["seen", "heard", "read", "known"]
"""Source of a passage: a person or thing in the picture, speech, text on screen, or the name of a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidencePassage:
    """A part of a scene that may answer a question. Its words come from media and from users: they are data.

    Attributes:
        number: number among all passages, from 1.
        kind: its source.
        text: line, text on screen, name of a person or thing that is seen, or name of the file.
        asset_id: id of its asset.
        file_name: name of the file of the asset.
        is_still: whether the asset is a picture, which has no times.
        start_ms: start in milliseconds.
        end_ms: end in milliseconds.
        speaker: name or label of the speaker of a line, else empty.
        language: language of a line if it is known, else empty.
        before: line before it in its scene, empty if there is none.
        after: line after it, empty if there is none.
        names: names of the persons who are seen at that time.
        relevance: weight that the search gives it, from 0.
        similarity: score of its meaning compared with that of the question, 0 to 1, 0 if it was not compared.
        is_rough: whether many words of the line are wrong.
    """

    number: int
    kind: PassageKind
    text: str
    asset_id: int
    file_name: str
    is_still: bool = False
    start_ms: int = 0
    end_ms: int = 0
    speaker: str = ""
    language: str = ""
    before: str = ""
    after: str = ""
    names: tuple[str, ...] = ()
    relevance: float = 0
    similarity: float = 0
    is_rough: bool = False


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """A sentence of an answer, and the numbers of the passages that support it, at least one."""

    text: str
    passages: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer to a question.

    Attributes:
        sentences: its sentences. Empty if the passages do not answer the question.
        unsupported_count: sentences that were dropped since no passage supports them.
        usage: use of a service, nothing for an engine that calls none.
        model: model as the service names it in its answer, `None` if it names none.
    """

    sentences: tuple[AnswerSentence, ...]
    unsupported_count: int = 0
    usage: Usage = NO_USE
    model: str | None = None


class AnswerUnavailable(EngineUnavailable):
    """A service refuses, fails or gives no useful answer.

    Attributes:
        usage: use of the service until then.
        may_pass: whether the same call may succeed later.
    """

    def __init__(self, reason: str, usage: Usage = NO_USE, *, may_pass: bool = True) -> None:
        super().__init__(reason)
        self.usage = usage
        self.may_pass = may_pass


class Answerer(OpenedEngine, Protocol):
    """Answers questions from passages. It runs in the worker."""

    @property
    def model(self) -> str | None:
        """Name of the model that is asked for, `None` if the service decides or if none is called."""
        ...

    @property
    def prompt_version(self) -> str | None:
        """Version of the instructions to a model, `None` for an engine without."""
        ...

    async def answer(self, question: str, passages: Sequence[EvidencePassage], locale: SummaryLocale) -> Answer:
        """Return the answer to a question in the language of the locale, without sentences if there is none.

        Args:
            question: the question of a user.
            passages: passages that may answer it, at least one.
            locale: language and script of the answer. Quotations stay in theirs.

        Raises:
            AnswerUnavailable: the service refuses, fails or gives no useful answer. The message is for users.
        """
        ...


ANSWERS: Final[Port[Answerer]] = Port("answers", "answers to questions", has_network=True)

LANGUAGE_MODEL: Final = Engine("vision-language-model", "1")
"""A model behind an endpoint with the API of OpenAI, which also writes scene summaries. It gets no pictures here."""

MODEL_SPEC: Final = EngineSpec(
    port=ANSWERS,
    engine=LANGUAGE_MODEL,
    factory="scenedex.engines.answers.model:open_language_model",
    needs_address=True,
)

QUOTED: Final = Engine("quoted", "1")
"""The passages that answer best, quoted, without a model."""

QUOTED_SPEC: Final = EngineSpec(port=ANSWERS, engine=QUOTED, factory="scenedex.engines.answers.quoted:QuotedAnswerer")

SPECS: Final = (MODEL_SPEC, QUOTED_SPEC)
