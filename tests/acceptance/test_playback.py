"""Playback at both sizes, as the page asks for it: media of a server's own folders, and of an S3 service."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx2
import pytest
from PIL import Image

from console_links import call, session_of
from newsroom import ANALYSIS_PATIENCE_S, POLL_S, open_desk
from numbered_films import FilmForm, numbers_of, times_of, write_film
from processes import until
from scenedex.client import AnalysisOptions, PlaybackSource, PlaybackStatus

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from newsroom import Desk
    from processes import Server

FRAMES = 25
UNPLAYABLE = FilmForm(codec="mpeg4", sound="aac")


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A film that no browser plays."""
    path = tmp_path_factory.mktemp("unplayable") / "film.mp4"
    write_film(path, UNPLAYABLE, times_of(FRAMES))
    return path.read_bytes()


@pytest.fixture(scope="module")
def shop(server: Server, film: bytes) -> Generator[Desk]:
    """Desk whose bucket has the film."""
    server.put("unplayable.mp4", film)
    with open_desk(server) as desk:
        yield desk


@pytest.fixture(scope="module")
def asset(shop: Desk) -> int:
    """The film with its proxy, and with the strip and the waveform of its analysis."""
    made = shop.imported("unplayable.mp4")
    assert shop.assets.playback(made).status is PlaybackStatus.NEEDED
    shop.assets.request_proxy(made)
    shop.analysed(made, AnalysisOptions())
    shop.assets.wait_proxy(made, timeout=ANALYSIS_PATIENCE_S, poll=POLL_S)
    return made


@pytest.fixture(scope="module")
def session(server: Server) -> str:
    return session_of(server)


def media_of(desk: Desk, asset: int) -> str:
    return f"/api/v1/workspaces/{desk.workspace}/projects/{desk.project_id}/assets/{asset}/media"


def is_on_s3(server: Server) -> bool:
    return "SCENEDEX_STORAGE_ENDPOINT" in server.settings


def read(server: Server, session: str, target: str, bytes_range: str | None = None) -> httpx2.Response:
    """Read media as a player does, which follows redirects with its range and without its cookie."""
    headers = {} if bytes_range is None else {"range": f"bytes={bytes_range}"}
    answer = call(server, session, "GET", target, headers=headers)
    if not is_on_s3(server):
        return answer
    assert (answer.status_code, answer.headers["cache-control"]) == (302, "no-store")
    return httpx2.get(answer.headers["location"], headers=headers)


def test_a_proxy_plays_by_range(server: Server, shop: Desk, asset: int, session: str, tmp_path: Path) -> None:
    found = shop.assets.playback(asset)

    assert (found.source, found.content_type, found.proxy is None) == (PlaybackSource.PROXY, "video/webm", False)
    target = f"{media_of(shop, asset)}?of=proxy"
    assert found.media_url == target
    whole = read(server, session, target)
    part = read(server, session, target, "10-19")
    (tmp_path / "proxy.webm").write_bytes(whole.content)
    assert [number for _, number in numbers_of(tmp_path / "proxy.webm")] == list(range(FRAMES))
    assert (part.status_code, part.content) == (206, whole.content[10:20])
    assert part.headers["content-range"] == f"bytes 10-19/{len(whole.content)}"
    for answer in (whole, part):
        assert answer.headers["content-type"] == "video/webm"


def test_the_original_is_saved_under_its_name(
    server: Server, shop: Desk, asset: int, session: str, film: bytes
) -> None:
    target = f"{media_of(shop, asset)}?of=original"

    head = call(server, session, "HEAD", target)
    whole = read(server, session, target)

    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(len(film)))
    assert (whole.status_code, whole.content == film) == (200, True)
    for answer in (head, whole):
        assert answer.headers["content-type"] == "video/mp4"
        assert answer.headers["content-disposition"].startswith("attachment; ")
        assert "unplayable.mp4" in answer.headers["content-disposition"]


def test_an_analysis_makes_a_strip_and_a_waveform(shop: Desk, asset: int) -> None:
    found = shop.assets.playback(asset)

    assert found.strip is not None
    assert found.waveform is not None
    with Image.open(BytesIO(httpx2.get(found.strip.url).content)) as picture:
        size = found.strip.columns * found.strip.tile_width, found.strip.rows * found.strip.tile_height
        assert (picture.format, picture.size) == ("JPEG", size)
    assert found.strip.times_ms[0] == 0
    assert len(found.waveform.peaks) == pytest.approx(FRAMES / 25 * found.waveform.peaks_per_second, abs=1)


def test_the_page_may_show_what_the_storage_sends(server: Server, shop: Desk, asset: int, session: str) -> None:
    policy = call(server, session, "GET", "/console/").headers["content-security-policy"]
    sources = {name: places for name, *places in (part.split() for part in policy.split("; "))}
    strip = shop.assets.playback(asset).strip
    uploads = f"{media_of(shop, asset).rpartition('/assets/')[0]}/assets/uploads/presigned-url"
    place = call(server, session, "POST", uploads, {"assetFileName": "film.mp4"}).json()["result"]
    media = call(server, session, "GET", media_of(shop, asset))

    assert strip is not None
    shown = {
        "img-src": strip.url,
        "media-src": media.headers.get("location", server.endpoint),
        "connect-src": place["presignedUploadUrl"],
    }
    for name, url in shown.items():
        origin = f"{urlsplit(url).scheme}://{urlsplit(url).netloc}"
        assert ("'self'" if origin == server.endpoint else origin) in sources[name]


def test_a_deleted_asset_leaves_no_objects(server: Server, shop: Desk, asset: int) -> None:
    [(workspace_id,)] = server.rows("SELECT workspace_id FROM workspaces WHERE workspace_name = %s", shop.workspace)
    copies, outputs = f"assets/{asset}/", f"outputs/{workspace_id}/"
    assert any("/proxy-" in key for key in server.ground.managed(copies))
    assert any(key.endswith("/strip.jpg") for key in server.ground.managed(outputs))

    shop.assets.delete(asset)

    until(lambda: not any(map(server.ground.managed, (copies, outputs))), "the objects are erased")
    assert server.rows("SELECT count(*) FROM proxies WHERE asset_id = %s", asset) == [(0,)]
    assert server.rows("SELECT count(*) FROM stage_outputs WHERE workspace_id = %s", workspace_id) == [(0,)]
