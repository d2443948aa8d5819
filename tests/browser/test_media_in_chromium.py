"""Originals and proxies in a real browser: picture, sound and seeking."""

from __future__ import annotations

import re
import shutil
import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Final

import msgspec
import pytest
from playwright.sync_api import sync_playwright

from numbered_films import FilmForm, write_film
from scenedex.media.opened import OpenedMedia
from scenedex.media.proxies import ProxyOptions
from scenedex.media.proxy_entry import make_proxy
from scenedex.playback.browsers import CONTENT_TYPES

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from playwright.sync_api import Page

    from scenedex.media.proxies import ProxyEffort

CHROMIUM: Final = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium (Debian: apt-get install chromium)")

FORMS: Final[dict[str, tuple[FilmForm, ProxyEffort | None]]] = {
    "h264.mp4": (FilmForm(), None),
    "h264.mov": (FilmForm(), None),
    "h264.mkv": (FilmForm(), None),
    "vp9.webm": (FilmForm(codec="libvpx-vp9", sound="libopus"), None),
    "copied.mkv": (FilmForm(), "container"),
    "ac3.mp4": (FilmForm(sound="ac3"), "sound"),
    "pcm.mov": (FilmForm(sound="pcm_s16le"), "sound"),
    "hevc.mkv": (FilmForm(codec="libx265", pixel_format="yuv420p10le"), "picture"),
    "hdr.mkv": (FilmForm(codec="libx265", pixel_format="yuv420p10le", tags={"color_trc": 16}), "picture"),
    "prores.mov": (FilmForm(codec="prores_ks", pixel_format="yuv422p10le", sound="pcm_s24le"), "picture"),
    "h264-10.mp4": (FilmForm(pixel_format="yuv420p10le"), "picture"),
}
_PLAY: Final = """async (url) => {
    const video = document.querySelector("video");
    const event = (name) => new Promise((done, failed) => {
        video.addEventListener(name, done, {once: true});
        video.addEventListener("error", () => failed(new Error(video.error.message)), {once: true});
    });
    const loaded = event("loadedmetadata");
    video.src = url;
    await loaded;
    const ended = event("ended");
    await video.play();
    await ended;
    const seeked = event("seeked");
    video.currentTime = 1;
    await seeked;
    return {
        width: video.videoWidth,
        frames: video.getVideoPlaybackQuality().totalVideoFrames,
        soundBytes: video.webkitAudioDecodedByteCount,
        duration: video.duration,
        time: video.currentTime,
    };
}"""


class _Files(BaseHTTPRequestHandler):
    """A page with a player, and the files of a folder by range."""

    def __init__(self, *given: Any, folder: Path) -> None:
        self._folder = folder
        super().__init__(*given)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the library's name
        """Stay silent."""

    def do_GET(self) -> None:  # the library's name
        path = self._folder / self.path.lstrip("/")
        is_file = path.is_file()
        content = path.read_bytes() if is_file else b"<!doctype html><video></video>"
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("range", ""))
        start = int(asked[1]) if asked else 0
        end = int(asked[2]) + 1 if asked and asked[2] else len(content)
        self.send_response(206 if asked else 200)
        self.send_header("content-type", CONTENT_TYPES[path.suffix[1:]] if is_file else "text/html")
        self.send_header("accept-ranges", "bytes")
        self.send_header("content-range", f"bytes {start}-{end - 1}/{len(content)}")
        self.send_header("content-length", str(end - start))
        self.end_headers()
        try:
            self.wfile.write(content[start:end])
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("media")


@pytest.fixture(scope="module")
def page(folder: Path) -> Generator[Page]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Files, folder=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    arguments = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        opened = browser.new_page()
        opened.goto(f"http://127.0.0.1:{server.server_port}/")
        yield opened
        browser.close()
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("name", FORMS)
def test_plays_with_picture_and_sound(name: str, page: Page, folder: Path) -> None:
    form, effort = FORMS[name]
    source = folder / name
    write_film(source, form)
    if effort is not None:
        source = _proxy_of(source, effort)

    found = page.evaluate(_PLAY, f"/{source.relative_to(folder)}")

    assert found["width"] == 640
    assert found["frames"] > 0
    assert found["soundBytes"] > 0
    assert abs(found["duration"] - 2) < 0.1
    assert found["time"] == 1


def _proxy_of(source: Path, effort: ProxyEffort) -> Path:
    target = source.with_suffix(".proxy")
    target.mkdir()
    with source.open("rb", buffering=0) as file:
        opened = OpenedMedia(file, str(target), max_pixels=1 << 24, report=lambda _fraction, _done: None)
        made = make_proxy(opened, msgspec.json.encode(ProxyOptions(effort, 360)))
    assert made.effort == effort
    return target / made.file
