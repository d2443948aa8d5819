"""Shot detection: where one uncut run of frames ends and the next begins.

The visual stage feeds every frame of its decode pass to a `ShotDetector` and gets boundaries back while the pass
runs. A detector must not know files, shots or scenes.
"""

from scenedex.engines.shots.planes import PlaneShotDetector
from scenedex.engines.shots.port import Boundary, FrameOutOfOrder, ShotDetector, Transition
from scenedex.engines.shots.scripted import ScriptedShotDetector

__all__ = ["Boundary", "FrameOutOfOrder", "PlaneShotDetector", "ScriptedShotDetector", "ShotDetector", "Transition"]
