"""Probes of real files in real children."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import msgspec
import numpy as np
import pytest
from PIL import Image

from scenedex.media.child import run_in_child
from scenedex.media.errors import DimensionsTooLarge, MediaUnreadable
from scenedex.media.probe import probe
from scenedex.media.samples import SampleFormat, Take, drifting, plain, write_demo_video, write_video
from scenedex.media.source import LocalFile
from shared_servers import made_once

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.media.conftest import Children

    from scenedex.media.child import ChildLimits
    from scenedex.media.probe_entry import Probe


def probed(path: Path, limits: ChildLimits) -> Probe:
    return asyncio.run(probe(LocalFile(path), limits))


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.mp4"
    write_video(path, [Take(25, drifting(1)), Take(25, drifting(2))], SampleFormat(sound="aac"))
    return path


def test_a_film_is_measured(film: Path, limits: ChildLimits) -> None:
    found = probed(film, limits)
    assert (found.format, found.kind, found.width, found.height, found.has_audio) == ("mp4", "VIDEO", 320, 180, True)
    assert found.duration == 2


def test_a_name_says_nothing(film: Path, limits: ChildLimits) -> None:
    renamed = film.rename(film.with_suffix(".png"))
    assert probed(renamed, limits).format == "mp4"


@pytest.mark.parametrize("text", ["#EXTM3U\nfile:///etc/passwd\n", "ffconcat version 1.0\nfile /etc/passwd\n", ""])
def test_a_list_of_other_files_is_no_film(tmp_path: Path, limits: ChildLimits, text: str) -> None:
    path = tmp_path / "film.mp4"
    path.write_text(text)
    with pytest.raises(MediaUnreadable):
        probed(path, limits)


def test_a_folder_is_no_film(tmp_path: Path, limits: ChildLimits) -> None:
    with pytest.raises(Exception, match=r"(?i)directory"):
        probed(tmp_path, limits)


@pytest.mark.parametrize("name", ["picture.png", "picture.jpg"])
def test_a_picture_is_measured(tmp_path: Path, limits: ChildLimits, name: str) -> None:
    Image.new("RGB", (640, 360), "teal").save(tmp_path / name)
    found = probed(tmp_path / name, limits)
    assert (found.format, found.kind, found.width, found.height) == (name[-3:], "IMAGE", 640, 360)
    assert found.duration == 0


def test_a_heic_picture_is_measured(tmp_path: Path, limits: ChildLimits) -> None:
    import pillow_heif  # noqa: PLC0415  # the only test that writes one

    picture = pillow_heif.from_pillow(Image.new("RGB", (640, 360), "teal"))
    picture.save(tmp_path / "picture.heic")  # pyright: ignore[reportUnknownMemberType]  # untyped options
    found = probed(tmp_path / "picture.heic", limits)
    assert (found.format, found.width, found.height) == ("heic", 640, 360)


def test_too_many_pixels_are_said_to_be_too_many(film: Path, limits: ChildLimits) -> None:
    with pytest.raises(DimensionsTooLarge, match="320x180"):
        probed(film, replace(limits, max_pixels=1000))


def test_a_film_of_8k_is_refused_without_the_memory_for_one_of_its_pictures(
    tmp_path: Path, limits: ChildLimits
) -> None:
    path = tmp_path / "large.mp4"
    write_video(path, [Take(1, plain(9, 9, 9, 7680, 4320))], SampleFormat(width=7680, height=4320))
    with pytest.raises(DimensionsTooLarge, match="7680x4320"):
        probed(path, replace(limits, memory_bytes=500 * 1024**2))


@pytest.mark.parametrize("seed", range(6))
def test_damage_is_a_result_or_a_refusal(film: Path, limits: ChildLimits, seed: int) -> None:
    data = bytearray(film.read_bytes())
    rng = np.random.default_rng(seed)
    for place in rng.integers(0, len(data), 300):
        data[place] = rng.integers(0, 256)
    film.write_bytes(data)
    try:
        found = probed(film, limits)
    except MediaUnreadable:
        return
    assert found.width > 0
    assert found.duration > 0


class Told(msgspec.Struct, frozen=True):
    """No parameters."""


def test_a_whole_pass_runs_in_the_child_and_tells_its_progress(film: Path, children: Children) -> None:
    heard: list[float] = []

    async def note(progress: float) -> None:
        heard.append(progress)

    frames = children.on(LocalFile(film)).run("count_frames", list[int], Told(), on_progress=note)
    assert frames == [50, 90, 160]
    assert heard == sorted(heard)
    assert heard


def test_a_probe_of_a_film_loads_nothing_that_it_does_not_need(film: Path, children: Children) -> None:
    assert children.on(LocalFile(film)).run("loaded_by_a_probe", list[str]) == []


def test_the_demo_film_has_what_the_demo_shows(tmp_path_factory: pytest.TempPathFactory, limits: ChildLimits) -> None:
    path = made_once("demo.mp4", tmp_path_factory, write_demo_video)
    found = probed(path, limits)
    assert (found.format, found.width, found.height, found.has_audio) == ("mp4", 1280, 720, True)
    assert found.duration == 29
    with av.open(path) as container:
        assert container.streams.video[0].codec_context.name == "vp9"
    assert path.read_bytes().find(b"moov") < 100_000


def test_entries_must_be_importable(film: Path, limits: ChildLimits) -> None:
    with pytest.raises(Exception, match="no_such_module"):
        asyncio.run(run_in_child("no_such_module:f", LocalFile(film), Told(), int, limits=limits))


def test_rotation_is_seen_through_the_child(tmp_path: Path, limits: ChildLimits) -> None:
    path = tmp_path / "phone.mov"
    write_video(path, [Take(5, drifting(1))], SampleFormat(rotation=90, rate=Fraction(30)))
    found = probed(path, limits)
    assert (found.format, found.width, found.height) == ("mov", 180, 320)
