"""Speakers: which utterances come from the same voice.

The speakers stage turns utterances into directions with a `SpeakerEmbedder` and groups them. An embedder sees samples
alone: it must not know files, times, words or the persons of a workspace. Networks are loaded by `opening` only.
"""

from scenedex.engines.speakers.clustering import group, nearest, numbered
from scenedex.engines.speakers.port import SPEAKERS, SpeakerEmbedder, UtteranceTooShort
from scenedex.engines.speakers.specs import ONE_SPEAKER, SPECS, WESPEAKER, WESPEAKER_FILE
from scenedex.engines.speakers.spectral import SpectralSpeakerEmbedder

__all__ = [
    "ONE_SPEAKER",
    "SPEAKERS",
    "SPECS",
    "WESPEAKER",
    "WESPEAKER_FILE",
    "SpeakerEmbedder",
    "SpectralSpeakerEmbedder",
    "UtteranceTooShort",
    "group",
    "nearest",
    "numbered",
]
