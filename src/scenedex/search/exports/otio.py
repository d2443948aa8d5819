"""OpenTimelineIO: a timeline with a clip for each hit and a marker for each match."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.index.exports.cues import one_line
from scenedex.index.exports.naming import url_of
from scenedex.index.exports.timelines import json_of, timeline_of
from scenedex.search.exports.reel import clips_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.index.exports.formats import FrameRate
    from scenedex.search.records import FoundScene


def write_otio(hits: Sequence[FoundScene], rate: FrameRate, title: str) -> bytes:
    """The JSON of a timeline whose clips refer to the media files by their names."""
    return json_of(timeline_of(one_line(title), clips_of(hits, rate), rate, target_url=url_of))
