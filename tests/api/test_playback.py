"""How an asset plays, and its media by range."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from scenedex.assets import queries as asset_queries
from scenedex.assets.records import MediaFacts, StoredSoundTrack
from scenedex.auth.keys import Role
from scenedex.index.previews import IndexPreview
from scenedex.index.service import publish
from scenedex.playback import queries as playback_queries
from scenedex.playback.records import StoredProxy
from scenedex.settings import ServerSettings, Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Item, Service, Serving, Site

    from scenedex.db.database import Transaction

DATA = bytes(range(256)) * 4
H264 = MediaFacts(
    "mp4",
    1280,
    720,
    91_565,
    len(DATA),
    video_codec="h264",
    pixel_format="yuv420p",
    audio_codec="aac",
    frame_rate="25/1",
    start_timecode="10:00:00:00",
    reel="A001",
    sound_tracks=(StoredSoundTrack("aac", 2, "kor"), StoredSoundTrack("ac3", 6, None, "Surround")),
)
HEVC = MediaFacts("mov", 1280, 720, 91_565, len(DATA), video_codec="hevc", pixel_format="yuv420p10le")
PICTURE = MediaFacts("png", 640, 480, 0, len(DATA))


def imported(site: Site, facts: MediaFacts, key: str = "films/Köln.mp4") -> Item:
    item = site.base.register(key)
    stored = f"assets/{item.asset_id}/source-1"

    async def complete(tx: Transaction) -> bool:
        claim = await asset_queries.claim_import(tx, item.asset_id)
        assert claim is not None
        return await asset_queries.complete_import(tx, claim, facts, stored, "etag")

    assert site.service.transact(complete)
    item.put(stored, DATA)
    return item


def playback(item: Item) -> dict[str, Any]:
    answer = item.call("GET", "/playback")
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]["playback"]


def test_an_original_plays(site: Site) -> None:
    item = imported(site, H264)

    assert playback(item) == {
        "source": "ORIGINAL",
        "status": "READY",
        "mediaUrl": f"{item.path}/media?of=original",
        "contentType": "video/mp4",
        "durationMs": 91_565,
        "frameRate": "25/1",
        "startTimecode": "10:00:00:00",
        "width": 1280,
        "height": 720,
        "hasSound": True,
    }


def test_an_asset_says_its_frame_rate_and_timecode(site: Site) -> None:
    item = imported(site, H264)

    shown = item.call("GET", "").json()["result"]
    moved = item.call("PATCH", f"?new_project_id={item.folder.project_id}").json()["result"]

    assert (shown["frameRate"], shown["startTimecode"]) == ("25/1", "10:00:00:00")
    assert shown["audioTracks"] == [
        {"track": 1, "codec": "aac", "channels": 2, "language": "kor"},
        {"track": 2, "codec": "ac3", "channels": 6, "title": "Surround"},
    ]
    assert moved.keys() & {"frameRate", "startTimecode", "audioTracks"} == set()


def test_only_tracks_of_the_file_can_be_asked_for(site: Site) -> None:
    item = imported(site, H264)

    refused = item.call("POST", "/index", {"analysisPersonCount": 0, "audioTracks": [1, 3]})
    accepted = item.call("POST", "/index", {"analysisPersonCount": 0, "audioTracks": [2]})

    assert (refused.status_code, refused.json()["responseError"]["details"]) == (
        400,
        [{"field": "audioTracks", "reason": "there is no track 3: the file has 2 sound tracks"}],
    )
    assert accepted.status_code == 200


def test_a_file_that_no_browser_plays_needs_a_proxy(site: Site) -> None:
    found = playback(imported(site, HEVC))

    assert (found["source"], found["status"], found["hasSound"]) == ("NONE", "NEEDED", False)
    assert found["reason"] == "Browsers do not play HEVC (H.265) video."
    assert "mediaUrl" not in found


def test_a_file_that_is_being_imported_waits(site: Site) -> None:
    found = playback(site.base.register())

    assert (found["source"], found["status"], found["reason"]) == ("NONE", "WAITING", "The file is being imported.")


def test_media_is_read_whole_by_range_and_by_head(site: Site) -> None:
    item = imported(site, H264)
    url = playback(item)["mediaUrl"]

    whole = site.api("GET", url)
    part = site.api("GET", url, headers={"range": "bytes=10-19"})
    head = site.api("HEAD", url)

    assert (whole.status_code, whole.content) == (200, DATA)
    assert (part.status_code, part.content) == (206, DATA[10:20])
    assert part.headers["content-range"] == f"bytes 10-19/{len(DATA)}"
    assert (head.status_code, head.content) == (200, b"")
    for answer in (whole, part, head):
        assert answer.headers["content-type"] == "video/mp4"
        assert answer.headers["accept-ranges"] == "bytes"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''K%C3%B6ln.mp4"
    assert head.headers["content-length"] == str(len(DATA))
    assert "content-disposition" not in item.call("GET", "/media").headers


def test_a_range_of_another_version_is_answered_with_all_bytes(site: Site) -> None:
    item = imported(site, H264)
    tag = item.call("GET", "/media").headers["etag"]

    def read(version: str) -> int:
        headers = {"range": "bytes=0-9", "if-range": version}
        return site.api("GET", f"{item.path}/media", headers=headers).status_code

    assert (read(tag), read('"another"')) == (206, 200)
    assert site.api("GET", f"{item.path}/media", headers={"if-none-match": tag}).status_code == 304


def test_a_picture_is_media_of_its_type(site: Site) -> None:
    item = imported(site, PICTURE, "still.png")

    assert playback(item)["contentType"] == "image/png"
    assert item.call("GET", "/media").headers["content-type"] == "image/png"


def test_there_is_no_media_to_play(site: Site) -> None:
    importing = site.base.register().call("GET", "/media")
    unplayable = imported(site, HEVC).call("GET", "/media")
    without_proxy = imported(site, H264).call("GET", "/media?of=proxy")

    for answer in (importing, unplayable, without_proxy):
        assert (answer.status_code, answer.json()["code"]) == (404, "40416")


def test_the_original_of_an_unplayable_file_can_be_read(site: Site) -> None:
    assert imported(site, HEVC).call("GET", "/media?of=original").content == DATA


def test_a_lost_file_is_gone(site: Site, service: Service) -> None:
    item = imported(site, H264)
    service.run(lambda: service.platform.managed.delete(f"assets/{item.asset_id}/source-1"))

    answer = item.call("GET", "/media")

    assert (answer.status_code, answer.json()["code"]) == (404, "40406")


@pytest.mark.parametrize("below", ["/playback", "/media"])
def test_a_viewer_of_another_workspace_sees_nothing(below: str, site: Site, service: Service) -> None:
    item = imported(site, H264)
    stranger, viewer = service.api(Role.VIEWER, "other-workspace"), service.api(Role.VIEWER, site.name)

    assert stranger("GET", item.path + below).status_code == 404
    assert viewer("GET", item.path + below).status_code == 200


def test_the_address_begins_with_the_path_of_the_server(serving: Serving, new_site: Callable[[Service], Site]) -> None:
    settings = Settings(server=ServerSettings(public_url="https://media.example/archive"))
    with serving(settings) as service:
        item = imported(new_site(service), H264)

        assert playback(item)["mediaUrl"] == f"/archive{item.path}/media?of=original"


def test_the_strip_and_the_peaks_of_an_index_are_shown(site: Site) -> None:
    item = imported(site, H264)
    index_id = item.request_analysis()
    key = f"outputs/1/{'0' * 32}/strip.jpg"
    preview = IndexPreview(key, 12, 1, 160, 90, [0, 500], 10.0, bytes([0, 12, 255]))
    index = replace(item.made_index(index_id), preview=preview)
    item.service.transact(lambda tx: publish(tx, index))
    item.put(key, DATA)

    found = playback(item)

    strip = found["strip"]
    assert site.service.client.get(strip.pop("url")).content == DATA
    assert strip == {"columns": 12, "rows": 1, "tileWidth": 160, "tileHeight": 90, "timesMs": [0, 500]}
    assert found["waveform"] == {"peaksPerSecond": 10, "peaks": [0, 12, 255]}


def test_a_voice_in_another_track_than_browsers_play_is_said_and_a_proxy_made_for_it(site: Site) -> None:
    item = imported(site, H264)
    proxy = item.call("POST", "/playback").json()["result"]["playback"]["proxy"]["status"]
    made = StoredProxy(f"assets/{item.asset_id}/proxy-1/proxy.webm", "video/webm", 640, 360, len(DATA), (1,))
    index = replace(item.made_index(item.request_analysis()), voice_tracks=(2,))

    async def make(tx: Transaction) -> None:
        claim = await playback_queries.claim(tx, item.asset_id)
        assert claim is not None
        assert await playback_queries.complete(tx, claim, made)
        await publish(tx, index)

    item.service.transact(make)
    before = playback(item)
    requested = item.call("POST", "/playback").json()["result"]["playback"]
    item.call("DELETE", "/playback")
    without = playback(item)

    assert (proxy, before["source"], before["status"]) == ("WAITING", "PROXY", "READY")
    assert before["reason"] == "The proxy was made without the voice, which is in sound track 2. Request it again."
    assert (requested["source"], requested["status"], requested["proxy"]["status"]) == ("NONE", "WAITING", "WAITING")
    assert (without["source"], without["status"]) == ("NONE", "NEEDED")
    assert without["reason"] == "Browsers do not play AC-3 sound in this container."


def test_an_index_of_an_earlier_release_has_neither(site: Site) -> None:
    item = imported(site, H264)
    item.publish(item.request_analysis())

    assert not {"strip", "waveform"} & playback(item).keys()
