"""Check of the sentences of a model: what the evidence of the scene does not support is dropped. Pure.

Only what can be compared is checked: ids, names, numbers, times, quotations, words in the same language, the language
itself, and signs that a model has obeyed the film. Whether a picture shows what a sentence says is not checked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final, cast, get_args

from scenedex.engines.summaries.port import Basis, SummarySentence
from scenedex.engines.summaries.vision import words
from scenedex.engines.summaries.vision.evidence import BASES
from scenedex.engines.summaries.vision.instructions import instructing
from scenedex.engines.summaries.vision.languages import LATIN_WORD, in_script, is_garbled, is_in_language, simplified
from scenedex.engines.summaries.vision.names import names_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scenedex.engines.summaries.port import SceneEvidence, SceneSummary, SummaryLocale
    from scenedex.engines.summaries.vision.answers import ClaimedSentence
    from scenedex.engines.summaries.vision.evidence import CitableEvidence, CitedItem

MAX_SENTENCES: Final = 6
_MAX_LETTERS: Final = 400
_MIN_WORDS: Final = 2
_MIN_NAME: Final = 3  # letters of a part of a name that is looked for alone
_MAX_COUNT: Final = 10  # people and things that may be counted in a picture
_OBEYED: Final = 0.5
LINK: Final = re.compile(
    r"https?:|www\.|\b[\w-]+\.(?:com|net|org|io|kr|jp|cn|tw)\b|[<>{}`]|\S@\S|!\[|\]\(", re.IGNORECASE
)
"""Address or markup in a sentence."""

REFUSAL: Final = re.compile(
    r"\bas an? (?:ai|language model|assistant)|\bi(?:'m| am)? (?:sorry|unable|cannot|can't)"
    r"|\bthe (?:evidence|findings?|json)\b"
    r"|죄송|申し訳|抱歉|语言模型|語言模型|言語モデル|언어 모델",
    re.IGNORECASE,
)
"""Words by which a model speaks of itself or refuses."""

_SOUND_WORDS: Final[Mapping[str, re.Pattern[str]]] = {
    "APPLAUSE": re.compile("applau|clap|박수|갈채|拍手|喝采|掌声|掌聲|鼓掌", re.IGNORECASE),
    "LAUGHTER": re.compile("laugh|웃|笑", re.IGNORECASE),
    "BACKGROUND_MUSIC": re.compile("music|song|melod|tune|음악|노래|곡|선율|音楽|曲|歌|音乐|音樂", re.IGNORECASE),
}
_SCRIPTS: Final[Mapping[str, re.Pattern[str]]] = {
    "en": re.compile("[A-Za-z]"),
    "ko": re.compile("[\uac00-\ud7a3]"),
    "ja": re.compile("[\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff]"),
    "zh": re.compile("[\u4e00-\u9fff]"),
}


class SentenceFault(Enum):
    """Reason for which a sentence is dropped."""

    FORM = "it is empty, too short or too long, or refuses to describe"
    BASIS = "no evidence of its basis is cited"
    LANGUAGE = "it is in another language"
    GARBLED = "its letters or spaces are garbled"
    NAME = "it has a name that the evidence has not"
    NUMBER = "it has a number or a time that the evidence has not"
    QUOTATION = "it quotes words that the evidence has not"
    WORDS = "it has no words of the line or text that it is about"
    OBEDIENCE = "it says what the film asks a model to say"
    LINK = "it contains an address or markup"


@dataclass(frozen=True, slots=True)
class CheckedSentences:
    """Sentences that the evidence supports, and the fault of each that was dropped."""

    kept: tuple[SummarySentence, ...]
    faults: tuple[SentenceFault, ...]


def check_sentences(
    claimed: Sequence[ClaimedSentence],
    scene: SceneEvidence,
    evidence: CitableEvidence,
    locale: SummaryLocale,
    before: SceneSummary | None = None,
) -> CheckedSentences:
    """Return the supported sentences, without repetitions of each other.

    Those of the summary before are left out too, unless no other is left.

    Args:
        claimed: sentences of a model.
        scene: the scene.
        evidence: evidence that the model got.
        locale: language that was asked for.
        before: summary of the scene before.
    """
    check = _Check(scene, evidence, locale)
    kept: dict[str, SummarySentence] = {}
    faults: list[SentenceFault] = []
    for sentence in claimed:
        text = " ".join("".join(sign if sign.isprintable() else " " for sign in sentence.text).split())
        fault = check.fault(text, sentence)
        if fault is not None:
            faults.append(fault)
            continue
        written = in_script(text, locale, check.person_names)
        kept.setdefault(written, SummarySentence(written, cast("Basis", sentence.basis)))
    said = set[str]() if before is None else {one.text for one in before.sentences}
    # A scene that looks like the one before has at least the same text.
    fresh = [one for text, one in kept.items() if text not in said] or list(kept.values())
    return CheckedSentences(tuple(fresh[:MAX_SENTENCES]), tuple(faults))


class _Check:
    def __init__(self, scene: SceneEvidence, evidence: CitableEvidence, locale: SummaryLocale) -> None:
        self._items = evidence.items
        self._locale: SummaryLocale = locale
        self.person_names = tuple(one.name for one in scene.persons if one.name)
        absent = {part for name in scene.absent_names for part in (name, *name.split()) if len(part) >= _MIN_NAME}
        absent |= {name for name in scene.absent_names if len(name) > 1}
        self._absent = sorted(absent)
        self._suspect = words.terms(" ".join(instructing(evidence.items)))

    def fault(self, text: str, sentence: ClaimedSentence) -> SentenceFault | None:
        """Return the first reason to drop a sentence."""
        basis = sentence.basis
        if len(text) > _MAX_LETTERS:
            return SentenceFault.FORM
        if basis not in get_args(Basis):
            return SentenceFault.BASIS
        cited = [self._items[one] for one in sentence.evidence if one in self._items]
        cited = [item for item in cited if BASES[item.kind] == basis]
        bare = words.without_quotations(text)
        faults = (
            (SentenceFault.FORM, lambda: self._is_malformed(text, bare)),
            (SentenceFault.GARBLED, lambda: is_garbled(text, self._locale)),
            (SentenceFault.BASIS, lambda: not cited),
            (SentenceFault.LANGUAGE, lambda: not is_in_language(bare, self._locale, self._known_words(cited))),
            (SentenceFault.LINK, lambda: LINK.search(bare) is not None),
            (SentenceFault.QUOTATION, lambda: not self._quotes_truly(text, basis)),
            (SentenceFault.OBEDIENCE, lambda: self._obeys(bare)),
            (SentenceFault.NUMBER, lambda: self._has_unknown_number(bare, basis, cited)),
            (SentenceFault.NAME, lambda: self._has_unknown_name(bare, cited)),
            (SentenceFault.WORDS, lambda: not self._shares_words(text, cited)),
        )
        return next((fault for fault, has_fault in faults if has_fault()), None)

    def _is_malformed(self, text: str, bare: str) -> bool:
        # A quotation alone is no sentence about the scene.
        is_short = words.size(text) < _MIN_WORDS or words.size(bare) == 0
        return is_short or REFUSAL.search(text) is not None

    def _known_words(self, cited: Sequence[CitedItem]) -> set[str]:
        """Return the words in Latin letters that a sentence in any language may have."""
        # English words of the evidence tell that a sentence is English, but names do not.
        is_english = self._locale == "en-US"
        texts = (*self.person_names, *(item.speaker if is_english else item.known_text for item in cited))
        return {word for text in texts for word in LATIN_WORD.findall(text)}

    def _quotes_truly(self, text: str, basis: str) -> bool:
        kinds = {kind for kind, supported in BASES.items() if basis in {supported, "seen"}}
        sources = [item.text for item in self._items.values() if item.kind in kinds]
        return all(words.is_quoted_from(quotation, sources) for quotation in words.quotations(text))

    def _obeys(self, bare: str) -> bool:
        found = words.terms(bare)
        return bool(found) and len(found & self._suspect) >= _OBEYED * len(found)

    def _has_unknown_number(self, bare: str, basis: str, cited: Sequence[CitedItem]) -> bool:
        known = words.numbers(" ".join(item.known_text for item in cited))
        unknown = words.numbers(bare) - known
        if basis != "seen":
            return bool(unknown)
        counts = {str(count) for count in range(_MAX_COUNT + 1)}
        return bool(unknown - counts) or any(words.numbers(time) - known for time in words.times(bare))

    def _has_unknown_name(self, bare: str, cited: Sequence[CitedItem]) -> bool:
        known = " ".join((*self.person_names, *(item.known_text for item in cited)))
        known_words = {
            word.casefold() for text in LATIN_WORD.findall(known) for word in (text, re.sub("['\u2019]s$", "", text))
        }
        folded = simplified(known).casefold()
        for name in names_in(bare, self._locale):
            is_known = name.casefold() in known_words if LATIN_WORD.match(name) else simplified(name) in folded
            if not is_known and not self._begins_with_person(name):
                return True
        return any(name not in known for name in words.holds(bare, self._absent))

    def _begins_with_person(self, name: str) -> bool:
        """Return whether a word is the name of a person with one more character, since Chinese has no spaces."""
        return any(len(one) > 1 and name.startswith(one) and len(name) <= len(one) + 1 for one in self.person_names)

    def _shares_words(self, text: str, cited: Sequence[CitedItem]) -> bool:
        """Return whether a sentence has words of its lines, texts or sounds, as far as these are in its language."""
        if any(item.kind not in {"line", "text", "sound"} for item in cited):
            return True
        sounds = [item for item in cited if item.kind == "sound"]
        if any(_SOUND_WORDS[item.text].search(text) for item in sounds):
            return True
        others = [item for item in cited if item.kind != "sound"]
        if any(item.kind == "line" for item in others) and words.only_tells_of_speech(text):
            return True
        if not all(self._is_comparable(item) for item in others):
            return True
        return any(words.shares_words(text, item.text) for item in others)

    def _is_comparable(self, item: CitedItem) -> bool:
        language = self._locale[:2]
        if item.language:
            return item.language.lower().startswith(language)
        return _SCRIPTS[language].search(item.text) is not None
