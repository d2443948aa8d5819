"""The engine: one scene, one or more calls of the model, one checked summary."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import structlog

from scenedex.engines.engine import EngineUnavailable
from scenedex.engines.summaries.port import NO_USE, VISION_LANGUAGE_MODEL, SceneSummary, SummaryUnavailable, Usage
from scenedex.engines.summaries.vision import faults
from scenedex.engines.summaries.vision.answers import AnswerUseless, claimed_sentences, read_answer
from scenedex.engines.summaries.vision.chat import ChatService
from scenedex.engines.summaries.vision.forms import LASTING, MIN_TEXT_TOKENS, RequestForm, next_form
from scenedex.engines.summaries.vision.prompt import PROMPT_VERSION, evenly, room_for_text, scene_request, text_tokens
from scenedex.engines.summaries.vision.support import SentenceFault, check_sentences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.engines.engine import Engine, EngineContext
    from scenedex.engines.service import ModelService
    from scenedex.engines.summaries.port import SceneEvidence, SummaryLocale
    from scenedex.engines.summaries.vision.answers import ModelAnswer
    from scenedex.engines.summaries.vision.prompt import SceneRequest
    from scenedex.engines.summaries.vision.support import CheckedSentences

_MAX_CALLS: Final = 10  # for one scene, in ever smaller forms
_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.summaries")


class VisionSummariser:
    """`Summariser` that asks a model for sentences and keeps those that the evidence supports.

    A form of requests that the service has refused is not tried again for the next scene.
    """

    def __init__(self, engine: Engine, chat: ChatService, service: ModelService) -> None:
        self.engine = engine
        self._chat = chat
        self._service = service
        self._settings = settings = service.settings
        room = room_for_text(settings.context_tokens, settings.max_tokens, settings.pictures, settings.longest_side)
        self._form = RequestForm(
            pictures=settings.pictures, longest_side=settings.longest_side, text_tokens=max(room, MIN_TEXT_TOKENS)
        )
        self._model = settings.model

    @property
    def model(self) -> str | None:
        """See `Summariser`."""
        return self._settings.model

    @property
    def prompt_version(self) -> str:
        """See `Summariser`."""
        return PROMPT_VERSION

    @property
    def pictures_per_scene(self) -> int:
        """See `Summariser`."""
        return self._settings.pictures

    async def summarise(
        self, scene: SceneEvidence, locale: SummaryLocale, preceding: Sequence[SceneSummary]
    ) -> SceneSummary:
        """See `Summariser`."""
        run = _SceneRun(self._chat, self._service, self._form, scene, locale, preceding[-1] if preceding else None)
        try:
            if self._model is None:
                self._model = await self._chat.model()
            return await run.summary(self._model)
        except _AllDropped as error:
            return SceneSummary((), len(error.checked.faults), run.use, error.model)
        except (faults.CallFailed, AnswerUseless, EngineUnavailable) as error:
            # Answers at temperature 0 are the same the next time.
            may_pass = error.may_pass if isinstance(error, faults.CallFailed) else not isinstance(error, AnswerUseless)
            raise SummaryUnavailable(f"Scene {scene.scene_id}: {error}", run.use, may_pass=may_pass) from error
        finally:
            self._form = run.lasting_form


class _AllDropped(AnswerUseless):
    """No sentence of an answer can be used."""

    def __init__(self, checked: CheckedSentences, model: str | None) -> None:
        super().__init__("No sentence of the answer can be used.")
        self.checked = checked
        self.model = model


class _SceneRun:
    """Calls for one scene.

    Attributes:
        use: use of the service so far.
        lasting_form: form that is right for the scenes that follow.
    """

    def __init__(
        self,
        chat: ChatService,
        service: ModelService,
        form: RequestForm,
        scene: SceneEvidence,
        locale: SummaryLocale,
        before: SceneSummary | None,
    ) -> None:
        self.use = NO_USE
        self.lasting_form = form
        self._chat = chat
        self._service = service
        self._form = replace(form, pictures=min(form.pictures, len(scene.pictures)))
        self._scene = scene
        self._locale: SummaryLocale = locale
        self._before = before
        self._jpegs: dict[int, Sequence[bytes]] = {}

    async def summary(self, model: str) -> SceneSummary:
        """Return the checked summary.

        Raises:
            CallFailed: the service does not answer.
            AnswerUseless: its answers are of no use.
            EngineUnavailable: a picture cannot be opened.
        """
        useless: AnswerUseless | None = None
        for _call in range(_MAX_CALLS):
            request = await self._request(model)
            try:
                answer = read_answer(await self._chat.complete(request.body))
            except faults.FormRefused as error:
                self._change_form(error)
                continue
            except AnswerUseless as error:
                # The service has worked, and may charge for it.
                self._count(request, None)
                useless = self._retry_once(error, useless)
                continue
            self._count(request, answer)
            try:
                if self._is_cut(request, answer):
                    self._change_form(faults.ContextExceeded("The service cuts off what does not fit its context."))
                    continue
                checked = self._checked(request, answer)
            except AnswerUseless as error:
                useless = self._retry_once(error, useless)
                continue
            if self._is_worth_retry(checked) and useless is None:
                useless = self._retry_once(_AllDropped(checked, answer.model), None)
                continue
            return self._summary(checked, answer.model)
        raise useless or faults.CallFailed(f"{self._chat.name} refuses the request in every form.")

    async def _request(self, model: str) -> SceneRequest:
        return scene_request(
            self._scene,
            await self._pictures(),
            self._locale,
            self._before,
            form=self._form,
            model=model,
            max_tokens=self._service.settings.max_tokens,
        )

    async def _pictures(self) -> Sequence[bytes]:
        """Return the pictures of the scene in the present size, at even distances."""
        form = self._form
        if not form.pictures:
            return ()
        if form.longest_side not in self._jpegs:
            found = [picture.jpeg for picture in self._scene.pictures]
            self._jpegs[form.longest_side] = await self._service.shrink(
                found, longest_side=form.longest_side, quality=self._service.settings.quality
            )
        return evenly(self._jpegs[form.longest_side], form.pictures)

    def _checked(self, request: SceneRequest, answer: ModelAnswer) -> CheckedSentences:
        claimed = claimed_sentences(answer)
        return check_sentences(claimed, self._scene, request.evidence, self._locale, self._before)

    def _summary(self, checked: CheckedSentences, model: str | None) -> SceneSummary:
        _log.debug("summary.checked", scene=self._scene.scene_id, faults=[one.name for one in checked.faults])
        return SceneSummary(checked.kept, len(checked.faults), self.use, model)

    def _is_worth_retry(self, checked: CheckedSentences) -> bool:
        """Return whether all sentences are in another language or garbled, which a reminder may change."""
        wrong = {SentenceFault.LANGUAGE, SentenceFault.GARBLED}
        return not checked.kept and bool(checked.faults) and wrong.issuperset(checked.faults)

    def _retry_once(self, error: AnswerUseless, former: AnswerUseless | None) -> AnswerUseless:
        """Ask once more, without a schema, since some services garble what they hold to one."""
        if former is not None:
            raise former if isinstance(former, _AllDropped) else error
        self._form = self._form.without_schema
        return error

    def _change_form(self, refusal: faults.FormRefused) -> None:
        """Take the next form that the service may accept, or raise the refusal."""
        tokens = sum(text_tokens(one.text) for one in (*self._scene.lines, *self._scene.texts))
        self._form = next_form(self._form, refusal, tokens)
        if isinstance(refusal, LASTING):
            self.lasting_form = next_form(self.lasting_form, refusal, tokens)

    def _is_cut(self, request: SceneRequest, answer: ModelAnswer) -> bool:
        """Return whether the service read fewer tokens than any model counts: some cut silently what does not fit."""
        counted = answer.use.prompt_tokens
        return counted is not None and 0 < counted < request.min_tokens

    def _count(self, request: SceneRequest, answer: ModelAnswer | None) -> None:
        reported = None if answer is None else answer.use
        sent = None if reported is None else reported.prompt_tokens
        received = None if reported is None else reported.completion_tokens
        words = "" if answer is None else answer.text + answer.thoughts
        self.use += Usage(
            request.pictures,
            request.tokens if sent is None else max(0, sent),
            text_tokens(words) if received is None else max(0, received),
            is_estimated=sent is None or received is None,
        )


def open_vision_model(context: EngineContext) -> VisionSummariser:
    """Return the engine for the address of the settings. Nothing is sent before the first scene.

    Raises:
        EngineUnavailable: the address or the options of calls are missing.
    """
    if context.service is None:
        raise EngineUnavailable(f"{VISION_LANGUAGE_MODEL.name} runs only where the options of its service are known.")
    settings = context.service.settings
    chat = ChatService(context.service_address, settings, context.service.turns, lambda: datetime.now(UTC))
    return VisionSummariser(context.engine, chat, context.service)
