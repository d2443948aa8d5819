"""A worker process: runs imports, analyses, checks of pictures, searches and erasures until it is told to stop.

Called by `scenedex worker`, any number of which may run on any number of machines.
"""

from scenedex.worker.equipment import looking_at_pictures, looking_for_scenes
from scenedex.worker.housekeeping import keep_house
from scenedex.worker.running import run_worker

__all__ = ["keep_house", "looking_at_pictures", "looking_for_scenes", "run_worker"]
