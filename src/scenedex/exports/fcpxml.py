"""Projects of Final Cut Pro XML, which Final Cut Pro, DaVinci Resolve and Premiere Pro import."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, TypeAlias
from xml.etree.ElementTree import Element, SubElement, tostring

from scenedex.exports.clips import clips_of, edit_rate
from scenedex.exports.content import AssetScenes, SceneSelection
from scenedex.exports.text import one_line, stem_of, url_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from fractions import Fraction

    from scenedex.exports.clips import Clip, ClipMarker, SourceMedia
    from scenedex.exports.content import EditOptions
    from scenedex.exports.frame_rates import FrameRate

VERSION: Final = "1.11"
_DEFAULT_SIZE: Final = (1920, 1080)
_HEAD: Final = b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n'

_Size: TypeAlias = "tuple[int, int]"


def write_fcpxml(content: AssetScenes | SceneSelection, options: EditOptions) -> Iterator[bytes]:
    """Write a project with one storyline of all clips, with their sound, persons, keywords and markers.

    The project counts in the frame rate of most media files, and each clip in that of its own, from the timecode of its
    first frame. Media files are beside the project, by their names.
    """
    clips = clips_of(content, options)
    name = stem_of(content.file_name) if isinstance(content, AssetScenes) else one_line(content.title)
    yield _HEAD + tostring(_Document(clips, edit_rate(clips)).build(name), encoding="utf-8") + b"\n"


class _Document:
    """A document in the making."""

    def __init__(self, clips: Sequence[Clip], rate: FrameRate) -> None:
        self._clips = clips
        self._rate = rate
        self._root = Element("fcpxml", version=VERSION)
        self._resources = SubElement(self._root, "resources")
        self._formats: dict[tuple[Fraction | None, _Size], str] = {}
        self._assets: dict[tuple[int, FrameRate], str] = {}

    def build(self, name: str) -> Element:
        """Return the document with a project of that name."""
        sizes = Counter(_size_of(clip.media) for clip in self._clips)
        size = max(sizes, key=sizes.__getitem__, default=_DEFAULT_SIZE)
        form = self._format(self._rate.exact, size)
        event = SubElement(SubElement(self._root, "library"), "event", name=name)
        sequence = SubElement(SubElement(event, "project", name=name), "sequence", format=form, tcStart="0s")
        sequence.set("tcFormat", _counting(self._rate))
        spine = SubElement(sequence, "spine")
        at = 0
        for clip in self._clips:
            length = clip.length_in(self._rate)
            spine.append(self._story(clip, at, length))
            at += length
        sequence.set("duration", _time(self._rate.seconds_of(at)))
        return self._root

    def _story(self, clip: Clip, at: int, length: int) -> Element:
        """Return a clip from a frame of the project on."""
        media = clip.media
        place = {
            "ref": self._asset(media),
            "offset": _time(self._rate.seconds_of(at)),
            "name": one_line(clip.name),
            "duration": _time(self._rate.seconds_of(length)),
        }
        if media.is_still:
            story = Element("video", place | {"start": "0s"})
        else:
            story = Element("asset-clip", place | {"start": _source_time(media, clip.start)})
            story.set("format", self._format(media.rate.exact, _size_of(media)))
            story.set("tcFormat", _counting(media.rate))
            if media.film.has_sound:
                story.set("audioRole", "dialogue")
        story.extend([_marker(media, marker) for marker in clip.markers])
        return story

    def _asset(self, media: SourceMedia) -> str:
        key = media.asset_id, media.rate
        if key not in self._assets:
            form = self._format(None if media.is_still else media.rate.exact, _size_of(media))
            identifier = f"r{len(self._formats) + len(self._assets) + 1}"
            asset = SubElement(self._resources, "asset", id=identifier, name=one_line(stem_of(media.file_name)))
            asset.set("start", "0s" if media.is_still else _source_time(media, 0))
            asset.set("duration", "0s" if media.is_still else _time(media.rate.seconds_of(media.end)))
            asset.attrib |= {"hasVideo": "1", "format": form, "videoSources": "1"}
            if media.film.has_sound and not media.is_still:
                asset.attrib |= {"hasAudio": "1", "audioSources": "1"}
            SubElement(asset, "media-rep", kind="original-media", src=f"./{url_of(media.file_name)}")
            metadata = SubElement(asset, "metadata")
            SubElement(metadata, "md", key="com.apple.proapps.studio.reel", value=media.reel)
            self._assets[key] = identifier
        return self._assets[key]

    def _format(self, rate: Fraction | None, size: _Size) -> str:
        """Return the id of a format. Pictures have no rate."""
        key = rate, size
        if key not in self._formats:
            identifier = f"r{len(self._formats) + len(self._assets) + 1}"
            form = SubElement(self._resources, "format", id=identifier)
            if rate is None:
                form.set("name", "FFVideoFormatRateUndefined")
            else:
                form.set("frameDuration", _time(1 / rate))
            form.attrib |= {"width": str(size[0]), "height": str(size[1])}
            self._formats[key] = identifier
        return self._formats[key]


def _marker(media: SourceMedia, marker: ClipMarker) -> Element:
    """Return a finding as a keyword over its time if it is a person or keyword, or else as a marker."""
    start = _time(media.rate.seconds_of(marker.start)) if media.is_still else _source_time(media, marker.start)
    length = _time(media.rate.seconds_of(marker.end - marker.start))
    match marker.finding.kind:
        case "person" | "keyword":
            # A list of keywords has commas between them.
            return Element("keyword", start=start, duration=length, value=marker.name.replace(",", " "))
        case "text" | "script" | "audioEffect" | "summary":
            return Element("marker", start=start, duration=length, value=marker.name)


def _source_time(media: SourceMedia, frame: int) -> str:
    """Return the time of a frame by its timecode."""
    return _time(media.rate.seconds_of(media.origin + frame))


def _time(seconds: Fraction) -> str:
    return f"{seconds.numerator}s" if seconds.denominator == 1 else f"{seconds.numerator}/{seconds.denominator}s"


def _counting(rate: FrameRate) -> str:
    return "DF" if rate.is_drop else "NDF"


def _size_of(media: SourceMedia) -> _Size:
    film = media.film
    return _DEFAULT_SIZE if film.width is None or film.height is None else (film.width, film.height)
