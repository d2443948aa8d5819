"""Space in which dlib's vectors are compared, and the error rates of scores in it, by group of people.

Takes a folder of pictures: a folder for each group of people, in it one for each person. The largest face of a picture
is the person's. Half of the persons give the space by which the other half is measured, and the other way round. Run
from the root of the repository: ``python -m benchmarks.persons.space PICTURES``. With ``--write`` the space of all
persons becomes that of the engine.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from scenedex.engines.engine import EngineContext
from scenedex.engines.faces import DLIB, face_space
from scenedex.engines.faces.dlib_faces import DlibFaceAnalyser
from scenedex.engines.faces.face_space import FaceSpace
from scenedex.engines.registry import EngineRegistry

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

DIRECTIONS = 4
FLOOR = 3.0  # of the mean variance: added to all variances, so that no direction is removed completely
SCORES = (50, 80, 85, 90)


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """Face of a picture: its person, the person's group, and its vector by dlib's network."""

    group: str
    person: str
    features: NDArray[np.float32]


def faces_of(folder: Path) -> Iterator[Face]:
    analyser = DlibFaceAnalyser(EngineContext(DLIB))
    for file in sorted(folder.glob("*/*/*.jpg")):
        with Image.open(file) as opened:
            rgb = np.array(opened.convert("RGB"))
        for found in analyser.find(rgb, closely=True)[:1]:
            yield Face(file.parts[-3], file.parts[-2], analyser.features(rgb, found))


def space_of(faces: Sequence[Face]) -> FaceSpace:
    """Return the space by the means of the persons. Each group counts the same."""
    persons: dict[tuple[str, str], list[NDArray[np.float32]]] = {}
    for face in faces:
        persons.setdefault((face.group, face.person), []).append(face.features)
    groups = [group for group, _ in persons]
    weights = np.array([1 / groups.count(group) / len(set(groups)) for group in groups])
    means = np.stack([np.mean(own, axis=0) for own in persons.values()]).astype(np.float64)
    mean = weights @ means
    variances, axes = np.linalg.eigh((means - mean).T @ ((means - mean) * weights[:, None]))
    floor = FLOOR * variances.mean()
    kept = np.sqrt((variances[:-DIRECTIONS].mean() + floor) / (variances[-DIRECTIONS:] + floor))
    directions = (axes[:, -DIRECTIONS:] * np.sqrt(1 - kept)).T
    return FaceSpace(mean.astype(np.float32), directions.astype(np.float32))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    faces = list(faces_of(given.folder))
    persons = sorted({face.person for face in faces})
    half = set(np.random.default_rng(7).permutation(persons)[: len(persons) // 2].tolist())
    halves = [[face for face in faces if (face.person in half) is is_in] for is_in in (True, False)]
    curve = EngineRegistry().face_calibration(str(DLIB)).curve
    bounds = [curve.similarity(score) for score in SCORES]
    print("| group | persons | pictures | two persons | " + " | ".join(f"≥ {score}" for score in SCORES), end=" | ")
    print("one person | " + " | ".join(f"< {score}" for score in SCORES) + " |")
    print("|---" * (6 + 2 * len(SCORES)) + "|")
    for group in sorted({face.group for face in faces}):
        same: list[float] = []
        other: list[float] = []
        for measured, others in zip(halves, halves[::-1], strict=True):
            space = space_of(others)
            own = [face for face in measured if face.group == group]
            vectors = np.stack([space.unit(face.features) for face in own])
            cosines = vectors @ vectors.T
            for n, one in enumerate(own):
                for m, two in enumerate(own[:n]):
                    (same if one.person == two.person else other).append(float(cosines[n, m]))
        members = [face for face in faces if face.group == group]
        wrong = " | ".join(rate(sum(one >= bound for one in other), len(other)) for bound in bounds)
        missed = " | ".join(rate(sum(one < bound for one in same), len(same)) for bound in bounds)
        number = len({face.person for face in members})
        print(f"| {group} | {number} | {len(members)} | {len(other)} | {wrong} | {len(same)} | {missed} |")
    if given.write:
        space = space_of(faces)
        np.save(Path(face_space.__file__).with_name("dlib_space.npy"), np.vstack([space.mean[None], space.directions]))


def rate(count: int, of: int) -> str:
    return f"{100 * count / max(1, of):.2f} %"


if __name__ == "__main__":
    main()
