"""Speech: the words that are said, with their times.

The speech stage gives a `Recogniser` one region with voices after another. Recognisers know no files, times of an asset
or speakers, and keep nothing from one region to the next. Importing this package loads no engine.
"""

from scenedex.engines.speech.port import (
    POCKETSPHINX,
    POCKETSPHINX_LANGUAGES,
    SPECS,
    SPEECH,
    WHISPER_FILES,
    WHISPER_LANGUAGES,
    LanguageNotKnown,
    RecognisedUtterance,
    RecognisedWord,
    Recogniser,
    Recognition,
    RegionRefused,
    SpokenLanguage,
)
from scenedex.engines.voice.port import RATE

__all__ = [
    "POCKETSPHINX",
    "POCKETSPHINX_LANGUAGES",
    "RATE",
    "SPECS",
    "SPEECH",
    "WHISPER_FILES",
    "WHISPER_LANGUAGES",
    "LanguageNotKnown",
    "RecognisedUtterance",
    "RecognisedWord",
    "Recogniser",
    "Recognition",
    "RegionRefused",
    "SpokenLanguage",
]
