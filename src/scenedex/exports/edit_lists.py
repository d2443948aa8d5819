"""Edit decision lists of CMX 3600, for video editors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scenedex.exports.clips import clips_of, edit_rate, scene_clips
from scenedex.exports.content import AssetScenes, SceneSelection
from scenedex.exports.text import one_line, stem_of
from scenedex.exports.timelines import COLOURS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scenedex.exports.clips import Clip
    from scenedex.exports.content import EditOptions
    from scenedex.exports.frame_rates import FrameRate

# The number of an event has three digits.
_MAX_EVENTS: Final = 999
_CLIP_NAME: Final = "* FROM CLIP NAME:  "
# Timecodes start again after a day. Those that drop numbers do so some frames earlier.
_MAX_LIST_MS: Final = 24 * 3_600_000 - 1000


def write_edl(content: AssetScenes | SceneSelection, options: EditOptions) -> Iterator[bytes]:
    """Write a list with an event for each clip, with its sound, and a locator for each marker.

    The list counts in the frame rate of most media files, and names that of each other one. If a media file has more
    shots than a list can number, each scene is an event. Clips beyond the number and length that a list can hold are
    left out, and a comment at its end counts them.
    """
    clips = clips_of(content, options)
    if isinstance(content, AssetScenes) and len(clips) > _MAX_EVENTS:
        clips = scene_clips(content, options)
    rate = edit_rate(clips).labelled
    title = stem_of(content.file_name) if isinstance(content, AssetScenes) else one_line(content.title)
    lines = [f"TITLE: {title}", f"FCM: {'DROP FRAME' if rate.is_drop else 'NON-DROP FRAME'}", ""]
    at, number, most = 0, 1, rate.frame_at(_MAX_LIST_MS)
    for place, clip in enumerate(clips):
        edit = _Edit(clip, rate, at)
        if number + len(edit.spans) - 1 > _MAX_EVENTS or edit.end > most:
            # Readers take a comment as part of the event before it, and some refuse one before the first event.
            lines.append(f"* CLIPS LEFT OUT: {len(clips) - place}")
            break
        lines += edit.lines(number)
        at, number = edit.end, number + len(edit.spans)
    yield "".join(f"{line}\n" for line in lines).encode(errors="replace")


@dataclass(frozen=True, slots=True)
class _Edit:
    """A clip from a frame of the record on, counted in the rate of the list."""

    clip: Clip
    rate: FrameRate
    start: int

    @property
    def end(self) -> int:
        return self.start + self.clip.length_in(self.rate)

    @property
    def spans(self) -> list[tuple[int, int, int]]:
        """First frame and end of the source, and first frame of the record, of each event.

        The timecode of a source begins again at midnight. A clip across it has two events, since readers refuse an
        event that ends before it begins.
        """
        first, day = self._frame(self.clip.start), self.rate.frames_of_day
        end = first + self.end - self.start
        midnight = first - first % day + day
        ends = [midnight, end] if first < midnight < end else [end]
        starts = [first, midnight][: len(ends)]
        return [(one, last, self.start + one - first) for one, last in zip(starts, ends, strict=True)]

    def lines(self, number: int) -> Iterator[str]:
        clip, rate, media = self.clip, self.rate, self.clip.media
        channels = "AA/V" if media.film.has_sound and not media.is_still else "V"
        for event, (first, end, at) in enumerate(self.spans, number):
            source = f"{rate.timecode(first)} {self._end_timecode(end)}"
            record = f"{rate.timecode(at)} {rate.timecode(at + end - first)}"
            yield f"{event:03}  {media.reel:8} {channels:5} C        {source} {record}"
            yield _CLIP_NAME + one_line(media.file_name)
        yield f"* COMMENT: {one_line(clip.name)}"
        if not media.is_still and media.rate.exact != rate.exact:
            yield f"* SOURCE FRAME RATE: {float(media.rate.exact):.6g}"
        for marker in clip.markers:
            colour = COLOURS[marker.finding.kind]
            yield f"* LOC: {rate.timecode(self._frame(marker.start))} {colour:7} {one_line(marker.name).upper()}"

    def _end_timecode(self, frame: int) -> str:
        """Return the timecode at which an event ends, which is that of the end of the day at midnight."""
        text = self.rate.timecode(frame)
        return text if frame % self.rate.frames_of_day else f"24{text[2:]}"

    def _frame(self, frame: int) -> int:
        """Return the frame of the source in the rate of the list, by its timecode."""
        return self.clip.origin_in(self.rate) + self.rate.nearest(self.clip.media.rate.seconds_of(frame))
