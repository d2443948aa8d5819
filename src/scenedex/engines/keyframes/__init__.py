"""Keyframe choice: the stills that stand for a shot, picked while the decode pass runs.

The visual stage feeds every frame to a `KeyframeChooser` and asks it for a still of each stretch of a shot. A chooser
must not know files or scenes, and learns of shots only by being told where they end.
"""

from scenedex.engines.keyframes.clearest import ClearestFrame
from scenedex.engines.keyframes.first import FirstFrame
from scenedex.engines.keyframes.port import KeyframeChooser, NoFrameToChoose, Still

__all__ = ["ClearestFrame", "FirstFrame", "KeyframeChooser", "NoFrameToChoose", "Still"]
