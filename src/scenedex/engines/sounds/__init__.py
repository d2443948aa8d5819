"""Sounds other than words: applause, laughter, background music.

The sounds stage shows a `SoundTagger` one short window after another and makes events of what it says. A tagger sees
samples alone: it must not know files, times or events. Networks are loaded by `opening` only.
"""

from scenedex.engines.sounds.port import SOUNDS, SoundKind, SoundTagger, WindowRefused
from scenedex.engines.sounds.specs import CED, CED_FILE, CED_LABELS, SPECS
from scenedex.engines.sounds.tones import ToneTagger

__all__ = [
    "CED",
    "CED_FILE",
    "CED_LABELS",
    "SOUNDS",
    "SPECS",
    "SoundKind",
    "SoundTagger",
    "ToneTagger",
    "WindowRefused",
]
