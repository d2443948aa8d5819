"""Voice activity: where in a sound somebody speaks.

The voice stage streams the samples of an asset through a `VoiceDetector`; only what it finds is given to speech
recognition. A detector must not know files, times of an asset, words or speakers. Networks are loaded by `opening`
only.
"""

from scenedex.engines.voice.loudness import LoudnessVoiceDetector
from scenedex.engines.voice.names import SILERO
from scenedex.engines.voice.opening import open_voice
from scenedex.engines.voice.port import LONGEST_REGION, RATE, VoiceDetector

__all__ = ["LONGEST_REGION", "RATE", "SILERO", "LoudnessVoiceDetector", "VoiceDetector", "open_voice"]
