"""Port of speech recognition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, Protocol, TypeAlias

from scenedex.engines.port import Port

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from scenedex.engines.engine import Engine

RATE: Final = 16_000
"""Sample rate of all input, in hertz."""

LONGEST_REGION: Final = 30 * RATE
"""Maximum number of samples of a region."""

SpokenLanguage: TypeAlias = Literal["ENKO", "EN", "KO", "JA", "ZH-CN", "ZH-TW"]
"""Languages that a request may name. ENKO: English or Korean, as recognised."""


@dataclass(frozen=True, slots=True)
class RecognisedWord:
    """Word without surrounding spaces. Times are in seconds from the start of the region, confidence is 0 to 1.

    The recogniser determines the division of languages without spaces.
    """

    text: str
    start: float
    end: float
    confidence: float


@dataclass(frozen=True, slots=True)
class RecognisedUtterance:
    """Sentence, or speech between two pauses.

    Attributes:
        text: its text for display.
        start: start of its first word, in seconds from the start of the region.
        end: end of its last word.
        confidence: its confidence, 0 to 1.
        language: ``en``, ``ko``, ``ja``, ``zh-CN`` or ``zh-TW``.
        words: in order of time, at least one.
    """

    text: str
    start: float
    end: float
    confidence: float
    language: str
    words: tuple[RecognisedWord, ...]


class LanguageNotKnown(ValueError):
    """The recogniser does not know this language."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class RegionRefused(ValueError):
    """At most 30 seconds are recognised at a time."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class Recogniser(Protocol):
    """Recognises speech."""

    @property
    def engine(self) -> Engine:
        """Identity of the recogniser."""
        ...

    @property
    def languages(self) -> frozenset[SpokenLanguage]:
        """Languages that it recognises."""
        ...

    def recognise(self, samples: NDArray[np.int16], language: SpokenLanguage) -> Sequence[RecognisedUtterance]:
        """Return the utterances in one region of mono sound at `RATE`. The same samples always have the same result.

        Utterances are in order of time, do not overlap and are within the region. Results that the recogniser does not
        trust are omitted, so that noise has no words.

        Raises:
            LanguageNotKnown: it does not know the language.
            RegionRefused: the region is longer than `LONGEST_REGION`.
        """
        ...


SPEECH: Final[Port[Recogniser]] = Port("speech", "speech")
