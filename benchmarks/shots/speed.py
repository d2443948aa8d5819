"""Wall time of a whole visual analysis, relative to decoding alone, beside PySceneDetect.

python benchmarks/shots/speed.py FILE... [--pyscenedetect PYTHON] [--rounds 3]

Every measurement is a fresh process that times itself after its imports. Rounds interleave the contestants, so that a
busy machine is busy for all; the ratios are of one round each.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def decode(path: Path) -> float:
    import av  # noqa: PLC0415 - each contestant imports only its own

    begun = time.perf_counter()
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        for _ in container.decode(stream):
            pass
    return time.perf_counter() - begun


def unheard(*_: float) -> None:
    """Takes progress and does nothing with it."""


def shots(path: Path) -> float:
    from quality import ours  # noqa: PLC0415 - as above

    begun = time.perf_counter()
    ours([path])
    return time.perf_counter() - begun


def analysis(path: Path) -> float:
    from scenedex.analysis.stages.visual import VisualOptions, look  # noqa: PLC0415 - as above
    from scenedex.media.images import encode_jpeg  # noqa: PLC0415 - as above
    from scenedex.media.opened import OpenedMedia  # noqa: PLC0415 - as above

    options = VisualOptions(min_scene_seconds=20, max_scene_seconds=180)
    with tempfile.TemporaryDirectory() as folder, path.open("rb") as file:
        begun = time.perf_counter()
        media = OpenedMedia(file, folder, max_pixels=1 << 26, report=unheard)
        look(media, options, encode_jpeg)
        return time.perf_counter() - begun


MEASUREMENTS = {"decode": decode, "shots": shots, "analysis": analysis}


def wall(name: str, path: Path, pyscenedetect: str | None) -> float:
    here = Path(__file__)
    if name in MEASUREMENTS:
        command = [sys.executable, str(here), "--measure", name, str(path)]
        return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    detector, backend = name.split("/")
    script = here.with_name("pyscenedetect.py")
    command = [str(pyscenedetect), str(script), detector, backend, str(path)]
    return float(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)["wall"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--measure", choices=list(MEASUREMENTS))
    parser.add_argument("--pyscenedetect", metavar="PYTHON")
    parser.add_argument("--rounds", type=int, default=3)
    wanted = parser.parse_args()
    if wanted.measure:
        print(MEASUREMENTS[wanted.measure](wanted.files[0]))
        return
    names = list(MEASUREMENTS)
    if wanted.pyscenedetect:
        names += ["AdaptiveDetector/opencv", "ContentDetector/opencv"]
    for path in wanted.files:
        rounds = [{name: wall(name, path, wanted.pyscenedetect) for name in names} for _ in range(wanted.rounds)]
        print(f"\n{path.name}: wall time relative to decoding alone, {wanted.rounds} rounds")
        for name in names:
            ratios = [one[name] / one["decode"] for one in rounds]
            seconds = [one[name] for one in rounds]
            print(
                f"  {name:26} median {statistics.median(ratios):.2f}  of the fastest runs "
                f"{min(seconds) / min(one['decode'] for one in rounds):.2f}  ({min(seconds):.1f} s)",
                flush=True,
            )


if __name__ == "__main__":
    main()
