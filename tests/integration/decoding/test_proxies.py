"""Proxies: pictures and sound keep their times, and the least part of a file is made anew."""

# PyAV's stubs leave the streams of packets open.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import ast
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, cast

import av
import msgspec
import pillow_heif
import pytest
from av.video.reformatter import ColorPrimaries, ColorTrc
from PIL import Image

import scenedex
from films_with_sound import tones_of, write_tones
from numbered_films import CLICK_AT, FilmForm, click_of, numbers_of, times_of, write_film
from scenedex.media.opened import OpenedMedia
from scenedex.media.proxies import ENCODERS, MadeProxy, ProxyEffort, ProxyOptions
from scenedex.media.proxy_entry import make_proxy

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

UNEVEN_MS = [0, 40, 80, 230, 240, 251, 700, 1500, 1533, 1566, 1600, 2400]
HALF_A_FRAME = 0.02


def proxy_of(
    source: Path, effort: ProxyEffort = "picture", short_side: int = 360, tracks: tuple[int, ...] = ()
) -> tuple[MadeProxy, Path]:
    folder = source.parent / "proxy"
    folder.mkdir(exist_ok=True)
    params = msgspec.json.encode(ProxyOptions(effort, short_side, threads=1, sound_tracks=tracks))
    with source.open("rb", buffering=0) as file:
        opened = OpenedMedia(file, str(folder), max_pixels=20_000_000, report=lambda _fraction, _done: None)
        made = make_proxy(opened, params)
    return made, folder / made.file


def assert_same_times(proxy: Path, times_ms: list[int]) -> None:
    found = numbers_of(proxy)
    assert [number for _, number in found] == list(range(len(times_ms)))
    assert max(abs(at - ms / 1000) for (at, _), ms in zip(found, times_ms, strict=True)) < HALF_A_FRAME


FORMS = {
    "hevc.mkv": FilmForm(codec="libx265", pixel_format="yuv420p10le"),
    "h264-10.mp4": FilmForm(pixel_format="yuv420p10le"),
    "prores.mov": FilmForm(codec="prores_ks", pixel_format="yuv422p10le", sound="pcm_s24le"),
    "mpeg4.mp4": FilmForm(codec="mpeg4", sound="ac3"),
    "vp9.webm": FilmForm(codec="libvpx-vp9", sound="libopus"),
}


@pytest.mark.parametrize("name", FORMS)
def test_an_encoded_proxy_has_each_picture_and_sound_at_its_time(name: str, tmp_path: Path) -> None:
    write_film(tmp_path / name, FORMS[name])

    made, proxy = proxy_of(tmp_path / name)

    assert (made.content_type, made.effort, made.sound_tracks) == ("video/webm", "picture", (1,))
    assert (made.width, made.height) == (640, 360)
    assert_same_times(proxy, times_of())
    assert abs(click_of(proxy) - CLICK_AT) < HALF_A_FRAME
    with av.open(proxy) as film:
        video, sound = film.streams.video[0].codec_context, film.streams.audio[0].codec_context
        assert (video.codec.canonical_name, video.pix_fmt) == ("vp9", "yuv420p")
        assert (video.colorspace, video.color_range) == (1, 1)
        assert sound.codec.canonical_name == "opus"


@pytest.mark.parametrize("effort", ["container", "sound", "picture"])
@pytest.mark.parametrize(
    ("tracks", "played", "hertz"),
    [((), (1,), {400}), ((2,), (2,), {800}), ((2, 3), (2, 3), {800, 1600}), ((9,), (1,), {400})],
    ids=str,
)
def test_the_tracks_that_are_asked_for_are_heard(
    tracks: tuple[int, ...], played: tuple[int, ...], hertz: set[int], effort: ProxyEffort, tmp_path: Path
) -> None:
    source = tmp_path / "film.mkv"
    write_tones(source, [400, 800, 1600])

    made, proxy = proxy_of(source, effort, tracks=tracks)

    assert made.sound_tracks == played
    assert tones_of(proxy) == hertz


@pytest.mark.parametrize("start_ms", [0, 5000])
@pytest.mark.parametrize("sound", [None, "aac"])
def test_uneven_times_stay(start_ms: int, sound: str | None, tmp_path: Path) -> None:
    source = tmp_path / "film.mkv"
    write_film(source, FilmForm(codec="libx265", sound=sound, start_ms=start_ms), UNEVEN_MS)

    _, proxy = proxy_of(source)

    assert_same_times(proxy, UNEVEN_MS)


def test_a_late_first_picture_is_shown_from_the_start(tmp_path: Path) -> None:
    source = tmp_path / "film.mkv"
    write_film(source, FilmForm(codec="mpeg4"), [500 + at for at in times_of(25)])

    _, proxy = proxy_of(source)

    assert numbers_of(proxy)[:3] == [(0.0, 0), (0.5, 0), (0.54, 1)]


@pytest.mark.parametrize(
    ("form", "size"),
    [
        (FilmForm(codec="mpeg4", width=1280, height=720), (640, 360)),
        (FilmForm(codec="mpeg4", width=320, height=180), (320, 180)),
        (FilmForm(codec="mpeg4", width=720, height=480, pixel_aspect=Fraction(32, 27)), (640, 360)),
        (FilmForm(codec="mpeg4", width=640, height=480, rotation=90), (360, 480)),
        (FilmForm(codec="mpeg4", width=640, height=480, rotation=270), (360, 480)),
    ],
    ids=["large", "small", "anamorphic", "left", "right"],
)
def test_pictures_are_upright_with_square_pixels(form: FilmForm, size: tuple[int, int], tmp_path: Path) -> None:
    source = tmp_path / "film.mp4"
    write_film(source, form, times_of(5))

    made, proxy = proxy_of(source)

    assert (made.width, made.height) == size
    with av.open(proxy) as film:
        shown = cast("NDArray[np.uint8]", next(film.decode(video=0)).to_ndarray(format="rgb24"))
        assert film.streams.video[0].sample_aspect_ratio in (None, 1)
    assert shown.shape[:2] == (size[1], size[0])
    # The coded picture is red at the lower left. Turned to the left, that is the lower right.
    place = {0: (-5, 5), 90: (-5, -5), 270: (5, 5)}[form.rotation]
    red, green, blue = (int(value) for value in shown[place])
    assert red > 120
    assert max(green, blue) < 100


def test_tones_of_hdr_are_mapped(tmp_path: Path) -> None:
    tags = {"color_trc": int(ColorTrc.SMPTE2084), "color_primaries": int(ColorPrimaries.BT2020), "colorspace": 9}
    source = tmp_path / "film.mkv"
    write_film(source, FilmForm(codec="libx265", pixel_format="yuv420p10le", tags=tags), times_of(5))

    _, proxy = proxy_of(source)

    with av.open(proxy) as film:
        frame = next(film.decode(video=0))
        luma = cast("NDArray[np.uint8]", frame.to_ndarray())[200, 320]
        assert frame.color_trc in (ColorTrc.UNSPECIFIED, ColorTrc.BT709)
    # The grey of 50 % is 92 nits in PQ, which is a light grey beside a white of 203 nits.
    assert 150 < luma < 220


COPIED = {
    "film.mkv": (FilmForm(), "proxy.mp4"),
    "mp3.mkv": (FilmForm(sound="libmp3lame"), "proxy.mp4"),
    "late.mkv": (FilmForm(start_ms=5000), "proxy.mp4"),
    "vp9.mkv": (FilmForm(codec="libvpx-vp9", sound="libopus"), "proxy.webm"),
    "silent.mkv": (FilmForm(sound=None), "proxy.mp4"),
}


@pytest.mark.parametrize("name", COPIED)
def test_a_container_is_changed_without_any_encoder(name: str, tmp_path: Path) -> None:
    form, file = COPIED[name]
    write_film(tmp_path / name, form)

    made, proxy = proxy_of(tmp_path / name, "container")

    assert (made.effort, made.file, made.width) == ("container", file, None)
    assert_same_times(proxy, times_of())
    assert packets_of(proxy) == packets_of(tmp_path / name)
    if form.sound is not None:
        assert abs(click_of(proxy) - CLICK_AT) < 2 * HALF_A_FRAME


@pytest.mark.parametrize(("sound", "name"), [("ac3", "film.mp4"), ("pcm_s16le", "film.mov"), ("alac", "film.mov")])
def test_only_sound_is_encoded(sound: str, name: str, tmp_path: Path) -> None:
    write_film(tmp_path / name, FilmForm(sound=sound, rotation=90), UNEVEN_MS)

    made, proxy = proxy_of(tmp_path / name, "sound")

    assert (made.effort, made.file) == ("sound", "proxy.mp4")
    assert packets_of(proxy) == packets_of(tmp_path / name)
    assert abs(click_of(proxy) - CLICK_AT) < HALF_A_FRAME
    with av.open(proxy) as film:
        assert film.streams.audio[0].codec_context.codec.canonical_name == "aac"
        frames = list(film.decode(video=0))
        tick = film.streams.video[0].time_base or Fraction(1)
        times = [round((frame.pts or 0) * tick * 1000) for frame in frames]
        assert max(abs(at - ms) for at, ms in zip(times, UNEVEN_MS, strict=True)) < 1000 * HALF_A_FRAME
        assert frames[0].rotation == 90


def test_the_index_of_a_file_is_at_its_start(tmp_path: Path) -> None:
    write_film(tmp_path / "film.mkv", FilmForm())

    _, copied = proxy_of(tmp_path / "film.mkv", "container")
    _, encoded = proxy_of(tmp_path / "film.mkv")

    assert copied.read_bytes().index(b"moov") < copied.read_bytes().index(b"mdat")
    assert encoded.read_bytes().index(b"\x1c\x53\xbb\x6b") < encoded.read_bytes().index(b"\x1f\x43\xb6\x75")


def test_packets_that_no_container_takes_are_encoded(tmp_path: Path) -> None:
    write_film(tmp_path / "film.mkv", FilmForm(codec="libvpx", sound="aac"))

    made, proxy = proxy_of(tmp_path / "film.mkv", "container")

    assert (made.effort, made.file) == ("picture", "proxy.webm")
    assert_same_times(proxy, times_of())


def test_a_picture_of_heic_becomes_jpeg(tmp_path: Path) -> None:
    pillow_heif.from_pillow(Image.new("RGB", (640, 480), (200, 20, 20))).save(tmp_path / "still.heic")

    made, proxy = proxy_of(tmp_path / "still.heic")

    assert (made.content_type, made.width, made.height) == ("image/jpeg", 640, 480)
    with Image.open(proxy) as image:
        assert image.format == "JPEG"


def test_the_product_names_no_encoder_under_the_gpl() -> None:
    named: set[str] = set()
    for module in Path(scenedex.__file__).parent.rglob("*.py"):
        tree = ast.parse(module.read_text())
        texts = {str(node.value) for node in ast.walk(tree) if isinstance(node, ast.Constant)}
        assert not {text for text in texts if text.startswith(("libx26", "libxvid"))}, module
        if module.name.startswith("proxy_"):
            calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
            named |= {
                ast.unparse(call.args[0]).strip("'")
                for call in calls
                if isinstance(call.func, ast.Attribute) and call.func.attr in ("add_stream", "add_mux_stream")
            }
    assert named - {"encoder"} <= set(ENCODERS)
    assert not {"h264", "hevc", "libx264"} & set(ENCODERS)


def packets_of(path: Path) -> list[bytes]:
    """Bytes of the packets of the pictures."""
    with av.open(path) as film:
        return [bytes(packet) for packet in film.demux(film.streams.video[0]) if packet.size]
