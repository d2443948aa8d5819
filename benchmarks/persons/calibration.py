"""Similarity of faces of one person and of two by the bundled analyser, for the calibration of scores.

Takes the few real faces that the tests use (see ``SCENEDEX_TEST_MEDIA``) and drawn ones, each also as it looks blurred,
dark, turned and so on. Prints Markdown tables for the README. Run from the root of the repository:
``PYTHONPATH=tests python -m benchmarks.persons.calibration``.
"""

from __future__ import annotations

import argparse
import io
from dataclasses import dataclass
from itertools import combinations, product
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from drawn_faces import draw_face
from real_speech import MEDIA
from scenedex.engines.faces import DLIB, FACES
from scenedex.engines.faces.quality import assess
from scenedex.engines.loader import open_engine
from scenedex.engines.registry import EngineRegistry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from scenedex.engines.faces import FaceAnalyser

FACE_PX = 160
SMALL_FACE_PX = 56
FRAMES_OF_FILM = 5
DRAWN_PERSONS = 12
SCORES = (80, 85, 90, 95)
FACES_OF_PERSON = 3
DRAWS = 2000
QUANTILES = (0, 0.01, 0.1, 0.5, 0.9, 0.99, 1)
# Seconds in which each person is seen in the film. The shots of the singer are separate. See the notes beside the file.
FILM = "hamilton-white-house-360p-10s.mp4"
SEEN_IN_FILM = ((0.0, 1.5, "singer"), (3.6, 7.85, "singer"), (7.9, 10.0, "listener"))
PORTRAITS = (("obama.jpg", "first sitter"), ("obama2.jpg", "first sitter"), ("biden.jpg", "second sitter"))
# Pairs that may be one person: their source does not say.
NOT_KNOWN = frozenset({("first sitter", "listener"), ("listener", "second sitter")})


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A picture with one face.

    Attributes:
        person: name of the person.
        occasion: the photograph or shot. Pictures of one occasion differ only slightly.
        rgb: the face with its surroundings.
    """

    person: str
    occasion: str
    rgb: Image.Image


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """A face as an analyser describes it: one of a picture, or of a variant of it."""

    picture: Picture
    variant: str
    is_presentable: bool
    vector: NDArray[np.float32]


def variants() -> Mapping[str, Callable[[Image.Image], Image.Image]]:
    return {
        "as it is": lambda picture: picture,
        "blurred": lambda picture: picture.filter(ImageFilter.GaussianBlur(2)),
        "very blurred": lambda picture: picture.filter(ImageFilter.GaussianBlur(4)),
        "coded": lambda picture: coded(picture, 20),
        "coded roughly": lambda picture: coded(picture, 8),
        "dark": lambda picture: ImageEnhance.Brightness(picture).enhance(0.5),
        "bright": lambda picture: ImageEnhance.Brightness(picture).enhance(1.5),
        "mirrored": ImageOps.mirror,
        "turned left": lambda picture: picture.rotate(10, Image.Resampling.BICUBIC),
        "turned right": lambda picture: picture.rotate(-10, Image.Resampling.BICUBIC),
        "cropped": lambda picture: ImageOps.crop(picture, picture.width // 7),
        "small": lambda picture: picture.reduce(round(FACE_PX / SMALL_FACE_PX)),
    }


def coded(picture: Image.Image, quality: int) -> Image.Image:
    """The picture after a lossy coding."""
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=quality)
    return Image.open(file).convert("RGB")


def portraits(analyser: FaceAnalyser, folder: Path) -> Iterator[Picture]:
    for name, person in PORTRAITS:
        with Image.open(folder / name) as file:
            yield from around_faces(analyser, file.convert("RGB"), person, name)


def film(analyser: FaceAnalyser, file: Path) -> Iterator[Picture]:
    """Yield the faces of every fifth frame with the person who is seen then. One person is in each picture."""
    with av.open(file) as opened:
        for number, frame in enumerate(opened.decode(video=0)):
            seen = [(start, who) for start, end, who in SEEN_IN_FILM if start <= (frame.time or 0) < end]
            if seen and number % FRAMES_OF_FILM == 0:
                start, who = seen[0]
                yield from around_faces(
                    analyser, Image.fromarray(frame.to_ndarray(format="rgb24")), who, f"shot from {start} s"
                )


def drawn(analyser: FaceAnalyser) -> Iterator[Picture]:
    for number in range(DRAWN_PERSONS):
        whole = Image.new("RGB", (480, 480), (70, 75, 82))
        whole.paste(draw_face(240, person=number), (120, 120))
        yield from around_faces(analyser, whole, f"drawing {number}", "drawing")


def around_faces(analyser: FaceAnalyser, whole: Image.Image, person: str, occasion: str) -> Iterator[Picture]:
    """The largest face of a picture with its surroundings, all faces of one size."""
    for face in analyser.find(np.array(whole))[:1]:
        box, width, height = face.box, whole.width, whole.height
        side = max(box.width * width, box.height * height)
        x, y = (box.left + box.width / 2) * width, (box.top + box.height / 2) * height
        near = whole.crop((round(x - side), round(y - side), round(x + side), round(y + side)))
        yield Picture(person, occasion, near.resize((2 * FACE_PX, 2 * FACE_PX), Image.Resampling.LANCZOS))


def described(analyser: FaceAnalyser, pictures: Sequence[Picture]) -> Iterator[Face]:
    for picture in pictures:
        for name, change in variants().items():
            rgb = np.array(change(picture.rgb))
            for face in analyser.find(rgb, closely=True)[:1]:
                yield Face(picture, name, assess(rgb, face).is_presentable, analyser.describe(rgb, face))


def kind_of_pair(one: Face, other: Face) -> str | None:
    """Return the kind of a pair, or ``None`` if it is not known or both are one picture."""
    first, second = one.picture, other.picture
    if "drawing" in {first.occasion, second.occasion}:
        if first.person == second.person:
            return "one drawing, changed"
        return "two drawings" if first.occasion == second.occasion else "drawing and person"
    if first.person != second.person:
        return None if tuple(sorted((first.person, second.person))) in NOT_KNOWN else "two persons"
    if first.occasion != second.occasion:
        return "one person, two occasions"
    return "one picture, changed" if first is second else "one person, one occasion"


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    engine = DLIB
    choice = EngineRegistry().of_identity(str(engine), Path(), FACES)
    analyser = open_engine(FACES, choice, threads=1)
    pictures = [*portraits(analyser, MEDIA), *film(analyser, MEDIA / FILM), *drawn(analyser)]
    faces = list(described(analyser, pictures))
    print(f"{engine.name}: {len(pictures)} pictures, {len(faces)} faces found in their variants\n")
    print("| person | pictures | occasions | faces | good likenesses |")
    print("|---|---|---|---|---|")
    for person in dict.fromkeys(picture.person for picture in pictures):
        own = [face for face in faces if face.picture.person == person]
        shown = {id(face.picture): face.picture for face in own}
        occasions = {picture.occasion for picture in shown.values()}
        good = sum(face.is_presentable for face in own)
        print(f"| {person} | {len(shown)} | {len(occasions)} | {len(own)} | {good} |")
    for title, chosen in (
        ("All faces", faces),
        ("Good likenesses only", [face for face in faces if face.is_presentable]),
    ):
        print(f"\n{title}, one with one:\n")
        report(engine.name, similarities(chosen))
        print(f"\n{title}, the best pair of {FACES_OF_PERSON} with {FACES_OF_PERSON}:\n")
        report(engine.name, best_similarities(chosen))


def similarities(faces: Sequence[Face]) -> dict[str, list[float]]:
    """The similarities of all pairs, by what a pair shows."""
    found: dict[str, list[float]] = {}
    cosines = np.stack([face.vector for face in faces]) @ np.stack([face.vector for face in faces]).T
    for (n, one), (m, other) in combinations(enumerate(faces), 2):
        kind = kind_of_pair(one, other)
        if kind is not None:
            found.setdefault(kind, []).append(float(cosines[n, m]))
    return found


def best_similarities(faces: Sequence[Face]) -> dict[str, list[float]]:
    """Return the similarity of the best pair of faces from two occasions, by kind. Drawings are left out."""
    chance = np.random.default_rng(1)
    occasions: dict[tuple[str, str], list[Face]] = {}
    for face in faces:
        if face.picture.occasion != "drawing":
            occasions.setdefault((face.picture.person, face.picture.occasion), []).append(face)
    found: dict[str, list[float]] = {}
    for one, other in combinations(occasions.values(), 2):
        kind = kind_of_pair(one[0], other[0])
        for _ in range(DRAWS if kind is not None else 0):
            few = [
                [group[int(n)].vector for n in chance.integers(len(group), size=FACES_OF_PERSON)]
                for group in (one, other)
            ]
            best = max(float(first @ second) for first, second in product(*few))
            found.setdefault(str(kind), []).append(best)
    return found


def report(engine: str, found: Mapping[str, Sequence[float]]) -> None:
    curve = EngineRegistry().face_calibration(engine).curve
    print("| pairs | number | " + " | ".join(f"{100 * q:g} %" for q in QUANTILES) + " |")
    print("|---" * (2 + len(QUANTILES)) + "|")
    for kind, values in sorted(found.items()):
        print(f"| {kind} | {len(values)} | {' | '.join(f'{v:.3f}' for v in np.quantile(values, QUANTILES))} |")
    print("\n| pairs | " + " | ".join(f"≥ {score} ({curve.similarity(score):.3f})" for score in SCORES) + " |")
    print("|---" * (1 + len(SCORES)) + "|")
    for kind, values in sorted(found.items()):
        passed = [sum(value >= curve.similarity(score) for value in values) for score in SCORES]
        cells = " | ".join(f"{count} ({100 * count / len(values):.2f} %)" for count in passed)
        print(f"| {kind} | {cells} |")


if __name__ == "__main__":
    main()
