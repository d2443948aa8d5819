"""A worker process: runs imports, analyses, checks of pictures, searches and erasures until it is told to stop.

Called by `scenedex worker`, any number of which may run on any number of machines.
"""

from scenedex.worker.options import looking_at_pictures, scene_search_options
from scenedex.worker.running import run_worker
from scenedex.worker.sweeps import sweep

__all__ = ["looking_at_pictures", "run_worker", "scene_search_options", "sweep"]
