"""Contract suites of the ports, for engines of this package and of others. They need pytest.

Subclass the suite of the engine's port in a test module and set ``spec``. Engines with downloaded weights also provide
the fixture ``weights_folder``. See docs/how-to/write-an-engine.md.
"""

import pytest

pytest.register_assert_rewrite(
    "scenedex.engines.testing.hearing", "scenedex.engines.testing.seeing", "scenedex.engines.testing.writing"
)

from scenedex.engines.testing.contract import EngineContract  # noqa: E402  # their asserts are rewritten first
from scenedex.engines.testing.hearing import (  # noqa: E402
    RecogniserContract,
    SoundTaggerContract,
    SpeakerEmbedderContract,
    VoiceDetectorContract,
)
from scenedex.engines.testing.seeing import (  # noqa: E402
    FaceAnalyserContract,
    KoreanReaderContract,
    ObjectFinderContract,
    PictureEmbedderContract,
    TextEmbedderContract,
    TextReaderContract,
)
from scenedex.engines.testing.writing import SummariserContract  # noqa: E402  # as above

__all__ = [
    "EngineContract",
    "FaceAnalyserContract",
    "KoreanReaderContract",
    "ObjectFinderContract",
    "PictureEmbedderContract",
    "RecogniserContract",
    "SoundTaggerContract",
    "SpeakerEmbedderContract",
    "SummariserContract",
    "TextEmbedderContract",
    "TextReaderContract",
    "VoiceDetectorContract",
]
