"""Scripts of Chinese."""

from __future__ import annotations

import pytest

from scenedex.engines.speech.chinese import ChineseScript
from scenedex.engines.speech.port import RecognisedWord


@pytest.mark.parametrize(
    ("language", "expected"),
    [("zh-CN", ["皇后", "在", "后面", "的头发,9点"]), ("zh-TW", ["皇后", "在", "後面", "的頭髮,9點"])],
)
def test_mixed_words_are_written_in_one_script(language: str, expected: list[str]) -> None:
    words = [RecognisedWord(text, 0, 1, 0.5) for text in ("皇后", "在", "後面", "的头发,9點")]

    assert [word.text for word in ChineseScript(language).written(words)] == expected
