"""Engines of voice activity."""

from __future__ import annotations

from typing import Final

from scenedex.engines.engine import Engine
from scenedex.engines.spec import EngineSpec
from scenedex.engines.voice.port import VOICE

SILERO: Final = Engine("silero", "1", "silero-vad-v6")
"""Silero's network, whose file is inside the wheel of faster-whisper."""

SPECS: Final = (
    EngineSpec(
        port=VOICE,
        engine=SILERO,
        factory="scenedex.engines.voice.silero:SileroVoiceDetector",
        licence="MIT",
        packages={"faster_whisper": "faster-whisper", "onnxruntime": "onnxruntime"},
    ),
)
