"""Voice activity: where in a sound somebody speaks.

The voice stage streams the samples of an asset through a `VoiceDetector`; only what it finds is given to speech
recognition. A detector must not know files, times of an asset, words or speakers. Networks are loaded by `opening`
only.
"""

from scenedex.engines.voice.loudness import LoudnessVoiceDetector
from scenedex.engines.voice.port import LONGEST_REGION, RATE, VOICE, VoiceDetector
from scenedex.engines.voice.specs import SILERO, SPECS

__all__ = [
    "LONGEST_REGION",
    "RATE",
    "SILERO",
    "SPECS",
    "VOICE",
    "LoudnessVoiceDetector",
    "VoiceDetector",
]
