"""Compares the transitions that detectors find in the corpus with the true ones.

python benchmarks/shots/quality.py CORPUS [--pyscenedetect PYTHON]

CORPUS is the output of corpus.py, and PYTHON an interpreter with the packages of requirements.txt.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from corpus import Truth
from score import Scores, frame_at

from scenedex.engines.shots.planes import PlaneShotDetector
from scenedex.media.opened import OpenedMedia

if TYPE_CHECKING:
    from collections.abc import Sequence


def ours(paths: Sequence[Path]) -> list[list[float]]:
    return [_boundaries(path) for path in paths]


def unheard(*_: float) -> None:
    """Takes progress and does nothing with it."""


def _boundaries(path: Path) -> list[float]:
    detector = PlaneShotDetector()
    with path.open("rb") as file:
        media = OpenedMedia(file, None, max_pixels=1 << 26, report=unheard)
        with media.video() as video:
            found = [boundary for frame in video.frames() for boundary in detector.feed(frame)]
    return [float(boundary.time.seconds) for boundary in [*found, *detector.finish()]]


def theirs(python: str, detector: str, paths: Sequence[Path]) -> list[list[float]]:
    script = Path(__file__).with_name("pyscenedetect.py")
    command = [python, str(script), detector, "opencv", *map(str, paths)]
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [json.loads(line)["cuts"] for line in out.splitlines()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--pyscenedetect", metavar="PYTHON")
    wanted = parser.parse_args()
    for half in ("tuning", "held-out"):
        truths = sorted((wanted.corpus / half).glob("*.json"))
        paths = [
            next(p for p in truth.parent.glob(f"{truth.stem}.*") if p.suffix in {".mp4", ".mkv"}) for truth in truths
        ]
        results = {"scenedex": ours(paths)}
        if wanted.pyscenedetect:
            for detector in ("AdaptiveDetector", "ContentDetector"):
                results[detector] = theirs(wanted.pyscenedetect, detector, paths)
        for name, found in results.items():
            for tolerance in (0, 1):
                scores = Scores()
                for truth_path, boundaries in zip(truths, found, strict=True):
                    truth = msgspec.json.decode(truth_path.read_bytes(), type=Truth)
                    frames = [frame_at(truth.times, seconds) for seconds in boundaries]
                    scores.add(truth.theme, truth.transitions, frames, tolerance)
                _print(f"{half}, {name}, tolerance {tolerance}", scores)


def _print(title: str, scores: Scores) -> None:
    total = scores.total
    print(f"\n{title}: precision {total.precision:.3f} recall {total.recall:.3f} F1 {total.f1:.3f}")
    for theme, tally in sorted(scores.themes.items()):
        print(f"  {theme:20} P {tally.precision:.2f} R {tally.recall:.2f} F1 {tally.f1:.2f} false {tally.false}")
    for kind, tally in sorted(scores.kinds.items()):
        print(f"  {kind:20} {tally.correct} of {tally.correct + tally.missed} found")


if __name__ == "__main__":
    main()
