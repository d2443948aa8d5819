"""Runs PySceneDetect over files. Needs its own environment: see requirements.txt.

python pyscenedetect.py DETECTOR BACKEND FILE... prints a line of JSON for each file: cuts in seconds, and the seconds
of the clock and of all processors that they took.
"""

from __future__ import annotations

import importlib
import json
import sys
import time


def main() -> None:
    # By name, since the project's environment, in which this file is checked, does not have the package.
    scenedetect = importlib.import_module("scenedetect")
    detector_name, backend, *paths = sys.argv[1:]
    for path in paths:
        begun, worked = time.perf_counter(), time.process_time()
        video = scenedetect.open_video(path, backend=backend)
        manager = scenedetect.SceneManager()
        manager.add_detector(getattr(scenedetect, detector_name)())
        manager.detect_scenes(video)
        cuts = [start.seconds for start, _ in manager.get_scene_list()[1:]]
        spent = {"wall": time.perf_counter() - begun, "processor": time.process_time() - worked}
        print(json.dumps({"cuts": cuts, **spent}), flush=True)


if __name__ == "__main__":
    main()
