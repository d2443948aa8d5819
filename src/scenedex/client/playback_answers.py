"""Answers about playback in browsers."""

from __future__ import annotations

from scenedex.client.answers import Answer, OpenEnum


class PlaybackSource(OpenEnum):
    """File that plays."""

    ORIGINAL = "ORIGINAL"
    PROXY = "PROXY"
    NONE = "NONE"
    UNKNOWN = "UNKNOWN"


class PlaybackStatus(OpenEnum):
    """State of a playback or proxy."""

    READY = "READY"
    NEEDED = "NEEDED"
    WAITING = "WAITING"
    RUNNING = "RUNNING"
    FAILED = "FAILED"
    UNKNOWN = "UNKNOWN"

    @property
    def is_final(self) -> bool:
        """Return whether nothing changes without another request."""
        return self not in {PlaybackStatus.WAITING, PlaybackStatus.RUNNING, PlaybackStatus.UNKNOWN}


class Proxy(Answer, frozen=True, kw_only=True):
    """A version of the media that browsers play. Facts about its file are set once it is READY."""

    status: PlaybackStatus = PlaybackStatus.UNKNOWN
    reason: str | None = None
    progress_percent: float | None = None
    content_type: str | None = None
    width: int | None = None
    height: int | None = None
    size_bytes: int | None = None


class Strip(Answer, frozen=True, kw_only=True):
    """A picture of small stills in rows, in order of time."""

    url: str
    columns: int
    rows: int
    tile_width: int
    tile_height: int
    times_ms: tuple[int, ...] = ()


class Waveform(Answer, frozen=True, kw_only=True):
    """Greatest sample of each interval of the sound, 0 to 255."""

    peaks_per_second: float
    peaks: tuple[int, ...] = ()


class Playback(Answer, frozen=True, kw_only=True):
    """How an asset plays in browsers.

    Attributes:
        reason: why no file plays, or a remark.
        media_url: path and query of the file that plays.
        frame_rate: average frames per second as a fraction.
        start_timecode: timecode of the first frame, if the file has one.
    """

    source: PlaybackSource = PlaybackSource.UNKNOWN
    status: PlaybackStatus = PlaybackStatus.UNKNOWN
    reason: str | None = None
    media_url: str | None = None
    content_type: str | None = None
    duration_ms: int | None = None
    frame_rate: str | None = None
    start_timecode: str | None = None
    width: int | None = None
    height: int | None = None
    has_sound: bool | None = None
    proxy: Proxy | None = None
    strip: Strip | None = None
    waveform: Waveform | None = None


class PlaybackOfAsset(Answer, frozen=True, kw_only=True):
    """Playback of an asset."""

    playback: Playback
