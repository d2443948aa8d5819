"""The visual stage in the child process, on real files."""

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

from scenedex.analysis.stages.scenes import group
from scenedex.analysis.stages.visual import PACK, VisualOptions, VisualResult
from scenedex.engines.scenes import SceneLength, ScenePreset
from scenedex.media.child import ChildLimits, run_in_child
from scenedex.media.images import encode_jpeg
from scenedex.media.samples import SampleFormat, Take, drifting, write_video
from scenedex.media.source import LocalFile
from scenedex.media.stills import StillPack

if TYPE_CHECKING:
    from scenedex.timeline import Shot

MEDIA = Path(os.environ.get("SCENEDEX_TEST_MEDIA") or Path(__file__).parents[4] / "shared" / "media")
LIMITS = ChildLimits(
    memory_bytes=3 * 1024**3,
    cpu_seconds=120,
    wall_seconds=120,
    stall_seconds=60,
    file_size_bytes=64 * 1024**2,
    max_pixels=64 * 1024**2,
)
OPTIONS = VisualOptions()
EVERY_HALF = [0, 13, 25, 38, 50, 63, 75, 88, 100, 113, 125, 138, 150]
LENGTH = SceneLength.of(ScenePreset.EXTRA_SHORT)


def analyse(
    media: Path, work_dir: Path, options: VisualOptions = OPTIONS, progress: list[float] | None = None
) -> VisualResult:
    async def note(seen: float) -> None:
        if progress is not None:
            progress.append(seen)

    return asyncio.run(
        run_in_child(
            "scenedex.analysis.stages.visual:run_visual",
            LocalFile(media),
            options,
            VisualResult,
            limits=LIMITS,
            work_dir=work_dir,
            on_progress=note,
        )
    )


@pytest.fixture
def work_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


def cuts_of(result: VisualResult) -> list[Fraction]:
    return [shot.span.range().start.seconds for shot in result.shots][1:]


def stills(work_dir: Path) -> list[tuple[Fraction, bool]]:
    with (work_dir / PACK).open("rb") as file:
        return [(still.time.seconds, still.is_keyframe) for still in StillPack(file).stills]


def scenes_of(result: VisualResult) -> list[list[Shot]]:
    return [[one.shot for one in scene.shots] for scene in group(result, LENGTH)]


def test_shots_scenes_and_keyframes_of_a_video(tmp_path: Path, work_dir: Path) -> None:
    media = tmp_path / "clip.mp4"
    write_video(media, [Take(100, drifting(1)), Take(60, drifting(2)), Take(150, drifting(3)), Take(190, drifting(4))])

    result = analyse(media, work_dir)

    scenes = scenes_of(result)
    shots = [shot for scene in scenes for shot in scene]
    assert cuts_of(result) == [4, Fraction(32, 5), Fraction(62, 5)]
    assert result.duration.timecode().seconds == 20
    assert shots[0].range.start.seconds == 0
    assert shots[-1].range.end.seconds == 20
    assert all(a.range.end == b.range.start for a, b in pairwise(shots))
    assert all(10 <= scene[-1].range.end - scene[0].range.start <= 20 for scene in scenes)
    assert all(shot.range.contains(shot.keyframe) for shot in shots)
    assert result.damaged_packets == 0
    assert {engine.stage for engine in result.engines} == {"shots", "keyframes"}


def test_the_work_folder_holds_the_named_pictures_and_the_stills(tmp_path: Path, work_dir: Path) -> None:
    media = tmp_path / "clip.mp4"
    form = SampleFormat(width=1280, height=720)
    write_video(media, [Take(40, drifting(seed, 1280, 720)) for seed in range(3)], form)

    result = analyse(media, work_dir)

    assert {path.name for path in work_dir.iterdir()} == {*result.files, PACK}
    assert len(set(result.files) - {result.poster}) == 3
    assert all((work_dir / name).read_bytes().startswith(b"\xff\xd8\xff") for name in result.files)


def test_a_picture_is_one_scene_from_0_to_0(tmp_path: Path, work_dir: Path) -> None:
    media = tmp_path / "picture.jpg"
    media.write_bytes(encode_jpeg(np.full((900, 1200, 3), 90, np.uint8)))

    result = analyse(media, work_dir)

    ((shot,),) = scenes_of(result)
    assert shot.range.start.seconds == shot.range.end.seconds == 0
    assert {engine.stage for engine in result.engines} == {"keyframes"}
    assert stills(work_dir) == [(0, True)]


def test_a_video_of_one_frame_is_one_shot_with_a_keyframe(tmp_path: Path, work_dir: Path) -> None:
    media = tmp_path / "one.mp4"
    write_video(media, [Take(1, drifting(1))])

    result = analyse(media, work_dir)

    assert [len(scene) for scene in scenes_of(result)] == [1]
    assert [seconds for seconds, _ in stills(work_dir)] == [0, 0]


def test_stills_come_twice_a_second_with_the_keyframes_among_them(tmp_path: Path, work_dir: Path) -> None:
    media = tmp_path / "clip.mp4"
    write_video(media, [Take(100, drifting(1)), Take(60, drifting(2))])

    analyse(media, work_dir)

    taken = stills(work_dir)
    assert [seconds for seconds, is_keyframe in taken if not is_keyframe] == [Fraction(n, 25) for n in EVERY_HALF]
    assert sum(is_keyframe for _, is_keyframe in taken) == 2


def test_an_unchanged_picture_is_stored_once_per_few_seconds(tmp_path: Path, work_dir: Path) -> None:
    media = tmp_path / "still.mp4"
    picture = drifting(1)(0)
    write_video(media, [Take(500, lambda _: picture)])

    analyse(media, work_dir)

    with (work_dir / PACK).open("rb") as file:
        pack = StillPack(file)
        regular = [still for still in pack.stills if not still.is_keyframe]
        assert len(regular) == 40
        assert len({still.offset for still in regular}) <= 12


@pytest.mark.parametrize("rate", [1, 5, 12])
def test_keyframes_show_their_own_shots_at_low_frame_rates(rate: int, tmp_path: Path, work_dir: Path) -> None:
    media = tmp_path / "slow.mp4"
    lengths = [30, 4, 9, 4, 20, 6, 40, 5, 5, 70, 8, 30]
    grey = [np.full((360, 640, 3), 20 + 19 * n, np.uint8) for n in range(len(lengths))]
    for n, picture in enumerate(grey):
        picture[:, :: 2 + n] //= 2
    takes = [Take(length, lambda _, picture=picture: picture) for length, picture in zip(lengths, grey, strict=True)]
    write_video(media, takes, SampleFormat(width=640, height=360, rate=Fraction(rate)))

    result = analyse(media, work_dir)

    first = [Fraction(sum(lengths[:n]), rate) for n in range(len(lengths) + 1)]
    for shot in result.shots:
        begin, end = shot.span.range().start.seconds, shot.span.range().end.seconds
        for still in shot.stills:
            with Image.open(work_dir / still.file) as keyframe:
                level = np.asarray(keyframe.convert("L")).mean()
            near = min(range(len(grey)), key=lambda n: abs(grey[n].mean() - level))
            assert first[near] < end
            assert first[near + 1] > begin


def test_a_variable_frame_rate_keeps_exact_times(tmp_path: Path, work_dir: Path) -> None:
    media = tmp_path / "variable.mkv"
    steps = np.random.default_rng(1).integers(20, 90, 120)
    times = tuple(int(steps[:n].sum()) for n in range(120))
    write_video(media, [Take(70, drifting(1)), Take(50, drifting(2))], SampleFormat(times_ms=times))

    assert cuts_of(analyse(media, work_dir)) == [Fraction(times[70], 1000)]


def test_progress_rises(tmp_path: Path, work_dir: Path) -> None:
    media = tmp_path / "clip.mp4"
    write_video(media, [Take(60, drifting(seed, 1280, 720)) for seed in range(3)], SampleFormat(width=1280, height=720))
    progress: list[float] = []

    analyse(media, work_dir, progress=progress)

    assert progress == sorted(progress)
    assert all(0 <= fraction <= 1 for fraction in progress)


def test_the_result_can_be_stored_and_read() -> None:
    data = b'{"is_picture":false,"duration":[61,2],"shots":[],"engines":[],"damaged_packets":0}'

    result = msgspec.json.decode(data, type=VisualResult)

    assert result.duration.timecode().seconds == Fraction(61, 2)
    assert msgspec.json.decode(msgspec.json.encode(result), type=VisualResult) == result


@pytest.mark.parametrize(
    ("name", "frames", "rate"),
    [
        ("big-buck-bunny-480p-30s.mp4", (285, 378, 553), Fraction(24)),
        ("hamilton-white-house-360p-10s.mp4", (20, 82, 211), Fraction(30000, 1001)),
    ],
    ids=["big-buck-bunny", "hamilton"],
)
def test_real_cuts_are_found_without_false_ones(
    name: str, frames: tuple[int, ...], rate: Fraction, work_dir: Path
) -> None:
    media = MEDIA / name
    if not media.exists():
        pytest.skip(f"no real media at {MEDIA}; see SCENEDEX_TEST_MEDIA")

    found = cuts_of(analyse(media, work_dir))

    # Between the cuts, since the first picture of one clip comes after the start of its file.
    gaps = [b - a for a, b in pairwise(found)]
    expected = [(b - a) / rate for a, b in pairwise(frames)]
    assert len(found) == 3
    assert all(abs(a - b) <= 1 / rate for a, b in zip(gaps, expected, strict=True))


@pytest.mark.parametrize(("size", "poster"), [((640, 480), (240, 180)), ((160, 120), (160, 120))])
def test_the_poster_is_a_small_copy_of_the_first_keyframe(
    size: tuple[int, int], poster: tuple[int, int], tmp_path: Path, work_dir: Path
) -> None:
    film = tmp_path / "film.mp4"
    width, height = size
    write_video(film, [Take(10, drifting(1, width, height))], SampleFormat(width=width, height=height))
    found = analyse(film, work_dir)

    assert found.poster in found.files
    with Image.open(work_dir / str(found.poster)) as small, Image.open(work_dir / found.files[0]) as keyframe:
        assert small.size == poster
        rough, expected = (np.asarray(one.resize((8, 6)), np.int16) for one in (small, keyframe))
        assert np.abs(rough - expected).max() < 12
