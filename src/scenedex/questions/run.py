"""Handler of questions: searches for passages, has an engine answer from them, and stores the answer."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec
import psycopg
import structlog

from scenedex.db.database import DatabaseUnavailable
from scenedex.engines.answers import AnswerUnavailable
from scenedex.engines.answers.topics import searched_words
from scenedex.engines.engine import EngineUnavailable
from scenedex.engines.selection import NotAnalysed
from scenedex.index.confidence import ConfidenceLevel
from scenedex.index.service import with_findings
from scenedex.jobs.attempts import AttemptHandler, Failure, Refusal, reason_of
from scenedex.jobs.errors import Superseded
from scenedex.questions import evidence_queries, queries
from scenedex.questions.evidence import HitScene, passages_of
from scenedex.questions.records import AnswerFacts, CitedSentence, LookedAt, MadeAnswer, MadeCitation, NoAnswer
from scenedex.search.records import SearchClaim, SearchNumber, SearchRequest
from scenedex.search.run import MAX_STATEMENT_SECONDS
from scenedex.search.scene_search import find_hits
from scenedex.search.weighted_matches import Question
from scenedex.summaries.budget import MonthlyLimitReached, ServiceBudget
from scenedex.summaries.records import ServiceUse
from scenedex.summaries.use import NO_LIMITS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scenedex.db.database import Database, Transaction
    from scenedex.engines.answers import Answer, Answerer
    from scenedex.engines.engine import EngineChoice
    from scenedex.engines.summaries import Usage
    from scenedex.index.records import SceneKey
    from scenedex.questions.evidence import FoundPassage
    from scenedex.questions.records import IndexPart, QuestionClaim
    from scenedex.search.records import Hit
    from scenedex.search.scene_search import SceneSearchOptions
    from scenedex.summaries.use import MonthlyLimits

_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.questions")
_MAX_SCENES: Final = 40
_MAX_SCENES_OF_ASSET: Final = 12
_MAX_COUNTED_ASSETS: Final = 20_000
# The engine has repeated its calls before it gives up.
_MAX_TRIES_OF_ENGINE: Final = 3
_PARTS: Final[Sequence[IndexPart]] = ("speech", "text", "korean", "faces", "objects", "labels")


class NoAnswerer(Exception):
    """No engine of answers runs here."""

    def __init__(self, lack: NotAnalysed) -> None:
        super().__init__(f"Answers: {lack.reason}. To enable them: {lack.command}")


@dataclass(frozen=True, slots=True)
class _Found:
    """Result of the search: passages, what they were found in, and what was not compared."""

    passages: Sequence[FoundPassage]
    looked_at: LookedAt
    note: str | None


class QuestionHandler(AttemptHandler["QuestionClaim"]):
    """`AttemptHandler` that answers a question.

    Args:
        database: the database.
        search: engines and limits of the search for passages.
        select: returns the selected engine, or the reason that there is none.
        open_answerer: loads it.
        limits: limits of a workspace for engines that call a service.
    """

    def __init__(
        self,
        database: Database,
        *,
        search: SceneSearchOptions,
        select: Callable[[], EngineChoice | NotAnalysed],
        open_answerer: Callable[[EngineChoice], Answerer],
        limits: MonthlyLimits = NO_LIMITS,
    ) -> None:
        self._database = database
        self._search = search
        self._select = select
        self._open = open_answerer
        self._limits = limits

    async def claim(self, subject: int) -> QuestionClaim | None:
        """See `AttemptHandler`."""
        async with self._database.transaction() as tx:
            return await queries.claim(tx, subject)

    async def work(self, claim: QuestionClaim) -> None:
        """See `AttemptHandler`."""
        started = time.monotonic()
        choice = self._select()
        if isinstance(choice, NotAnalysed):
            raise NoAnswerer(choice)
        answerer = self._open(choice)
        budget = None if choice.address is None else ServiceBudget(self._limits, claim.workspace_id, _purpose(answerer))
        found = await self._find(claim)
        facts = AnswerFacts(
            found.looked_at,
            note=found.note,
            engine=str(answerer.engine),
            model=answerer.model,
            prompt_version=answerer.prompt_version,
        )
        if found.passages:
            made = _made(facts, await self._answer(claim, answerer, found.passages, budget), found.passages)
        else:
            nothing = NoAnswer.NOTHING_FOUND if found.looked_at.analysed_asset_count else NoAnswer.NOTHING_ANALYSED
            made = MadeAnswer(msgspec.structs.replace(facts, reason=nothing))
        async with self._database.transaction() as tx:
            if not await queries.complete(tx, claim, made):
                raise Superseded
        seconds = round(time.monotonic() - started, 3)
        _log.info("question.completed", question=claim.number, sentences=len(made.sentences), seconds=seconds)

    def judge(self, claim: QuestionClaim, error: Exception) -> Refusal | Failure:
        """See `AttemptHandler`."""
        if isinstance(error, DatabaseUnavailable) and isinstance(error.__cause__, psycopg.errors.QueryCanceled):
            return Refusal(f"The search took longer than {MAX_STATEMENT_SECONDS} s. Narrow the filter.")
        if isinstance(error, NoAnswerer | MonthlyLimitReached):
            return Refusal(str(error))
        if isinstance(error, AnswerUnavailable):
            return Failure(str(error), max_tries=_MAX_TRIES_OF_ENGINE if error.may_pass else 1)
        if isinstance(error, EngineUnavailable):
            return Failure(str(error), max_tries=_MAX_TRIES_OF_ENGINE)
        return Failure(reason_of(claim, error))

    async def fail(self, claim: QuestionClaim, reason: str) -> None:
        """See `AttemptHandler`."""
        async with self._database.transaction() as tx:
            await queries.fail(tx, claim, reason)
        _log.info("question.failed", question=claim.number, reason=reason)

    async def put_back(self, claim: QuestionClaim) -> None:
        """See `AttemptHandler`."""
        async with self._database.transaction() as tx:
            await queries.release(tx, claim)

    async def _answer(
        self, claim: QuestionClaim, answerer: Answerer, passages: Sequence[FoundPassage], budget: ServiceBudget | None
    ) -> Answer:
        if budget is not None:
            async with self._database.reading() as tx:
                await budget.require_left(tx, scenes=0)
        started = time.monotonic()
        request = claim.request
        try:
            answer = await answerer.answer(request.question, [one.passage for one in passages], request.locale)
        except AnswerUnavailable as error:
            await self._add_use(budget, error.usage, time.monotonic() - started)
            raise
        await self._add_use(budget, answer.usage, time.monotonic() - started)
        return answer

    async def _add_use(self, budget: ServiceBudget | None, usage: Usage, seconds: float) -> None:
        if budget is None:
            return
        async with self._database.transaction() as tx:
            use = ServiceUse(usage.pictures, usage.input_tokens, usage.output_tokens, usage.is_estimated)
            await budget.add(tx, use, scene_count=0, seconds=seconds)

    async def _find(self, claim: QuestionClaim) -> _Found:
        async with self._database.snapshot() as tx:
            # A generic plan would not know how many scenes meet the conditions.
            await tx.run(
                """
                SELECT set_config('statement_timeout', %(timeout)s, true),
                       set_config('plan_cache_mode', 'force_custom_plan', true)
                """,
                timeout=f"{MAX_STATEMENT_SECONDS}s",
            )
            hits, note = await self._hits(tx, claim)
            scope = claim.request.scope
            looked_at = await evidence_queries.looked_at(tx, claim.workspace_id, scope, _PARTS, _MAX_COUNTED_ASSETS)
            scenes = await evidence_queries.scenes_of(tx, list(hits))
            kept = _diverse([scene.asset_id for scene in scenes])
            scenes = [scenes[place] for place in kept]
            complete = await with_findings(tx, [(scene.index_id, scene.scene) for scene in scenes])
        found: list[HitScene] = []
        for scene, with_words in zip(scenes, complete, strict=True):
            hit, question = hits[scene.key]
            whole = scene.with_scene(with_words)
            found.append(HitScene(whole, (hit.score or 0) / 100, hit.evidence, question))
        passages = passages_of(found)
        looked_at = msgspec.structs.replace(looked_at, scene_count=len(hits), passage_count=len(passages))
        return _Found(passages, looked_at, note)

    async def _hits(
        self, tx: Transaction, claim: QuestionClaim
    ) -> tuple[dict[SceneKey, tuple[Hit, Question]], str | None]:
        """Search for the words of a question and for all of it. Return hits, best first, and a note."""
        asked = claim.request
        found: dict[SceneKey, tuple[Hit, Question]] = {}
        note: str | None = None
        for text in dict.fromkeys((searched_words(asked.question), asked.question)):
            if not text:
                continue
            request = SearchRequest(asked.scope, ConfidenceLevel.LOW, text)
            search = SearchClaim(SearchNumber(0), claim.workspace_id, claim.user_name, request, 1, 1)
            outcome = await find_hits(tx, search, self._search)
            note = note or outcome.message
            question = Question(outcome.found_by, text)
            for hit in outcome.hits:
                key = hit.index_id, hit.scene_id
                if key not in found or (found[key][0].score or 0) < (hit.score or 0):
                    found[key] = hit, question
        ordered = sorted(found.items(), key=lambda one: -(one[1][0].score or 0))
        return dict(ordered), note


def _diverse(assets: Sequence[int]) -> list[int]:
    """Return the places of the first scenes in order of the hits, at most some of each asset."""
    counts: dict[int, int] = {}
    kept: list[int] = []
    for place, asset_id in enumerate(assets):
        counts[asset_id] = counts.get(asset_id, 0) + 1
        if counts[asset_id] <= _MAX_SCENES_OF_ASSET and len(kept) < _MAX_SCENES:
            kept.append(place)
    return kept


def _purpose(answerer: Answerer) -> str:
    """Return the name under which the use of a service is counted, apart from that of scene summaries."""
    return f"{answerer.engine} answers"


def _made(facts: AnswerFacts, answer: Answer, passages: Sequence[FoundPassage]) -> MadeAnswer:
    """Return an answer with its citations, numbered in the order in which its sentences cite them."""
    by_number = {one.passage.number: one for one in passages}
    numbers: dict[int, int] = {}
    sentences: list[CitedSentence] = []
    for sentence in answer.sentences:
        cited = tuple(dict.fromkeys(number for number in sentence.passages if number in by_number))
        if not cited:
            continue
        for number in cited:
            numbers.setdefault(number, len(numbers) + 1)
        sentences.append(CitedSentence(_storable(sentence.text), tuple(numbers[number] for number in cited)))
    citations = [
        MadeCitation(
            number,
            by_number[cited].scene.index_id,
            by_number[cited].scene.scene.scene_id,
            by_number[cited].person_ids,
            by_number[cited].citation,
        )
        for cited, number in numbers.items()
    ]
    reason = None
    if not sentences:
        reason = NoAnswer.NOT_SUPPORTED if answer.unsupported_count else NoAnswer.NOT_ANSWERED
    usage = answer.usage
    facts = msgspec.structs.replace(
        facts,
        reason=reason,
        model=_storable(answer.model) if answer.model else facts.model,
        unsupported_count=answer.unsupported_count,
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        is_usage_estimated=usage.is_estimated,
    )
    return MadeAnswer(facts, sentences, citations)


def _storable(text: str) -> str:
    """Remove characters that the database cannot store, and spaces at both ends."""
    return text.replace("\0", "").encode(errors="ignore").decode().strip()
