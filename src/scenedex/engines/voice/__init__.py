"""Voice activity: regions of a sound with speech.

The voice stage streams the samples of an asset through a `VoiceDetector`. Only its regions go to speech recognition.
Detectors know no files, times of an asset, words or speakers. Importing this package loads no network library.
"""

from scenedex.engines.voice.port import LONGEST_REGION, RATE, SILERO, SPECS, VOICE, VoiceDetector

__all__ = ["LONGEST_REGION", "RATE", "SILERO", "SPECS", "VOICE", "VoiceDetector"]
