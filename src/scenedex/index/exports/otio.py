"""OpenTimelineIO: a timeline of the media file with a clip for each shot and a marker for each finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.index.exports.cuts import cuts_of
from scenedex.index.exports.naming import reel_of, stem_of, url_of
from scenedex.index.exports.timelines import Clip, Media, json_of, timeline_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scenedex.index.exports.cuts import Cut
    from scenedex.index.exports.formats import FrameRate
    from scenedex.index.records import Index


def write_otio(index: Index, rate: FrameRate) -> bytes:
    """The JSON of a timeline whose clips refer to the media file by its name."""
    clips = clips_of(index, cuts_of(index, rate))
    timeline = timeline_of(stem_of(index.file_name), clips, rate, target_url=url_of)
    timeline.metadata["scenedex"] = {"indexId": index.head.index_id, "assetId": index.head.asset_id}
    return json_of(timeline)


def clips_of(index: Index, cuts: Sequence[Cut]) -> Iterator[Clip]:
    """The cuts as clips of the media file."""
    media = Media(index.file_name, reel_of(index.file_name), cuts[-1].end)
    for cut in cuts:
        known = {"sceneId": cut.scene_id, "shotId": cut.shot_id}
        yield Clip(cut.name, media, cut.start, cut.end, cut.marks, known)
