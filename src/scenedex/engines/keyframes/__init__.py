"""Keyframe choice: the stills that stand for a shot, picked while the decode pass runs.

The visual stage feeds every frame to a `KeyframeChooser` and asks it for a still of each stretch of a shot. A chooser
must not know files or scenes, and learns of shots only by being told where they end.
"""

from scenedex.engines.keyframes.clearest import ClearestFrame
from scenedex.engines.keyframes.first import FirstFrame
from scenedex.engines.keyframes.port import KEYFRAMES, KeyframeChooser, NoFrameToChoose, Still
from scenedex.engines.keyframes.specs import SPECS

__all__ = [
    "KEYFRAMES",
    "SPECS",
    "ClearestFrame",
    "FirstFrame",
    "KeyframeChooser",
    "NoFrameToChoose",
    "Still",
]
