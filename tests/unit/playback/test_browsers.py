"""Formats that browsers play."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from scenedex.assets.records import AssetId, StoredMedia
from scenedex.playback.browsers import CONTENT_TYPES, Obstacle, is_picture, playability_of

if TYPE_CHECKING:
    from scenedex.media_formats import MediaFormat


def stored(
    media_format: MediaFormat, video: str | None = None, pixels: str = "yuv420p", sound: str | None = None
) -> StoredMedia:
    return StoredMedia(
        asset_id=AssetId(1),
        workspace_id=1,
        file_name="film",
        import_status="COMPLETED",
        import_reason=None,
        managed_key="assets/1/source-1",
        format=media_format,
        width=1280,
        height=720,
        duration_ms=1000,
        size_bytes=1000,
        video_codec=video,
        pixel_format=pixels,
        audio_codec=sound,
        frame_rate="25/1",
    )


def named(value: object) -> str:
    if isinstance(value, StoredMedia):
        return f"{value.format} {value.video_codec} {value.pixel_format} {value.audio_codec}"
    return str(value)


@pytest.mark.parametrize(
    "media",
    [
        stored("mp4", "h264", sound="aac"),
        stored("mp4", "h264", "yuvj420p"),
        stored("mov", "h264", sound="aac"),
        stored("mp4", "av1", "yuv420p10le", "opus"),
        stored("webm", "vp9", sound="opus"),
        stored("webm", "vp8", sound="vorbis"),
        stored("jpg"),
        stored("png"),
    ],
    ids=named,
)
def test_plays(media: StoredMedia) -> None:
    found = playability_of(media)

    assert (found.obstacle, found.reason) == (Obstacle.NONE, None)


@pytest.mark.parametrize(
    ("media", "obstacle", "words"),
    [
        (stored("mkv", "h264", sound="aac"), Obstacle.CONTAINER, "Matroska"),
        (stored("mp4", "vp8", sound="aac"), Obstacle.CONTAINER, "VP8"),
        (stored("mp4", "h264", sound="ac3"), Obstacle.SOUND, "AC-3"),
        (stored("mov", "h264", sound="pcm_s16le"), Obstacle.SOUND, "PCM"),
        (stored("webm", "vp9", sound="aac"), Obstacle.SOUND, "aac"),
        (stored("mkv", "hevc", sound="aac"), Obstacle.PICTURE, "HEVC"),
        (stored("mov", "prores", "yuv422p10le", "pcm_s24le"), Obstacle.PICTURE, "ProRes"),
        (stored("mp4", "h264", "yuv420p10le", "ac3"), Obstacle.PICTURE, "yuv420p10le"),
        (stored("heic"), Obstacle.PICTURE, "HEIC"),
        (stored("jpg", "h264", sound="aac"), Obstacle.CONTAINER, "motion photo"),
        (stored("jpg", "hevc", sound="aac"), Obstacle.PICTURE, "motion photo"),
        (stored("heic", "h264", sound="ac3"), Obstacle.SOUND, "motion photo"),
    ],
    ids=named,
)
def test_does_not_play_for_the_greatest_obstacle(media: StoredMedia, obstacle: Obstacle, words: str) -> None:
    found = playability_of(media)

    assert found.obstacle is obstacle
    assert words in (found.reason or "")


def with_tracks(media: StoredMedia, *codecs: str) -> StoredMedia:
    return msgspec.structs.replace(media, sound_codecs=list(codecs))


@pytest.mark.parametrize(
    ("codecs", "voice", "obstacle", "is_worth_trying"),
    [
        (("aac", "aac"), [], Obstacle.NONE, True),
        (("aac", "aac"), [1], Obstacle.NONE, True),
        (("aac", "aac"), [2], Obstacle.CONTAINER, False),
        (("aac", "ac3"), [2], Obstacle.SOUND, False),
        (("ac3", "aac"), [2], Obstacle.CONTAINER, False),
        (("aac", "aac"), [1, 2], Obstacle.SOUND, True),
        (("aac", "aac", "aac"), [2, 3], Obstacle.SOUND, False),
    ],
)
def test_the_voice_must_be_in_the_track_that_browsers_play(
    codecs: tuple[str, ...], voice: list[int], obstacle: Obstacle, is_worth_trying: bool
) -> None:
    found = playability_of(with_tracks(stored("mp4", "h264", sound=codecs[0]), *codecs), voice)

    assert (found.obstacle, found.is_worth_trying) == (obstacle, is_worth_trying)


def test_the_tracks_with_the_voice_are_named() -> None:
    media = with_tracks(stored("mp4", "h264", sound="aac"), "aac", "aac", "aac")

    assert playability_of(media, [2]).reason == "Browsers play the first sound track alone. The voice is in track 2."
    assert (playability_of(media, [1, 3]).reason or "").endswith("The voice is in tracks 1 and 3.")


def test_unknown_codecs_are_worth_trying() -> None:
    found = playability_of(stored("mov"))

    assert found.is_worth_trying
    assert "not known" in (found.reason or "")


def test_a_motion_photo_is_no_picture_and_needs_a_proxy() -> None:
    found = stored("jpg", "h264", sound="aac")

    assert not is_picture(found)
    assert not playability_of(found).is_worth_trying
    assert is_picture(stored("jpg"))


def test_each_format_has_a_content_type() -> None:
    assert CONTENT_TYPES.keys() == {"mp4", "mov", "mkv", "webm", "jpg", "png", "heic"}
