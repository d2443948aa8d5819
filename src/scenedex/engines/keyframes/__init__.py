"""Keyframe choice: the stills that represent a shot, picked during the decode pass.

The visual stage feeds every frame to a `KeyframeChooser` and requests a still of each stretch of a shot. Choosers know
no files or scenes, and of shots only their ends.
"""

from scenedex.engines.keyframes.port import KEYFRAMES, SPECS, KeyframeChooser, NoFrameToChoose, Still

__all__ = ["KEYFRAMES", "SPECS", "KeyframeChooser", "NoFrameToChoose", "Still"]
