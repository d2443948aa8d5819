"""Loading the detector that was chosen, and only that one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.engines.engine import EngineChoice, EngineUnavailable
from scenedex.engines.voice.names import SILERO

if TYPE_CHECKING:
    from scenedex.engines.voice.port import VoiceDetector


def open_voice(choice: EngineChoice) -> VoiceDetector:
    """The chosen detector.

    Raises:
        EngineUnavailable: it is not known here, or its network is missing or damaged.
    """
    if choice.engine != SILERO:
        raise EngineUnavailable(
            f"No engine of voice activity here is {choice.name}, version {choice.version}, "
            f"with weights {choice.weights}."
        )
    from scenedex.engines.voice.silero import SileroVoiceDetector  # noqa: PLC0415  # loads what runs networks

    return SileroVoiceDetector()
