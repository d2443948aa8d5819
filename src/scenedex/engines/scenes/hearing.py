"""Evidence of speech, speakers and sounds for or against a new scene at a boundary of shots."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from fractions import Fraction

    from numpy.typing import NDArray

    from scenedex.timeline import Timecode, TimeRange

GOES_ON: Final = -0.35
"""Evidence of an utterance that goes on over the boundary."""

OTHER_SPEAKERS: Final = 0.25
"""Evidence of speakers before the boundary of whom none speaks after it."""

SOUND_CHANGES: Final = 0.2
"""Evidence of music, or another kind of sound, that begins or ends at the boundary."""

SOUND_GOES_ON: Final = -0.15
"""Evidence of such a sound that goes on over the boundary."""

MIN_OVERLAP_SECONDS: Final = 0.4
"""Minimum seconds on either side of a boundary of what goes on over it."""

NEAR_SECONDS: Final = 1
"""Maximum seconds between a boundary and the begin or end of a sound that changes there."""

LISTENED_SECONDS: Final = 10
"""Seconds on either side of a boundary in which speakers are compared."""


@dataclass(frozen=True, slots=True)
class HeardSpeech:
    """Time of an utterance and the number of its speaker, `None` if speakers were not compared."""

    range: TimeRange
    speaker: int | None


@dataclass(frozen=True, slots=True)
class HeardSounds:
    """Utterances and events of sound of an asset, each in order of time."""

    utterances: Sequence[HeardSpeech] = ()
    events: Sequence[TimeRange] = ()

    def evidence(self, boundaries: Sequence[Timecode]) -> NDArray[np.float64]:
        """Return the evidence ``(len(boundaries),)``: above 0 for a new scene, below 0 against it."""
        spoken = [one.range for one in self.utterances]
        return np.array([self._at(time, spoken) for time in boundaries], np.float64)

    def _at(self, time: Timecode, spoken: Sequence[TimeRange]) -> float:
        evidence = GOES_ON if _goes_on(time, spoken) else self._of_speakers(time)
        if _goes_on(time, self.events):
            return evidence + SOUND_GOES_ON
        changes = any(abs(edge - time) <= NEAR_SECONDS for one in self.events for edge in (one.start, one.end))
        return evidence + (SOUND_CHANGES if changes else 0.0)

    def _of_speakers(self, time: Timecode) -> float:
        before = self._speakers(time.seconds - LISTENED_SECONDS, time.seconds)
        after = self._speakers(time.seconds, time.seconds + LISTENED_SECONDS)
        return OTHER_SPEAKERS if before and after and before.isdisjoint(after) else 0.0

    def _speakers(self, start: Fraction, end: Fraction) -> set[int]:
        return {
            one.speaker
            for one in self.utterances
            if one.speaker is not None and one.range.start.seconds < end and one.range.end.seconds > start
        }


SILENCE: Final = HeardSounds()
"""Nothing heard."""


def _goes_on(time: Timecode, ranges: Iterable[TimeRange]) -> bool:
    return any(
        float(time - one.start) >= MIN_OVERLAP_SECONDS and float(one.end - time) >= MIN_OVERLAP_SECONDS
        for one in ranges
    )
