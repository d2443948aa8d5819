"""Language of each stretch of voice in a sound. Pure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_CERTAIN_SECONDS: Final = 2.5
"""Length of a voice from which a language that is no candidate is reliable. In shorter ones it is often wrong."""

_WEIGHT_SECONDS: Final = 2.0
_MAX_WEIGHT: Final = 2.0
_SMALL: Final = 0.01
_USUAL_OTHER: Final = 0.05
"""Usual probability of a language that is no candidate."""

_CHANGE: Final = 2.0
"""Evidence that a change of language needs, as the logarithm of a likelihood ratio."""

_OTHER: Final = 2.5
"""Further evidence that a language needs which is no candidate."""

_MIN_LIKELY: Final = 0.2
"""Probability in a voice from which a language that is no candidate is considered."""


def languages_of_voices(
    heard: Sequence[Mapping[str, float]], seconds: Sequence[float], candidates: Sequence[str]
) -> list[str]:
    """Return the most probable language of each voice. It may be no candidate.

    A short voice gets the language of its neighbours unless it clearly has another.

    Args:
        heard: probability of each language, by its code, for each voice in order of time.
        seconds: length of each voice.
        candidates: codes of the languages that are expected, at least one.
    """
    likely = {code for chances in heard for code, chance in chances.items() if chance >= _MIN_LIKELY}
    states = [*candidates, *sorted(likely.difference(candidates))]
    extra = {state: 0.0 if state in candidates else _OTHER for state in states}
    best = dict(extra)
    former: list[dict[str, str]] = []
    for probabilities, length in zip(heard, seconds, strict=True):
        costs = _costs(probabilities, length, candidates, states)
        cheapest = min(states, key=best.__getitem__)
        change = {state: best[cheapest] + _CHANGE + extra[state] for state in states}
        former.append({state: state if best[state] <= change[state] else cheapest for state in states})
        best = {state: min(best[state], change[state]) + costs[state] for state in states}
    languages: list[str] = []
    state = min(states, key=best.__getitem__)
    for origins in reversed(former):
        languages.append(state)
        state = origins[state]
    return languages[::-1]


def _costs(
    probabilities: Mapping[str, float], seconds: float, candidates: Sequence[str], states: Sequence[str]
) -> Mapping[str, float]:
    """Return what each language costs for a voice, as the negative logarithm of its probability."""
    heard = {candidate: probabilities.get(candidate, 0.0) + _SMALL for candidate in candidates}
    known = sum(heard.values())
    reliability = min(seconds / _CERTAIN_SECONDS, 1.0)
    usual = (1 - reliability) * _USUAL_OTHER
    chances = {state: reliability * probabilities.get(state, 0.0) + usual for state in states}
    candidate_share = 1 - reliability * max(1 - known, 0.0) - usual
    chances |= {code: candidate_share * value / known for code, value in heard.items()}
    weight = min(seconds / _WEIGHT_SECONDS, _MAX_WEIGHT)
    return {state: -weight * math.log(max(chance, _SMALL)) for state, chance in chances.items()}
