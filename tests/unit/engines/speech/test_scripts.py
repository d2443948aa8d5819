"""Scripts of languages."""

from __future__ import annotations

import pytest

from scenedex.engines.speech.scripts import is_in_script


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Good morning, Steve.", "en", True),
        ("Good morning, Steve.", "ko", False),
        ("OK, 알겠습니다", "ko", True),
        ("今日は 3 時です。", "ja", True),
        ("今日は", "en", False),
        ("开放时间早上9点", "zh-CN", True),
        ("ありがとう", "zh-TW", False),
        ("12:30", "ja", True),
    ],
)
def test_at_least_half_of_the_letters_are_of_the_script(text: str, language: str, *, expected: bool) -> None:
    assert is_in_script(text, language) is expected
