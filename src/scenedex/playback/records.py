"""Playback of assets, and proxies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import msgspec

from scenedex.media_formats import IMAGE_FORMATS

if TYPE_CHECKING:
    from collections.abc import Collection

    from scenedex.assets.records import StoredMedia
    from scenedex.index.previews import IndexPreview
    from scenedex.jobs.queue import JobId

PlaybackSource = Literal["ORIGINAL", "PROXY", "NONE"]
PlaybackStatus = Literal["READY", "NEEDED", "WAITING", "RUNNING", "FAILED"]
ProxyStatus = Literal["WAITING", "RUNNING", "READY", "FAILED"]
MediaVersion = Literal["original", "proxy"]


class Proxy(msgspec.Struct, frozen=True):
    """A proxy that has been requested. The facts about its file are `None` until it is READY.

    Attributes:
        status: its state.
        reason: why it failed.
        percent: progress.
        object_key: key of its object.
        sound_tracks: numbers of the sound tracks that it plays, from 1, or `None` if an earlier release made it.
    """

    status: ProxyStatus
    reason: str | None
    percent: int
    object_key: str | None
    content_type: str | None
    width: int | None
    height: int | None
    size_bytes: int | None
    sound_tracks: list[int] | None = None

    def has_voice(self, voice: Collection[int]) -> bool:
        """Return whether it plays these sound tracks. Without a record of its own, it plays the first one."""
        return set(voice) <= set(self.sound_tracks or [1])


class ProxyClaim(msgspec.Struct, frozen=True):
    """An attempt at a proxy. Its writes count only while no later attempt has claimed the row."""

    asset_id: int
    attempt: int
    tries: int
    user_name: str


@dataclass(frozen=True, slots=True)
class DeletedProxy:
    """What remains of a proxy whose row is deleted: its object and its job, if it had them."""

    object_key: str | None
    job_id: JobId | None


@dataclass(frozen=True, slots=True)
class StoredProxy:
    """Object of a proxy, with its media type, the sides of its pictures, its length and the sound tracks it plays."""

    object_key: str
    content_type: str
    width: int
    height: int
    size_bytes: int
    sound_tracks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Playback:
    """How an asset plays in browsers.

    Attributes:
        media: copy of the asset.
        proxy: its proxy, or `None` if none has been requested.
        source: file that plays.
        status: READY if a file plays, else the state of what is missing.
        reason: why no file plays, or a remark on the file, or `None`.
        preview: strip and peaks of its index, or `None` without them.
    """

    media: StoredMedia
    proxy: Proxy | None
    source: PlaybackSource
    status: PlaybackStatus
    reason: str | None
    preview: IndexPreview | None = None

    @property
    def has_sound(self) -> bool:
        """Return whether the original has sound. Videos whose codecs are not known are taken to have some."""
        media = self.media
        is_unknown_video = media.video_codec is None and media.format is not None and media.format not in IMAGE_FORMATS
        return media.audio_codec is not None or is_unknown_video

    @property
    def version(self) -> MediaVersion | None:
        """Return the version of the media to play, or `None` if there is none."""
        match self.source:
            case "ORIGINAL":
                return "original"
            case "PROXY":
                return "proxy"
            case "NONE":
                return None


@dataclass(frozen=True, slots=True)
class PlayableFile:
    """Managed object that plays.

    Attributes:
        key: key of the object.
        content_type: its media type.
        size_bytes: its length.
        file_name: name under which it is saved.
    """

    key: str
    content_type: str
    size_bytes: int
    file_name: str
