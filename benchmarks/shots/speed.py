"""Wall and processor time of a whole visual analysis, relative to decoding alone, beside PySceneDetect.

python benchmarks/shots/speed.py FILE... [--pyscenedetect PYTHON] [--rounds 3]

Every measurement is a fresh process that times itself after its imports. Decoding alone is measured before and after
each contestant, which is compared with the mean of the two, so that a machine that becomes slower does so for both.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scenedex.media.samples import Take, drifting, write_video

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Spent:
    """Seconds on the clock, and of all processors together."""

    wall: float
    processor: float


def decode(path: Path, _folder: str) -> None:
    import av  # noqa: PLC0415 - each contestant imports only its own

    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        for _ in container.decode(stream):
            pass


def shots(path: Path, _folder: str) -> None:
    from quality import ours  # noqa: PLC0415 - as above

    ours([path])


def analysis(path: Path, folder: str) -> None:
    from quality import unheard  # noqa: PLC0415 - as above

    from scenedex.analysis.stages.visual import VisualOptions, find_shots  # noqa: PLC0415 - as above
    from scenedex.media.opened import OpenedMedia  # noqa: PLC0415 - as above

    with path.open("rb") as file:
        media = OpenedMedia(file, folder, max_pixels=1 << 26, report=unheard)
        find_shots(media, VisualOptions())


CONTESTANTS = {"decode": decode, "shots": shots, "analysis": analysis}


def measure(name: str, path: Path, one_frame: Path) -> Spent:
    """Runs once on a tiny file, so that imports are done, and then on the file."""
    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
        CONTESTANTS[name](one_frame, first)
        begun, worked = time.perf_counter(), time.process_time()
        CONTESTANTS[name](path, second)
        return Spent(time.perf_counter() - begun, time.process_time() - worked)


def spent(name: str, path: Path, one_frame: Path, pyscenedetect: str | None) -> Spent:
    here = Path(__file__)
    if name in CONTESTANTS:
        command = [sys.executable, str(here), str(path), "--measure", name, "--one-frame", str(one_frame)]
    else:
        command = [str(pyscenedetect), str(here.with_name("pyscenedetect.py")), name, "opencv", str(path)]
    # What a contestant says of an error goes to the terminal.
    out = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    return Spent(out["wall"], out["processor"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--measure", choices=list(CONTESTANTS))
    parser.add_argument("--one-frame", type=Path)
    parser.add_argument("--pyscenedetect", metavar="PYTHON")
    parser.add_argument("--rounds", type=int, default=3)
    wanted = parser.parse_args()
    missing = [str(path) for path in wanted.files if not path.is_file()]
    if missing:
        parser.error(f"no such file: {', '.join(missing)}")
    if wanted.measure:
        print(json.dumps(asdict(measure(wanted.measure, wanted.files[0], wanted.one_frame))))
        return
    names = [name for name in CONTESTANTS if name != "decode"]
    if wanted.pyscenedetect:
        names += ["AdaptiveDetector", "ContentDetector"]
    with tempfile.TemporaryDirectory() as folder:
        one_frame = Path(folder) / "one.mp4"
        write_video(one_frame, [Take(1, drifting(1))])
        for path in wanted.files:
            compare(path, names, one_frame, wanted)


def compare(path: Path, names: Sequence[str], one_frame: Path, wanted: argparse.Namespace) -> None:
    walls: dict[str, list[float]] = {name: [] for name in names}
    processors: dict[str, list[float]] = {name: [] for name in names}
    before = spent("decode", path, one_frame, None)
    for _ in range(wanted.rounds):
        for name in names:
            found = spent(name, path, one_frame, wanted.pyscenedetect)
            after = spent("decode", path, one_frame, None)
            walls[name].append(2 * found.wall / (before.wall + after.wall))
            processors[name].append(2 * found.processor / (before.processor + after.processor))
            before = after
    print(f"\n{path.name}: time relative to decoding alone, {wanted.rounds} rounds: median (min to max)")
    for name in names:
        print(f"  {name:18} wall {_spread(walls[name])}   processor {_spread(processors[name])}", flush=True)


def _spread(ratios: Sequence[float]) -> str:
    return f"{statistics.median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f})"


if __name__ == "__main__":
    main()
