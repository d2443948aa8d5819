"""Conversion of likelihoods to regions."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenedex.engines.voice.port import RATE
from scenedex.engines.voice.regions import SPEECH, RegionRules, voice_regions

if TYPE_CHECKING:
    from collections.abc import Sequence

STEP = 512
EXACT = RegionRules(margin=0)


def likely(*parts: tuple[float, float]) -> np.ndarray:
    """Return likelihoods of stretches, each given as likelihood and length in seconds."""
    return np.concatenate([np.full(round(seconds * RATE / STEP), level, np.float32) for level, seconds in parts])


def regions(likelihoods: np.ndarray, shape: RegionRules = EXACT) -> Sequence[tuple[float, float]]:
    found = voice_regions(likelihoods, STEP, len(likelihoods) * STEP, shape)
    return [(start / RATE, end / RATE) for start, end in found]


def test_nothing_likely_is_no_region() -> None:
    assert regions(likely((0.39, 5))) == []
    assert voice_regions(np.zeros(0, np.float32), STEP, 0) == []


def test_a_voice_begins_when_it_is_likely_and_goes_on_while_it_is_not_unlikely() -> None:
    (found,) = regions(likely((0.3, 1.024), (0.6, 1.024), (0.3, 1.024), (0.2, 1.024)))

    assert found == pytest.approx((1.024, 3.072))


def test_short_pauses_belong_to_the_voice_and_long_ones_do_not() -> None:
    assert len(regions(likely((0.9, 1), (0.0, 0.256), (0.9, 1)))) == 1
    assert len(regions(likely((0.9, 1), (0.0, 0.352), (0.9, 1)))) == 2


def test_a_click_is_no_voice() -> None:
    assert regions(likely((0.0, 1), (0.9, 0.2), (0.0, 1))) == []


def test_regions_take_a_margin_but_share_the_silence_between_them() -> None:
    first, second = regions(likely((0.0, 1.024), (0.9, 1.024), (0.0, 0.32), (0.9, 1.024), (0.0, 1.024)), SPEECH)

    assert first == pytest.approx((0.824, 2.208))
    assert second == pytest.approx((2.208, 3.592))


def test_a_long_voice_is_cut_where_it_is_least_likely() -> None:
    found = regions(likely((0.9, 20), (0.6, 0.064), (0.9, 20)))

    assert len(found) == 2
    assert found[0][1] == found[1][0] == pytest.approx(20, abs=0.1)


@settings(deadline=None)
@given(likelihoods=st.lists(st.tuples(st.floats(0, 1), st.integers(1, 600)), max_size=12), cut=st.integers(0, STEP - 1))
def test_regions_are_in_order_disjoint_inside_and_never_too_long(
    likelihoods: list[tuple[float, int]], cut: int
) -> None:
    values = np.concatenate([np.zeros(0, np.float32), *(np.full(n, level, np.float32) for level, n in likelihoods)])
    samples = max(0, len(values) * STEP - cut)

    found = voice_regions(values, STEP, samples)

    assert all(0 <= start < end <= samples for start, end in found)
    assert all(end - start <= SPEECH.longest for start, end in found)
    assert all(former[1] <= latter[0] for former, latter in pairwise(found))
