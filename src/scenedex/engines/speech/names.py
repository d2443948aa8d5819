"""The implementations of the port, by name; loads none of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scenedex.engines.engine import Engine

if TYPE_CHECKING:
    from scenedex.engines.speech.port import SpokenLanguage

POCKETSPHINX: Final = Engine("pocketsphinx", "2", "cmusphinx-en-us")
"""PocketSphinx with the English weights inside its wheel."""

POCKETSPHINX_LANGUAGES: Final[frozenset[SpokenLanguage]] = frozenset({"EN", "ENKO"})
"""What it is good for; of English and Korean it knows English only."""

WHISPER_LANGUAGES: Final[frozenset[SpokenLanguage]] = frozenset({"ENKO", "EN", "KO", "JA", "ZH-CN", "ZH-TW"})

WHISPER_FILES: Final = ("model.bin", "config.json", "tokenizer.json")
"""What must lie in a folder of weights, besides a vocabulary."""

_WHISPER_NAME: Final = "whisper"
_WHISPER_VERSION: Final = "1"


def whisper_engine(weights: str) -> Engine:
    """Whisper by faster-whisper, with downloaded weights of any size, by their id in the catalogue."""
    return Engine(_WHISPER_NAME, _WHISPER_VERSION, weights)


def is_whisper(engine: Engine) -> bool:
    """Whether it is Whisper as this version of the code runs it."""
    return engine.weights is not None and engine == whisper_engine(engine.weights)
