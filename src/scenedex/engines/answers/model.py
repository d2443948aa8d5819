"""Answers by a language model behind an endpoint with the API of OpenAI. Its sentences are checked, never trusted."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import structlog

from scenedex.engines.answers.port import LANGUAGE_MODEL, Answer, AnswerUnavailable
from scenedex.engines.answers.request import PROMPT_VERSION, TOKENS_OF_INSTRUCTIONS, answer_request
from scenedex.engines.answers.support import supported
from scenedex.engines.engine import EngineUnavailable
from scenedex.engines.summaries.port import NO_USE, Usage
from scenedex.engines.summaries.vision import ChatService, faults
from scenedex.engines.summaries.vision.answers import AnswerUseless, claimed_sentences, read_answer
from scenedex.engines.summaries.vision.forms import LASTING, MIN_TEXT_TOKENS, RequestForm, next_form
from scenedex.engines.summaries.vision.prompt import text_tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.engines.answers.port import EvidencePassage
    from scenedex.engines.answers.request import AnswerRequest
    from scenedex.engines.engine import Engine, EngineContext
    from scenedex.engines.service import ModelService
    from scenedex.engines.summaries.port import SummaryLocale
    from scenedex.engines.summaries.vision.answers import ModelAnswer

_MAX_CALLS: Final = 8  # for one question, in ever smaller forms
_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.questions")


class ModelAnswerer:
    """`Answerer` that asks a model for sentences and keeps those that their passages support."""

    def __init__(self, engine: Engine, chat: ChatService, service: ModelService) -> None:
        self.engine: Final = engine
        self.prompt_version: Final = PROMPT_VERSION
        self._chat = chat
        self._settings = settings = service.settings
        room = settings.context_tokens - settings.max_tokens - TOKENS_OF_INSTRUCTIONS
        self._form = RequestForm(pictures=0, longest_side=settings.longest_side, text_tokens=max(room, MIN_TEXT_TOKENS))
        self._model = settings.model

    @property
    def model(self) -> str | None:
        """See `Answerer`."""
        return self._settings.model

    async def answer(self, question: str, passages: Sequence[EvidencePassage], locale: SummaryLocale) -> Answer:
        """See `Answerer`."""
        run = _QuestionRun(self._chat, self._form, question, passages, locale)
        try:
            if self._model is None:
                self._model = await self._chat.model()
            return await run.answer(self._model, self._settings.max_tokens)
        except (faults.CallFailed, AnswerUseless) as error:
            # Answers at temperature 0 are the same the next time.
            may_pass = isinstance(error, faults.CallFailed) and error.may_pass
            raise AnswerUnavailable(str(error), run.use, may_pass=may_pass) from error
        finally:
            self._form = run.lasting_form


class _QuestionRun:
    """Calls for one question.

    Attributes:
        use: use of the service so far.
        lasting_form: form that is right for the questions that follow.
    """

    def __init__(
        self,
        chat: ChatService,
        form: RequestForm,
        question: str,
        passages: Sequence[EvidencePassage],
        locale: SummaryLocale,
    ) -> None:
        self.use = NO_USE
        self.lasting_form = form
        self._chat = chat
        self._form = form
        self._question = question
        self._passages = passages
        self._locale: SummaryLocale = locale

    async def answer(self, model: str, max_tokens: int) -> Answer:
        """Return the checked answer.

        Raises:
            CallFailed: the service does not answer.
            AnswerUseless: its answers are of no use.
        """
        useless: AnswerUseless | None = None
        for _call in range(_MAX_CALLS):
            request = answer_request(
                self._question, self._passages, self._locale, form=self._form, model=model, max_tokens=max_tokens
            )
            found: ModelAnswer | None = None
            try:
                found = read_answer(await self._chat.complete(request.body))
                if self._is_cut(request, found):
                    self._count(request, found)
                    self._change_form(faults.ContextExceeded("The service cuts off what does not fit its context."))
                    continue
                claimed = claimed_sentences(found)
            except faults.FormRefused as error:
                self._change_form(error)
                continue
            except AnswerUseless as error:
                # The service has worked, and may charge for it.
                self._count(request, found)
                if useless is not None:
                    raise
                # Some services garble what they hold to a schema.
                useless, self._form = error, self._form.without_schema
                continue
            self._count(request, found)
            kept, dropped = supported(claimed, self._question, request.passages, self._locale)
            _log.debug("answer.checked", faults=[one.name for one in dropped])
            return Answer(kept, len(dropped), self.use, found.model)
        raise useless or faults.CallFailed(f"{self._chat.name} refuses the request in every form.")

    def _change_form(self, refusal: faults.FormRefused) -> None:
        """Take the next form that the service may accept, or raise the refusal."""
        tokens = sum(text_tokens(one.text) for one in self._passages)
        self._form = next_form(self._form, refusal, tokens)
        if isinstance(refusal, LASTING):
            self.lasting_form = next_form(self.lasting_form, refusal, tokens)

    def _is_cut(self, request: AnswerRequest, answer: ModelAnswer) -> bool:
        """Return whether the service read fewer tokens than any model counts: some cut silently what does not fit."""
        counted = answer.use.prompt_tokens
        return counted is not None and 0 < counted < request.min_tokens

    def _count(self, request: AnswerRequest, answer: ModelAnswer | None) -> None:
        sent = None if answer is None else answer.use.prompt_tokens
        received = None if answer is None else answer.use.completion_tokens
        said = "" if answer is None else answer.text + answer.thoughts
        self.use += Usage(
            0,
            request.tokens if sent is None else max(0, sent),
            text_tokens(said) if received is None else max(0, received),
            is_estimated=sent is None or received is None,
        )


def open_language_model(context: EngineContext) -> ModelAnswerer:
    """Return the engine for the address of the settings. Nothing is sent before the first question.

    Raises:
        EngineUnavailable: the address or the options of calls are missing.
    """
    if context.service is None:
        raise EngineUnavailable(f"{LANGUAGE_MODEL.name} runs only where the options of its service are known.")
    chat = ChatService(
        context.service_address, context.service.settings, context.service.turns, lambda: datetime.now(UTC)
    )
    return ModelAnswerer(context.engine, chat, context.service)
