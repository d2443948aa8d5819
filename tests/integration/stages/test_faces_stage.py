"""The faces stage on packs of stills, with scripted and bundled engines."""

from __future__ import annotations

import asyncio
import os
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pytest
from PIL import Image

from drawn_faces import draw_crowd, draw_face
from engine_choices import choice_of
from networks_faces import write_face_networks
from scenedex.analysis.stages.face_groups import group
from scenedex.analysis.stages.face_stills import MAX_FACES_PER_STILL
from scenedex.analysis.stages.faces import CROP_SIDE, FacesOptions, FacesResult, find_faces
from scenedex.analysis.stages.moments import Span
from scenedex.engines.faces import DLIB, FACES, YUNET_SFACE
from scenedex.engines.faces.scripted import ScriptedFaceAnalyser, ScriptedFaceLook
from scenedex.engines.loader import open_engine
from scenedex.media.child import ChildLimits, run_in_child
from scenedex.media.errors import EngineNotReady
from scenedex.media.images import shrink
from scenedex.media.opened import OpenedMedia
from scenedex.media.samples import SampleFormat, Take, write_video
from scenedex.media.source import LocalFile
from scenedex.media.stills import StillPackWriter
from scenedex.timeline import BoundingBox, Timecode, TimeRange

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from scenedex.engines.engine import EngineChoice
    from scenedex.engines.faces import FaceAnalyser

MEDIA = Path(os.environ.get("SCENEDEX_TEST_MEDIA") or Path(__file__).parents[4] / "shared" / "media")
LIMITS = ChildLimits(
    memory_bytes=3 * 1024**3,
    cpu_seconds=120,
    wall_seconds=120,
    stall_seconds=60,
    file_size_bytes=64 * 1024**2,
    max_pixels=64 * 1024**2,
)
BUNDLED = choice_of(DLIB)
STEP = Fraction(1, 2)


def shots(*edges: float) -> tuple[Span, ...]:
    moments = [Timecode(Fraction(edge).limit_denominator(1000)) for edge in edges]
    return tuple(Span.of(TimeRange(*pair)) for pair in pairwise(moments))


def write_pack(path: Path, pictures: Iterable[tuple[Timecode, NDArray[np.uint8]]]) -> Path:
    with path.open("wb") as file:
        writer = StillPackWriter(file, quality=90)
        for time, rgb in pictures:
            writer.add(time, rgb)
        writer.close()
    return path


def every_half_second(pictures: Iterable[NDArray[np.uint8]]) -> Iterable[tuple[Timecode, NDArray[np.uint8]]]:
    return ((Timecode(n * STEP), rgb) for n, rgb in enumerate(pictures))


def stills_of(film: Path, step: Fraction = STEP) -> Iterable[tuple[Timecode, NDArray[np.uint8]]]:
    """Yield a still per ``step`` seconds."""
    with film.open("rb") as file:
        opened = OpenedMedia(file, None, max_pixels=1 << 26, report=lambda _fraction, _done: None)
        with opened.video() as video:
            next_time = None
            for frame in video.frames():
                if next_time is None or frame.time >= next_time:
                    yield frame.time, frame.rgb(720)
                    next_time = frame.time + step


def real(name: str) -> Path:
    if not (MEDIA / name).exists():
        pytest.skip(f"no real media at {MEDIA}; see SCENEDEX_TEST_MEDIA")
    return MEDIA / name


def portrait(name: str) -> NDArray[np.uint8]:
    with Image.open(real(name)) as picture:
        return shrink(np.asarray(picture.convert("RGB")), 720)


def in_child(
    pack: Path, of: Sequence[Span], work_dir: Path, choice: EngineChoice = BUNDLED, *, readable: Sequence[Path] = ()
) -> FacesResult:
    return asyncio.run(
        run_in_child(
            "scenedex.analysis.stages.faces:run_faces",
            LocalFile(pack),
            FacesOptions(choice=choice, shots=tuple(of), threads=2),
            FacesResult,
            limits=LIMITS,
            work_dir=work_dir,
            readable=readable,
        )
    )


def here(pack: Path, of: Sequence[Span], work_dir: Path, analyser: FaceAnalyser) -> FacesResult:
    with pack.open("rb") as file:
        return find_faces(file, of, analyser, work_dir, report=lambda _fraction, _done: None, threads=2)


@pytest.fixture
def work_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


@pytest.fixture(scope="module")
def dlib() -> FaceAnalyser:
    return open_engine(FACES, BUNDLED)


def test_scripted_faces_become_tracks_with_crops(tmp_path: Path, work_dir: Path) -> None:
    small, large = BoundingBox(0.1, 0.1, 0.2, 0.2), BoundingBox(0.4, 0.1, 0.5, 0.9)
    script = {50: [ScriptedFaceLook(1, small)], 90: [ScriptedFaceLook(1, small), ScriptedFaceLook(2, large)]}
    texture = np.random.default_rng(0).integers(0, 9, (360, 640, 3), dtype=np.uint8)
    flat = [np.full((360, 640, 3), red, np.uint8) for red in (50, 50, 90, 0, 90)]
    grain = [np.where(np.indices((360, 640))[0][..., None] < 8, picture, picture + texture) for picture in flat]
    pack = write_pack(tmp_path / "stills.pack", every_half_second(grain))
    reports: list[tuple[float, int]] = []

    with pack.open("rb") as file:
        result = find_faces(
            file,
            shots(0, 1.5, 2.5),
            ScriptedFaceAnalyser(script),
            work_dir,
            report=lambda fraction, done: reports.append((fraction, done)),
            threads=1,
        )

    assert result.stills == 5
    assert [(track.shot, len(track.sightings)) for track in result.tracks] == [(0, 3), (0, 1), (1, 1), (1, 1)]
    assert reports == [(n / 5, n) for n in range(1, 6)]
    assert {path.name for path in work_dir.iterdir()} == {track.crop for track in result.tracks}
    for track in result.tracks:
        with Image.open(work_dir / track.crop) as crop:
            assert crop.width == crop.height <= CROP_SIDE
            assert crop.format == "JPEG"
    # Flat pictures are not sharp.
    sharp = [msgspec.structs.replace(track, is_presentable=True) for track in result.tracks]
    assert group(sharp, 0.6) == ((0, 2), (1, 3)) or group(sharp, 0.6) == ((0, 3), (1, 2))


def test_the_most_prominent_of_many_tracks_are_kept_with_their_crops(tmp_path: Path, work_dir: Path) -> None:
    sizes = (0.1, 0.3, 0.2, 0.15, 0.4, 0.12)
    script = {20 + 30 * n: [ScriptedFaceLook(n, BoundingBox(0.1, 0.1, size, size))] for n, size in enumerate(sizes)}
    pictures = [np.full((400, 400, 3), red, np.uint8) for red in script]
    pack = write_pack(tmp_path / "stills.pack", every_half_second(pictures))

    with pack.open("rb") as file:
        result = find_faces(
            file,
            shots(*(n / 2 for n in range(7))),
            ScriptedFaceAnalyser(script),
            work_dir,
            report=lambda _fraction, _done: None,
            max_tracks=2,
        )

    assert [track.shot for track in result.tracks] == [1, 4]
    assert {path.name for path in work_dir.iterdir() if path.stat().st_size} == {track.crop for track in result.tracks}


def test_a_pack_without_stills_has_no_faces(tmp_path: Path, work_dir: Path) -> None:
    pack = write_pack(tmp_path / "stills.pack", [])

    assert here(pack, (), work_dir, ScriptedFaceAnalyser({})) == FacesResult((), 0, 0.6)


def test_stills_without_shots_are_an_error(tmp_path: Path, work_dir: Path) -> None:
    pack = write_pack(tmp_path / "stills.pack", every_half_second([np.zeros((9, 9, 3), np.uint8)]))

    with pytest.raises(ValueError, match="shots"):
        here(pack, (), work_dir, ScriptedFaceAnalyser({}))


def test_drawn_faces_are_found_in_the_child(tmp_path: Path, work_dir: Path) -> None:
    pack = write_pack(tmp_path / "stills.pack", [(Timecode(Fraction(0)), draw_crowd(900, 300, 300, most=2))])

    result = in_child(pack, shots(0, 0), work_dir)

    assert len(result.tracks) == 2
    assert all(track.prominence > 0.05 for track in result.tracks)
    assert msgspec.json.decode(msgspec.json.encode(result), type=FacesResult) == result


def test_downloaded_networks_work_in_the_child(tmp_path: Path, work_dir: Path) -> None:
    weights = tmp_path / "weights" / "yunet-sface"
    write_face_networks(weights)
    picture = np.zeros((320, 320, 3), np.uint8)
    picture[80:96, 80:96] = (255, 0, 0)
    pack = write_pack(tmp_path / "stills.pack", every_half_second([picture] * 3))
    choice = choice_of(YUNET_SFACE, weights)

    result = in_child(pack, shots(0, 1.5), work_dir, choice, readable=[weights])

    assert [len(track.sightings) for track in result.tracks] == [3]


def test_missing_weights_are_reported_by_the_child(tmp_path: Path, work_dir: Path) -> None:
    pack = write_pack(tmp_path / "stills.pack", every_half_second([np.zeros((90, 90, 3), np.uint8)]))
    choice = choice_of(YUNET_SFACE, tmp_path)

    with pytest.raises(EngineNotReady, match="scenedex weights pull"):
        in_child(pack, shots(0, 1), work_dir, choice)


def test_noise_and_black_have_no_faces(tmp_path: Path, work_dir: Path, dlib: FaceAnalyser) -> None:
    chance = np.random.default_rng(1)
    fine = [chance.integers(0, 255, (720, 1280, 3), dtype=np.uint8) for _ in range(3)]
    coarse = [np.kron(picture[:72, :128], np.ones((10, 10, 1), np.uint8)) for picture in fine]
    black = [np.zeros((720, 1280, 3), np.uint8)]
    pack = write_pack(tmp_path / "stills.pack", every_half_second([*fine, *coarse, *black]))

    result = here(pack, shots(0, 3.5), work_dir, dlib)

    assert result == FacesResult((), 7, result.same_person)
    assert not list(work_dir.iterdir())


def test_only_the_largest_faces_of_a_crowd_of_two_hundred_are_described(
    tmp_path: Path, work_dir: Path, dlib: FaceAnalyser
) -> None:
    crowd = draw_crowd(2560, 1440, 128)
    crowd[:256, :256] = np.asarray(draw_face(256))
    pack = write_pack(tmp_path / "stills.pack", [(Timecode(Fraction(0)), crowd)])
    assert len(dlib.find(crowd)) > 150

    result = here(pack, shots(0, 0), work_dir, dlib)

    assert len(result.tracks) == MAX_FACES_PER_STILL
    assert result.tracks[0].sightings[0].place.box().left < 0.1
    assert len(group(result.tracks, dlib.same_person)) == MAX_FACES_PER_STILL


def test_one_man_is_one_person_in_both_of_his_shots(tmp_path: Path, work_dir: Path) -> None:
    film = real("hamilton-white-house-360p-10s.mp4")
    pack = write_pack(tmp_path / "stills.pack", stills_of(film))

    result = in_child(pack, shots(0, 1.511, 3.580, 7.884, 10), work_dir)

    (man,) = [held for held in group(result.tracks, open_engine(FACES, BUNDLED).same_person) if len(held) > 1]
    his = [result.tracks[n] for n in man]
    others = [track for track in result.tracks if track not in his and track.is_presentable]
    assert {track.shot for track in his} == {0, 2}
    assert sum(track.prominence for track in his) > 2 * sum(track.prominence for track in others)
    assert any(track.is_presentable for track in his)
    # The second shot shows another man in profile, the fourth the audience, some of them in profile.
    assert {track.shot for track in others} <= {3}
    assert len([track for track in result.tracks if track.shot == 3]) >= 3
    (close,) = [track for track in his if track.shot == 2]
    start, end = close.span.range().start.seconds, close.span.range().end.seconds
    assert Fraction("3.58") <= start < Fraction("4.6")
    assert Fraction("7.2") < end <= Fraction("7.884")


def test_animals_and_titles_are_no_faces(tmp_path: Path, work_dir: Path, dlib: FaceAnalyser) -> None:
    pack = write_pack(tmp_path / "stills.pack", stills_of(real("big-buck-bunny-480p-30s.mp4"), 4 * STEP))

    assert here(pack, shots(0, 30), work_dir, dlib).tracks == ()


def test_portraits_of_one_man_are_one_person_and_of_another_are_not(
    tmp_path: Path, work_dir: Path, dlib: FaceAnalyser
) -> None:
    tracks = [
        here(write_pack(tmp_path / name, [(Timecode(Fraction(n)), portrait(name))]), shots(n, n), work_dir, dlib).tracks
        for n, name in enumerate(("obama.jpg", "obama2.jpg", "biden.jpg"))
    ]

    assert [len(found) for found in tracks] == [1, 1, 1]
    assert all(found[0].is_presentable for found in tracks)
    assert group([found[0] for found in tracks], dlib.same_person) == ((0, 1), (2,))


def test_two_faces_that_alternate_are_two_people(tmp_path: Path, work_dir: Path, dlib: FaceAnalyser) -> None:
    pictures = [_on_canvas(portrait(name)) for name in ("obama.jpg", "biden.jpg")]
    film = tmp_path / "alternating.mkv"
    takes = [Take(25, lambda _n, turn=turn: pictures[turn % 2]) for turn in range(4)]
    write_video(film, takes, SampleFormat(width=480, height=480, codec_options={"b": "2M"}))
    pack = write_pack(tmp_path / "stills.pack", stills_of(film))

    cut = here(pack, shots(0, 1, 2, 3, 4), work_dir, dlib).tracks
    uncut = here(pack, shots(0, 4), work_dir, dlib).tracks

    assert [len(held) for held in group(cut, dlib.same_person)] == [2, 2]
    assert len(uncut) == 2
    assert [len(track.sightings) for track in uncut] == [4, 4]


def _on_canvas(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the picture centred on a canvas of 480 by 480."""
    small = shrink(rgb, 480)
    canvas = np.full((480, 480, 3), 60, np.uint8)
    left = (480 - small.shape[1]) // 2
    canvas[: small.shape[0], left : left + small.shape[1]] = small
    return canvas
