"""Shot detection: boundaries between uncut runs of frames.

The visual stage feeds every frame of its decode pass to a `ShotDetector`, which returns boundaries during the pass.
Detectors know no files, shots or scenes.
"""

from scenedex.engines.shots.port import SHOTS, SPECS, Boundary, FrameOutOfOrder, ShotDetector, Transition

__all__ = ["SHOTS", "SPECS", "Boundary", "FrameOutOfOrder", "ShotDetector", "Transition"]
