"""Files of public collections as an import describes them, compared with ffprobe or Pillow.

Prints the number of files that agree, and each difference. Needs the program ``ffprobe``. Run from the root of
the repository: ``python -m benchmarks.imports.outside_view FOLDER...``.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pillow_heif
from PIL import Image

from scenedex.media.child import ChildLimits
from scenedex.media.errors import MediaError
from scenedex.media.probe import probe
from scenedex.media.source import LocalFile

GIB = 1024**3
LIMITS = ChildLimits(
    memory_bytes=2 * GIB, cpu_seconds=60, wall_seconds=120, stall_seconds=60, file_size_bytes=0, max_pixels=100_000_000
)
SUFFIXES = frozenset({".mp4", ".mov", ".m4v", ".mkv", ".webm", ".jpg", ".jpeg", ".png", ".heic", ".heif", ".hif"})
TOLERANCE_SECONDS = 0.1
SIDEWAYS = frozenset({90, 270})


@dataclass(frozen=True)
class View:
    """Facts about a file: format of pictures or codec, sides, seconds, and number of sound tracks.

    Attributes:
        problem: why the file cannot be read.
    """

    codec: str = ""
    sides: tuple[int, int] = (0, 0)
    seconds: float = 0
    sounds: int = 0
    problem: str = ""


def own_view(path: Path) -> View:
    """The import's view."""
    try:
        found = asyncio.run(probe(LocalFile(path), LIMITS))
    except MediaError as error:
        return View(problem=f"{type(error).__name__}: {error}")
    codec = found.video_codec or found.format
    return View(codec, (found.width, found.height), float(found.duration), len(found.sound_tracks))


def outside_view(path: Path, *, is_film: bool) -> View:
    """The view of Pillow of pictures, and of ffprobe of films."""
    return _ffprobe(path) if is_film else _pillow(path)


def _pillow(path: Path) -> View:
    try:
        with Image.open(path) as image:
            image.load()
            width, height = image.size
            sideways = image.getexif().get(0x0112, 1) >= 5  # the last four orientations
            codec = {"JPEG": "jpg", "MPO": "jpg", "PNG": "png", "HEIF": "heic"}.get(image.format or "", "other")
    except Exception as error:  # noqa: BLE001  # readers of pictures fail in many ways
        return View(problem=f"{type(error).__name__}: {error}")
    return View(codec, (height, width) if sideways else (width, height))


def _ffprobe(path: Path) -> View:
    made = subprocess.run(  # a fixed program
        ["ffprobe", "-v", "error", "-show_streams", "-show_format", "-of", "json", str(path)],  # noqa: S607
        capture_output=True,
        text=True,
        errors="replace",
        timeout=120,
        check=False,
    )
    try:
        facts: dict[str, Any] = json.loads(made.stdout or "{}")
    except ValueError:
        return View(problem="ffprobe answers with broken JSON")
    streams: list[dict[str, Any]] = facts.get("streams", [])
    films = [one for one in streams if one.get("codec_type") == "video" and not one["disposition"].get("attached_pic")]
    if not films:
        return View(problem=made.stderr.strip().splitlines()[-1] if made.stderr.strip() else "no video")
    film = max(films, key=lambda one: int(one.get("nb_frames", 0)))
    turned = next((abs(int(it["rotation"])) for it in film.get("side_data_list", []) if "rotation" in it), 0)
    width, height = int(film.get("width", 0)), int(film.get("height", 0))
    sounds = sum(one.get("codec_type") == "audio" for one in streams)
    return View(
        str(film.get("codec_name", "unknown")),
        (height, width) if turned in SIDEWAYS else (width, height),
        float(facts.get("format", {}).get("duration", 0)),
        sounds,
    )


def differences(own: View, outside: View) -> list[str]:
    """The facts in which two views differ."""
    if own.problem or outside.problem:
        return [] if own.problem and outside.problem else [f"{own.problem or own} | {outside.problem or outside}"]
    pairs = [("codec", own.codec, outside.codec), ("sides", own.sides, outside.sides)]
    pairs += [("sounds", own.sounds, outside.sounds)]
    wrong = [f"{name} {one} | {other}" for name, one, other in pairs if one != other]
    if abs(own.seconds - outside.seconds) > TOLERANCE_SECONDS:
        wrong.append(f"seconds {own.seconds:.3f} | {outside.seconds:.3f}")
    return wrong


def main() -> None:
    """Compare all files below the folders of the command line."""
    pillow_heif.register_heif_opener()  # pyright: ignore[reportUnknownMemberType]  # untyped options
    counts = Counter[str]()
    for folder in map(Path, sys.argv[1:]):
        for path in sorted(one for one in folder.rglob("*") if one.suffix.lower() in SUFFIXES):
            own = own_view(path)
            is_film = path.suffix.lower() in {".mp4", ".mov", ".m4v", ".mkv", ".webm"}
            wrong = differences(own, outside_view(path, is_film=is_film))
            counts["refused" if own.problem else "accepted"] += 1
            counts["differ" if wrong else "agree"] += 1
            for line in wrong:
                print(f"{folder.name} {path.name}: {line}", flush=True)
    print(", ".join(f"{count} {name}" for name, count in sorted(counts.items())))


if __name__ == "__main__":
    main()
