from __future__ import annotations

from fractions import Fraction

import pytest

from scenedex.engines.scenes import SceneLength, ScenePreset


@pytest.mark.parametrize(
    ("preset", "low", "high"),
    [
        (ScenePreset.EXTRA_SHORT, 10, 20),
        (ScenePreset.SHORT, 10, 60),
        (ScenePreset.MEDIUM, 10, 180),
        (ScenePreset.LONG, 30, 600),
    ],
)
def test_presets_have_the_documented_bounds(preset: ScenePreset, low: int, high: int) -> None:
    assert SceneLength.of(preset) == SceneLength(Fraction(low), Fraction(high))


@pytest.mark.parametrize(("low", "high"), [(0, 10), (-1, 5), (10, 10), (20, 10)])
def test_bounds_are_positive_and_rise(low: int, high: int) -> None:
    with pytest.raises(ValueError, match="positive and rise"):
        SceneLength(Fraction(low), Fraction(high))


@pytest.mark.parametrize(
    ("seconds", "can"), [(29, False), (30, True), (31, True), (45, False), (60, True), (65, False)]
)
def test_some_lengths_cannot_be_divided_within_narrow_bounds(seconds: int, *, can: bool) -> None:
    assert SceneLength(Fraction(30), Fraction(32)).can_divide(Fraction(seconds)) is can
