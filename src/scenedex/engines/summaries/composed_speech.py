"""Choice of the passages of speech that tell the most about a scene. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scenedex.engines.keywords import stopwords
from scenedex.engines.summaries.composed_passages import SHORT, passages_of, sentences_of
from scenedex.engines.summaries.composed_texts import bare, clean_name, width

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from scenedex.engines.summaries.composed_passages import Quotable
    from scenedex.engines.summaries.port import SceneEvidence

LONGEST_QUOTE: Final = 110
"""Maximum number of columns of a quoted passage. A Korean, Japanese or Chinese character fills two."""

LONGEST_SECOND: Final = 80
"""Maximum number of columns of the second one."""

_ANONYMOUS: Final = re.compile(r"Speaker \d+")
_LATIN: Final = re.compile(r"[A-Za-z\u00c0-\u024f]+(?:['\u2019-][A-Za-z\u00c0-\u024f]+)*")
_HANGUL: Final = re.compile("[\uac00-\ud7a3]+")
_DENSE: Final = re.compile("[\u3400-\u4dbf\u4e00-\u9fff々]+|[\u30a1-\u30faー]{2,}")
_DIGITS: Final = re.compile(r"\d+")
_QUESTION: Final = re.compile(
    r"[?？]['’)]*$|(?:까요?|나요|가요|습니까)$|(?:です|ます|でしょう|ません)か$|[吗嗎]$"  # noqa: RUF001  # a question mark of Chinese
)
_DULL_CHARACTERS: Final = frozenset(
    "的一是不了在人有我他这這个個们們中来來上大为為和国國地到以说說时時要就出会會可也你对對生能而子那得于於着著下自之年过過发發后後作里裡"
    "用道行所然家种種事成方多经經么麼去法学學如都同现現当當没沒动動面起看定天分还還进進好小部其些主样樣理心她本前开開但因只从從想实實"
    "很什谁誰哪吗嗎呢吧啊今日天私僕何物"
)
_KOREAN_PARTICLES: Final = re.compile("(?:은|는|이|가|을|를|에|의|도|와|과|로|으로|에서|에게|까지|부터)$")
_REPLY_MS: Final = 2_500
_ENOUGH: Final = 1.2
_MIN_SHARE: Final = 0.45
_MAX_SHARED: Final = 0.5
_MIN_ROUGH_WORDS: Final = 4
_FEW_LETTERS: Final = 12
_NEXT_SENTENCE: Final = 1.2
_COLUMN: Final = 0.015
_OPEN: Final = 0.55
_CUT: Final = 0.75
_DULL: Final = 0.05
_VERY_SHORT: Final = 24
_GREETINGS: Final = re.compile(
    r"^(?:good (?:morning|evening|afternoon|night)|hello|hi|hey|thank you|thanks|bye|안녕|감사합니다|고맙습니다|수고하"
    r"|こんにちは|おはよう|こんばんは|ありがとう|你好|您好|大家好|谢谢|謝謝|早上好)"
)


@dataclass(frozen=True, slots=True)
class Said:
    """A quoted passage.

    Attributes:
        quote: the words, clean.
        name: name of the speaker, `None` if it is not known.
        voice: label of the speaker.
        is_question: whether it asks.
        is_reply: whether it follows the passage before it at once, is of another speaker, and that one asks.
        is_rough: whether many words are wrong.
    """

    quote: str
    name: str | None
    voice: str
    is_question: bool
    is_reply: bool = False
    is_rough: bool = False


@dataclass(frozen=True, slots=True)
class Speech:
    """What is said in a scene: up to two passages, in order of time.

    Attributes:
        said: the passages. Empty if there is no speech, or none that tells anything.
        is_heard: whether there is speech.
        is_later: whether some time is between the two passages.
        is_rough: whether many words of all lines are wrong.
    """

    said: tuple[Said, ...]
    is_heard: bool
    is_later: bool = False
    is_rough: bool = False


def is_question(text: str) -> bool:
    """Return whether a passage asks, by its mark or its last syllables."""
    return _QUESTION.search(text) is not None


def speaker_name(speaker: str) -> str | None:
    """Return the name of a speaker, `None` for a label such as "Speaker 1"."""
    return None if _ANONYMOUS.fullmatch(speaker.strip()) else clean_name(speaker) or None


def telling(scene: SceneEvidence, known: Collection[str]) -> Speech:
    """Return the passages that tell the most.

    Args:
        scene: the evidence.
        known: quotes of the summaries of preceding scenes, which are not repeated.
    """
    if not scene.lines:
        return Speech((), is_heard=False)
    lines = sorted((line for line in scene.lines if not line.is_rough), key=lambda line: line.start_ms)
    rough = not lines
    lines = lines or sorted(scene.lines, key=lambda line: line.start_ms)
    weights = _Weights(scene, {bare(sentence) for quote in known for sentence in sentences_of(quote)})
    groups = passages_of(lines, LONGEST_QUOTE)
    scored = sorted(
        ((weights.score(one), one) for group in groups for one in group),
        key=lambda pair: (-pair[0], pair[1].start_ms, len(pair[1].text)),
    )
    if not scored:
        return Speech((), is_heard=True, is_rough=rough)
    score, best = scored[0]
    if rough:
        is_useful = len(best.text.split()) >= _MIN_ROUGH_WORDS or width(best.text) >= 2 * _FEW_LETTERS
        return Speech((_said(best),) if is_useful and score >= _ENOUGH else (), is_heard=True, is_rough=True)
    if score < _ENOUGH and width(best.text) < _FEW_LETTERS:
        return Speech((), is_heard=True)
    best = _in_context(best, groups[best.group])
    second = _second(best, score, scored, weights) if len(lines) > 1 else None
    if second is None:
        return Speech((_said(best),), is_heard=True)
    first, latter = sorted((best, second), key=lambda one: one.start_ms)
    gap = latter.start_ms - first.end_ms
    is_reply = first.speaker != latter.speaker and is_question(first.quote) and gap <= _REPLY_MS
    return Speech(
        (_said(first), _said(latter, is_reply=is_reply)), is_heard=True, is_later=gap > 2 * _REPLY_MS and not is_reply
    )


def _in_context(best: Quotable, group: Sequence[Quotable]) -> Quotable:
    """Return a short passage with the sentences around it, if they are short too."""
    if width(best.text) >= _VERY_SHORT:
        return best
    around = [
        one for one in group if width(one.text) <= SHORT and {*best.sentences} < {*one.sentences} and not one.is_rough
    ]
    return max(around, key=lambda one: (len(one.sentences), -one.start_ms), default=best)


def _said(passage: Quotable, *, is_reply: bool = False) -> Said:
    return Said(
        passage.quote,
        speaker_name(passage.speaker),
        passage.speaker,
        all(map(is_question, passage.sentences)) and not passage.is_cut,
        is_reply,
        passage.is_rough,
    )


def _second(
    best: Quotable, score: float, scored: Sequence[tuple[float, Quotable]], weights: _Weights
) -> Quotable | None:
    """Return a passage that adds something to the best one, such as the answer to a question."""
    words = weights.words(best.text)
    found: tuple[float, Quotable] | None = None
    for value, one in scored:
        overlaps = one.start_ms < best.end_ms and best.start_ms < one.end_ms
        if overlaps or (one.group == best.group and _touches(one, best)) or width(one.text) > LONGEST_SECOND:
            continue
        own = weights.words(one.text)
        if own and sum(own[word] for word in own if word in words) > _MAX_SHARED * sum(own.values()):
            continue
        worth = value
        if one.speaker != best.speaker:
            former, latter = sorted((one, best), key=lambda passage: passage.start_ms)
            if latter.start_ms - former.end_ms <= _REPLY_MS and is_question(former.text):
                worth = 1.5 * value + 1
        if worth >= _MIN_SHARE * score and worth >= _ENOUGH and (found is None or worth > found[0]):
            found = worth, one
    return None if found is None else found[1]


def _touches(one: Quotable, other: Quotable) -> bool:
    return one.text in other.text or other.text in one.text or one.start_ms == other.start_ms


class _Weights:
    """Weights of words: much for names, numbers and the keywords of the scene, nothing for common words."""

    def __init__(self, scene: SceneEvidence, known: Collection[str]) -> None:
        self._known: Final = known
        self._keywords = {
            one.keyword.casefold(): one.confidence for one in scene.keywords if one.category in {"SPEECH", "TEXT"}
        }
        self._names = {person.name.casefold() for person in scene.persons if person.name}
        self._cache: dict[str, Mapping[str, float]] = {}
        self._sentences: dict[str, float] = {}

    def score(self, passage: Quotable) -> float:
        """Return how much a passage tells. A complete sentence of medium length counts more than a part of one."""
        value = sum(map(self._sentence, passage.sentences)) - _NEXT_SENTENCE * (len(passage.sentences) - 1)
        value *= _OPEN if passage.is_open else _CUT if passage.is_cut else 1.0
        # Few words are seldom understood without those around them.
        return value * min(1.0, 0.4 + width(passage.text) / 50)

    def _sentence(self, text: str) -> float:
        if text not in self._sentences:
            folded = text.casefold()
            value = sum(self.words(text).values()) + 0.8 * is_question(text) - _COLUMN * width(text)
            value += sum(0.5 + 2 * confidence for keyword, confidence in self._keywords.items() if keyword in folded)
            value += sum(2 for name in self._names if name in folded)
            is_dull = _GREETINGS.search(folded) or bare(text) in self._known
            self._sentences[text] = value * (_DULL if is_dull else 1)
        return self._sentences[text]

    def words(self, text: str) -> Mapping[str, float]:
        """Return the weight of each word of a text."""
        if text not in self._cache:
            self._cache[text] = _weighted(text)
        return self._cache[text]


def _weighted(text: str) -> dict[str, float]:
    weights: dict[str, float] = {}
    for match in _LATIN.finditer(text):
        word = match.group()
        key = word.casefold().replace("\u2019", "'")
        if key in stopwords.ENGLISH or len(key) < 3:  # noqa: PLR2004  # letters of a word that has a meaning alone
            continue
        is_name = (
            word[0].isupper() and match.start() > 0 and text[match.start() - 2 : match.start()] not in {". ", "? "}
        )
        weights[key] = 1.6 if is_name else 1.0
    for match in _HANGUL.finditer(text):
        word = match.group()
        stem = _KOREAN_PARTICLES.sub("", word) if len(word) > 2 else word  # noqa: PLR2004  # a noun and its particle
        if len(stem) > 1 and not {word, stem} & stopwords.KOREAN:
            weights[stem] = 0.9
    for match in _DENSE.finditer(text):
        run = match.group()
        dull = sum(character in _DULL_CHARACTERS for character in run)
        if run not in stopwords.JAPANESE and run not in stopwords.CHINESE and dull < len(run):
            weights[run] = 0.35 * (len(run) - dull) + 0.2
    for match in _DIGITS.finditer(text):
        weights[match.group()] = 1.4
    return weights
