"""Wire shapes of playback."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from scenedex.playback.records import PlaybackSource, PlaybackStatus, ProxyStatus
from scenedex.wire import described
from scenedex.wire.envelope import Wire


class ProxyObject(Wire, frozen=True, kw_only=True):
    """A proxy: a version of the media that browsers play."""

    status: Annotated[ProxyStatus, Meta(description="State of the proxy")]
    reason: Annotated[str | None, Meta(description="Why it failed", examples=["The file is broken."])] = None
    progress_percent: Annotated[int, Meta(ge=0, le=100, description="Progress", examples=[40])]
    content_type: Annotated[str | None, Meta(description="Media type of the file", examples=["video/webm"])] = None
    width: Annotated[int | None, Meta(description="Width in pixels", examples=[640])] = None
    height: Annotated[int | None, Meta(description="Height in pixels", examples=[360])] = None
    size_bytes: Annotated[int | None, Meta(description="Size of the file in bytes", examples=[5_242_880])] = None


class StripObject(Wire, frozen=True, kw_only=True):
    """A picture of small stills in rows, in order of time, for previews on a time axis."""

    url: Annotated[str, Meta(description="Presigned URL of the picture, a JPEG, for 15 minutes by default")]
    columns: Annotated[int, Meta(ge=1, description="Stills in a row", examples=[12])]
    rows: Annotated[int, Meta(ge=1, description="Rows", examples=[10])]
    tile_width: Annotated[int, Meta(ge=1, description="Width of a still in pixels", examples=[160])]
    tile_height: Annotated[int, Meta(ge=1, description="Height of a still in pixels", examples=[90])]
    times_ms: Annotated[
        list[int], Meta(description="Time of each still in milliseconds, one for each used tile", examples=[[0, 500]])
    ]


class WaveformObject(Wire, frozen=True, kw_only=True):
    """Loudness of the sound over time."""

    peaks_per_second: Annotated[float, Meta(gt=0, description="Number of peaks for each second", examples=[10])]
    peaks: Annotated[
        list[Annotated[int, Meta(ge=0, le=255)]],
        Meta(description="Greatest sample of each interval, 0 to 255", examples=[[0, 12, 255]]),
    ]


class PlaybackObject(Wire, frozen=True, kw_only=True):
    """How an asset plays in browsers."""

    source: Annotated[PlaybackSource, Meta(description="File that plays. NONE: no file plays in browsers")]
    status: Annotated[
        PlaybackStatus,
        Meta(
            description="READY: mediaUrl plays. NEEDED: it plays once a proxy is requested and made. WAITING, RUNNING: "
            "the import or the proxy is being made. FAILED: there will be none, for the reason"
        ),
    ]
    reason: Annotated[
        str | None,
        Meta(description="Why no file plays, or a remark", examples=["Browsers do not play HEVC (H.265) video."]),
    ] = None
    media_url: Annotated[
        str | None,
        Meta(
            description="Path and query of the file on this server, to be called like any other call",
            examples=["/api/v1/workspaces/my-workspace/projects/1234/assets/1001/media?of=original"],
        ),
    ] = None
    content_type: Annotated[str | None, Meta(description="Media type of that file", examples=["video/mp4"])] = None
    duration_ms: Annotated[int, Meta(ge=0, description="Length in milliseconds, 0 for images", examples=[91_565])]
    frame_rate: described.AverageFrameRate | None = None
    start_timecode: described.StartTimecode | None = None
    width: Annotated[int | None, Meta(description="Width of the upright original in pixels", examples=[1280])] = None
    height: Annotated[int | None, Meta(description="Height of the upright original in pixels", examples=[720])] = None
    has_sound: Annotated[bool, Meta(description="Whether the original has sound, as far as that is known")]
    proxy: Annotated[ProxyObject | None, Meta(description="The proxy, if one has been requested")] = None
    strip: Annotated[StripObject | None, Meta(description="Small stills, if the latest index has them")] = None
    waveform: Annotated[WaveformObject | None, Meta(description="Loudness, if the latest index has it")] = None


class PlaybackAnswer(Wire, frozen=True, kw_only=True):
    """Playback of an asset."""

    playback: Annotated[PlaybackObject, Meta(description="How the asset plays")]


PLAYBACK = PlaybackAnswer(
    playback=PlaybackObject(
        source="PROXY",
        status="READY",
        reason="Browsers do not play HEVC (H.265) video.",
        media_url="/api/v1/workspaces/my-workspace/projects/1234/assets/1001/media?of=proxy",
        content_type="video/webm",
        duration_ms=91_565,
        frame_rate="25/1",
        start_timecode="10:00:00:00",
        width=1280,
        height=720,
        has_sound=True,
        proxy=ProxyObject(
            status="READY",
            reason=None,
            progress_percent=100,
            content_type="video/webm",
            width=640,
            height=360,
            size_bytes=5_242_880,
        ),
        strip=StripObject(
            url="https://media.example/objects/outputs/1/0a1b2c/strip.jpg?expires=1767225600&signature=0a1b2c",
            columns=12,
            rows=1,
            tile_width=160,
            tile_height=90,
            times_ms=[0, 500],
        ),
        waveform=WaveformObject(peaks_per_second=10, peaks=[0, 12, 255]),
    )
)
