"""Chinese in the script that was asked for, by OpenCC. Whisper mixes the two scripts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, Protocol

from opencc import OpenCC

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scenedex.engines.speech.port import RecognisedWord

_CONVERSIONS: Final[Mapping[str, str]] = {"zh-CN": "t2s", "zh-TW": "s2tw"}


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


class ChineseScript:
    """Writes words in simplified characters (``zh-CN``) or in traditional ones as in Taiwan (``zh-TW``)."""

    def __init__(self, language: str) -> None:
        self._converter: Final[_Converter] = OpenCC(_CONVERSIONS[language])

    def written(self, words: Sequence[RecognisedWord]) -> list[RecognisedWord]:
        """Return the words in the script. A character is chosen by the words around it."""
        together = self._convert("".join(word.text for word in words))
        if len(together) != sum(len(word.text) for word in words):
            return [replace(word, text=self._convert(word.text)) for word in words]
        texts: list[RecognisedWord] = []
        at = 0
        for word in words:
            texts.append(replace(word, text=together[at : at + len(word.text)]))
            at += len(word.text)
        return texts

    def _convert(self, text: str) -> str:
        return self._converter.convert(text)
