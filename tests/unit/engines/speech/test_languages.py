"""Languages of voices in a sound with several languages."""

from __future__ import annotations

import pytest

from scenedex.engines.speech.languages import languages_of_voices

ENGLISH, KOREAN, GERMAN = {"en": 0.97, "nl": 0.01}, {"ko": 0.95, "ja": 0.03}, {"de": 0.99, "en": 0.002}
DOUBTFUL = {"nl": 0.88, "en": 0.06}


def assigned(*voices: tuple[dict[str, float], float]) -> list[str]:
    return languages_of_voices([heard for heard, _ in voices], [seconds for _, seconds in voices], ["en", "ko"])


def test_each_voice_has_the_language_that_is_heard() -> None:
    assert assigned((ENGLISH, 3), (KOREAN, 2), (KOREAN, 1), (ENGLISH, 4)) == ["en", "ko", "ko", "en"]


def test_a_short_doubtful_voice_has_the_language_of_its_neighbours() -> None:
    assert assigned((ENGLISH, 1.3), (DOUBTFUL, 1.3), (ENGLISH, 1)) == ["en", "en", "en"]
    assert assigned((KOREAN, 3), ({"en": 0.5, "ko": 0.4}, 0.6), (KOREAN, 3)) == ["ko", "ko", "ko"]


def test_a_language_that_was_not_asked_for_is_named() -> None:
    assert assigned((GERMAN, 4.2)) == ["de"]
    assert assigned((ENGLISH, 4), (GERMAN, 4), (KOREAN, 4)) == ["en", "de", "ko"]


def test_an_accent_that_resembles_several_languages_a_little_is_none_of_them() -> None:
    accent = {"en": 0.4, "de": 0.5, "nl": 0.05}

    assert assigned((accent, 6)) == ["en"]
    assert assigned((accent, 4), ({"en": 0.6, "cy": 0.3}, 4), ({"en": 0.45, "nl": 0.5}, 4)) == ["en", "en", "en"]


def test_short_voices_in_one_other_language_are_in_that_language_together() -> None:
    assert assigned(*[(GERMAN, 1.6)] * 4) == ["de"] * 4


@pytest.mark.parametrize("seconds", [0.3, 1.3])
def test_a_short_voice_alone_is_taken_for_a_language_that_was_asked_for(seconds: float) -> None:
    assert assigned((DOUBTFUL, seconds)) == ["en"]


def test_no_voice_has_no_language() -> None:
    assert assigned() == []
