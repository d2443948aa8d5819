"""A worker process: runs imports, analyses, summaries, searches and further jobs until it is stopped.

Called by `scenedex worker`. Any number of workers may run on any number of machines.
"""

from scenedex.worker.options import picture_check_options, scene_search_options
from scenedex.worker.process import run_worker
from scenedex.worker.sweeps import sweep

__all__ = ["picture_check_options", "run_worker", "scene_search_options", "sweep"]
