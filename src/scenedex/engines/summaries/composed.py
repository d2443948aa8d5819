"""Summaries composed of sentences about what the index knows. They need no model and no network."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from scenedex.engines.summaries.chinese import Chinese
from scenedex.engines.summaries.composed_choice import Row, order_of
from scenedex.engines.summaries.composed_facts import facts_of
from scenedex.engines.summaries.composed_options import Option, Writer
from scenedex.engines.summaries.english import English
from scenedex.engines.summaries.japanese import Japanese
from scenedex.engines.summaries.korean import Korean
from scenedex.engines.summaries.port import COMPOSED, SceneSummary, SummarySentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from scenedex.engines.engine import EngineContext
    from scenedex.engines.summaries.composed_facts import Facts
    from scenedex.engines.summaries.composed_language import Language
    from scenedex.engines.summaries.port import Basis, SceneEvidence, SummaryLocale

MOST_SENTENCES: Final = 4

_ORDERS: Final[tuple[tuple[float, tuple[Basis, ...]], ...]] = (
    (0.0, ("seen", "heard", "read")),
    (0.1, ("seen", "read", "heard")),
    (0.2, ("heard", "seen", "read")),
    (0.3, ("read", "seen", "heard")),
    (0.35, ("heard", "read", "seen")),
    (0.35, ("read", "heard", "seen")),
)
_REPEATED_OPENING: Final = 20.0
_TOO_LONG: Final = 10.0
_EMPTY: Final = 40.0
_LENGTH: Final = 0.004


class ComposedSummariser:
    """`Summariser` of sentences that are composed. The result depends on its arguments alone."""

    def __init__(self, _context: EngineContext) -> None:
        self.engine: Final = COMPOSED
        self.model: Final = None
        self.prompt_version: Final = None
        self.pictures_per_scene: Final = 0
        self._languages: Final = _Languages()

    async def summarise(
        self, scene: SceneEvidence, locale: SummaryLocale, preceding: Sequence[SceneSummary]
    ) -> SceneSummary:
        """See `Summariser`."""
        language = self._languages.of(locale)
        facts = facts_of(scene, preceding)
        row = Row(preceding, _seed(scene, facts), is_spaced=language.is_spaced)
        return SceneSummary(_Composer(language, facts, row).sentences())


class _Languages:
    """Languages by locale, made when they are needed."""

    def of(self, locale: SummaryLocale) -> Language:
        match locale:
            case "en-US":
                return self._english
            case "ko-KR":
                return self._korean
            case "ja-JP":
                return self._japanese
            case "zh-CN":
                return self._simplified
            case "zh-TW":
                return self._traditional

    @cached_property
    def _english(self) -> Language:
        return English()

    @cached_property
    def _korean(self) -> Language:
        return Korean()

    @cached_property
    def _japanese(self) -> Language:
        return Japanese()

    @cached_property
    def _simplified(self) -> Language:
        return Chinese(is_traditional=False)

    @cached_property
    def _traditional(self) -> Language:
        return Chinese(is_traditional=True)


def _seed(scene: SceneEvidence, facts: Facts) -> str:
    said = [one.quote for one in facts.speech.said]
    return repr((scene.scene_id, scene.start_ms, facts.cast.names, said, [one.text for one in facts.signs]))


@dataclass(frozen=True, slots=True)
class _Draft:
    sentences: tuple[SummarySentence, ...]
    cost: float


@dataclass(frozen=True, slots=True)
class _Candidate:
    """An option with what is known of it before the sentences around it are."""

    option: Option
    texts: tuple[str, ...]
    pieces: frozenset[str]
    cost: float


class _Composer:
    def __init__(self, language: Language, facts: Facts, row: Row) -> None:
        self._language: Final = language
        self._facts: Final = facts
        self._row: Final = row
        self._writer: Final = Writer(language, facts)

    def sentences(self) -> tuple[SummarySentence, ...]:
        if self._facts.is_empty:
            return self._bare().sentences
        cast = self._facts.cast
        subject = cast.names[0] if len(cast.names) == 1 and not cast.unnamed else None
        seen, read = self._candidates(self._writer.seen()), self._candidates(self._writer.read())
        heard = self._candidates(self._writer.heard(None))
        heard_on = heard if subject is None else self._candidates(self._writer.heard(subject))
        drafts = [
            draft
            for cost, order in self._orders()
            if (draft := self._draft(order, cost, {"seen": seen, "heard": heard, "read": read}, heard_on)).sentences
        ]
        if not drafts or self._facts.is_only_music:
            sizes = self._best(self._writer.sizes(), opens=True)
            bare = tuple(SummarySentence(text, "seen") for text in sizes.texts)
            return (*bare, *(drafts[0].sentences if drafts else ()))
        return min(drafts, key=lambda draft: draft.cost).sentences

    def _orders(self) -> Iterator[tuple[float, tuple[Basis, ...]]]:
        """Yield the orders of the parts that there are, each once, with their costs."""
        facts = self._facts
        there: dict[Basis, bool] = {
            "seen": bool(facts.cast.names or facts.cast.unnamed or facts.things or facts.look),
            "heard": bool(facts.speech.is_heard or facts.sounds),
            "read": bool(facts.signs),
        }
        known: set[tuple[Basis, ...]] = set()
        for cost, order in _ORDERS:
            kept: tuple[Basis, ...] = tuple(part for part in order if there[part])
            if kept not in known:
                known.add(kept)
                yield cost, kept

    def _candidates(self, options: Sequence[Option]) -> list[_Candidate]:
        row, finished = self._row, self._language.finished
        found: list[_Candidate] = []
        for option in options:
            texts = tuple(finished(text) for text in option.sentences)
            pieces = frozenset[str]().union(*map(row.pieces, texts))
            cost = option.cost + sum(map(len, texts)) * _LENGTH
            if texts:
                cost += row.repetition(pieces, frozenset()) + row.noise(" ".join(texts))
            found.append(_Candidate(option, texts, pieces, cost))
        return found

    def _draft(
        self,
        order: tuple[Basis, ...],
        cost: float,
        candidates: dict[Basis, list[_Candidate]],
        heard_on: list[_Candidate],
    ) -> _Draft:
        """Return the best summary with its parts in this order, each chosen after those before it."""
        chosen: list[SummarySentence] = []
        own = frozenset[str]()
        former: Basis | None = None
        total = cost
        for part in order:
            options = heard_on if part == "heard" and former == "seen" and len(chosen) == 1 else candidates[part]
            best, best_cost = options[0], float("inf")
            for one in options:
                value = one.cost + self._cost_here(one, chosen, own, is_last=part is order[-1])
                if value < best_cost:
                    best, best_cost = one, value
            total += best_cost
            if best.texts:
                chosen += [SummarySentence(text, part) for text in best.texts]
                own |= best.pieces
                former = part
        return _Draft(tuple(chosen), total + self._row.same_orders(order_of(chosen)))

    def _cost_here(
        self, one: _Candidate, chosen: Sequence[SummarySentence], own: frozenset[str], *, is_last: bool
    ) -> float:
        cost = 0.0
        if not one.texts:
            return _EMPTY if is_last and not chosen else cost
        if not chosen and self._row.has_opening(one.texts[0]):
            cost += _REPEATED_OPENING
        if len(chosen) + len(one.texts) > MOST_SENTENCES:
            cost += _TOO_LONG
        if own:
            shared = len(one.pieces & own)
            cost += 2 * shared / len(one.pieces)
        return cost

    def _bare(self) -> _Draft:
        """Return a summary of the length and the shots of a scene of which nothing else is known."""
        sizes = self._best(self._writer.sizes(), opens=True)
        absence = self._best(self._writer.absence(), opens=False)
        return _Draft(tuple(SummarySentence(text, "seen") for text in (*sizes.texts, *absence.texts)), 0.0)

    def _best(self, options: Sequence[Option], *, opens: bool) -> _Candidate:
        key: Callable[[_Candidate], float] = lambda one: (  # noqa: E731  # two uses would not be shorter
            one.cost + (_REPEATED_OPENING if opens and self._row.has_opening(one.texts[0]) else 0.0)
        )
        return min(self._candidates(options), key=key)
