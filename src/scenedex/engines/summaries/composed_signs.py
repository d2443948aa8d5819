"""Choice of the texts on screen that say the most about a scene. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final

from scenedex.engines.summaries.composed_texts import ELLIPSIS, bare, clean, width

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from scenedex.engines.summaries.port import EvidenceText, SceneEvidence

MOST_SIGNS: Final = 3
LONGEST_SIGN: Final = 64
"""Maximum number of columns of a quoted text. A Korean, Japanese or Chinese character fills two."""

_LONGEST_TEXT: Final = 120
"""Number of columns from which a text is taken for a ticker or a page."""

_MIN_CONFIDENCE: Final = 0.6
_MIN_LETTERS: Final = 2
_LETTERS: Final = re.compile(r"[^\W\d_]")
_IDEOGRAPH: Final = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3]")
_CLOCK: Final = re.compile(
    r"(?:[ap]\.?m\.?|오전|오후|午前|午後|上午|下午)?\s*\d{1,2}\s?[:.：h시時时]\s?\d{1,2}(?:[:.：]\d{1,2})*\s?"  # noqa: RUF001  # punctuation of Chinese
    r"(?:[분分]|[ap]\.?m\.?|uhr|live)?",
    re.IGNORECASE,
)
_VOWELS: Final = re.compile("[aeiouyà-ü]", re.IGNORECASE)
_MIXED: Final = re.compile(r"[^\W\d_]\d[^\W\d_]")
_MOST_TEXTS: Final = 60
_SAME: Final = 0.8
_SPOKEN: Final = 0.7
_KNOWN_FACTOR: Final = 0.15
_MIN_SHARE: Final = 0.3
_WHOLE_WIDTH: Final = 24


@dataclass(frozen=True, slots=True)
class Sign:
    """A text on screen that is quoted, and whether a preceding summary has quoted it."""

    text: str
    is_known: bool = False


def signs_of(scene: SceneEvidence, quotes: Sequence[str], known: Collection[str]) -> tuple[Sign, ...]:
    """Return the texts to quote, in order of time.

    Clocks, numbers, single letters, tickers, uncertain texts and those that repeat what is said are left out.

    Args:
        scene: the evidence.
        quotes: passages of speech that are quoted.
        known: quotes of the summaries of preceding scenes.
    """
    length = max(1, scene.end_ms - scene.start_ms)
    scored: list[tuple[float, int, str]] = []
    for text, shown in _merged(scene.texts):
        if not _is_telling(text, shown) or any(_is_like(text, quote, _SPOKEN) for quote in quotes):
            continue
        share = min(1.0, (shown.end_ms - shown.start_ms) / length) if scene.end_ms > scene.start_ms else 1.0
        size = 0.5 if shown.height is None else min(1.0, 0.25 + 5 * shown.height)
        fullness = min(1.0, 0.35 + width(text) / _WHOLE_WIDTH)
        score = shown.confidence * fullness * (0.4 + share) * (0.4 + size)
        if _short(text) in known:
            score *= _KNOWN_FACTOR
        scored.append((score, shown.start_ms, text))
    scored.sort(key=lambda one: (-one[0], one[1], one[2]))
    chosen: list[tuple[int, int, str]] = []
    columns = 0
    for place, (score, start, text) in enumerate(scored):
        short = _short(text)
        is_enough = len(chosen) == MOST_SIGNS or columns + width(short) > 2 * LONGEST_SIGN
        if is_enough or score < _MIN_SHARE * scored[0][0]:
            break
        chosen.append((start, place, short))
        columns += width(short)
    return tuple(Sign(text, text in known) for _, _, text in sorted(chosen))


def _merged(texts: Sequence[EvidenceText]) -> list[tuple[str, EvidenceText]]:
    """Return each text once, in its most certain reading."""
    merged: list[tuple[str, EvidenceText]] = []
    for shown in sorted(texts, key=_doubt)[:_MOST_TEXTS]:
        text = bare(clean(shown.text))
        if text and not any(text == other or _is_like(text, other, _SAME) for other, _ in merged):
            merged.append((text, shown))
    return merged


def _doubt(shown: EvidenceText) -> tuple[float, bool, int, str]:
    """Return a key by which the most certain texts come first, of equal ones those without digits within words."""
    return -shown.confidence, _MIXED.search(shown.text) is not None, shown.start_ms, shown.text


def _is_telling(text: str, shown: EvidenceText) -> bool:
    if shown.confidence < _MIN_CONFIDENCE or width(text) > _LONGEST_TEXT or _CLOCK.fullmatch(text):
        return False
    letters = _LETTERS.findall(text)
    wide = len(_IDEOGRAPH.findall(text))
    if wide:
        return wide >= _MIN_LETTERS or len(letters) > wide
    # Marks and patterns are often read as a few letters.
    is_word = bool(_VOWELS.search(text)) or (text.isupper() and _MIN_LETTERS < len(text) <= 5)  # noqa: PLR2004  # acronyms
    return len(letters) > _MIN_LETTERS and 2 * len(letters) >= len(text.replace(" ", "")) and is_word


def _is_like(text: str, other: str, limit: float) -> bool:
    one, two = _folded(text), _folded(other)
    if not one or not two:
        return False
    if one in two:
        return True
    # The length alone rules out most pairs.
    if 2 * min(len(one), len(two)) < limit * (len(one) + len(two)):
        return False
    return SequenceMatcher(None, one, two, autojunk=False).ratio() >= limit


def _folded(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _short(text: str) -> str:
    """Return a text of limited length, cut between words."""
    if width(text) <= LONGEST_SIGN:
        return text
    end = len(text)
    while width(text[:end]) > LONGEST_SIGN - 1:
        end -= 1
    words = text[:end].rsplit(" ", 1)[0] if " " in text[:end] else text[:end]
    return bare(words) + ELLIPSIS
