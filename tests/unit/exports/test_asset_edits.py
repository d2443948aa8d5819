# The libraries that read the files back have no types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, get_args

import opentimelineio as otio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from export_samples import asset, edited
from index_samples import SCRIPT, SUMMARY, plain_scene, with_findings
from scenedex.exports.clips import clips_of
from scenedex.exports.content import EditOptions
from scenedex.exports.edit_lists import write_edl
from scenedex.exports.frame_rates import FrameRate, FrameRateName
from scenedex.exports.timelines import write_otio
from scenedex.index.records import IndexedScene, IndexedShot

if TYPE_CHECKING:
    from scenedex.exports.content import AssetScenes

RATE: Final = FrameRate.named("25")
RATES: Final = [FrameRate.named(name) for name in get_args(FrameRateName)]
# Edit decision lists count no more frames a second.
LABELLED: Final = [rate for rate in RATES if rate == rate.labelled]


def otio_timeline(content: AssetScenes, rate: FrameRate = RATE) -> Any:
    return otio.adapters.read_from_string(edited(write_otio, content, rate))


def edl(content: AssetScenes, rate: FrameRate = RATE) -> str:
    return edited(write_edl, content, rate)


def in_shots(*ends_ms: int, file_name: str = "interview.mp4") -> AssetScenes:
    shots = tuple(
        IndexedShot(number, start, end, "1.jpg") for number, (start, end) in enumerate(itertools.pairwise(ends_ms), 1)
    )
    scene = IndexedScene(1, ends_ms[0], ends_ms[-1], "1.jpg", shots)
    return asset(scene, file_name=file_name)


def ends(draw: st.DataObject) -> list[int]:
    lengths = draw.draw(st.lists(st.integers(1, 100_000), min_size=1, max_size=30))
    return list(itertools.accumulate(lengths, initial=0))


@given(st.data(), st.sampled_from(RATES))
def test_clips_follow_one_another_without_a_gap(draw: st.DataObject, rate: FrameRate) -> None:
    moments = ends(draw)

    clips = clips_of(in_shots(*moments), EditOptions(rate))

    assert clips[0].start == 0
    assert clips[-1].end == max(1, rate.frame_at(moments[-1]))
    assert all(left.end == right.start for left, right in itertools.pairwise(clips))
    assert all(clip.start < clip.end for clip in clips)


@given(st.integers(0, 2000), st.integers(0, 2000), st.sampled_from(RATES))
def test_every_finding_is_a_marker_within_one_clip(start_ms: int, end_ms: int, rate: FrameRate) -> None:
    scenes = [plain_scene(1, 0, 700), plain_scene(2, 700, 705), plain_scene(3, 705, 2000)]
    scenes[0] = replace(scenes[0], scripts=(replace(SCRIPT, start_ms=start_ms, end_ms=end_ms),))

    clips = clips_of(asset(*scenes), EditOptions(rate))

    [(clip, marker)] = [(clip, marker) for clip in clips for marker in clip.markers]
    assert clip.start <= marker.start < marker.end <= clip.end
    assert (marker.finding.start_ms, marker.finding.end_ms) == (start_ms, end_ms)


@pytest.mark.parametrize("content", [asset(), asset(plain_scene(1, 0, 0))], ids=["nothing", "image"])
def test_media_that_lasts_no_frame_is_one_clip_of_one(content: AssetScenes) -> None:
    assert [(clip.start, clip.end) for clip in clips_of(content, EditOptions(RATE))] == [(0, 1)]
    assert len(otio_timeline(content).tracks[0]) == 1
    assert "001  " in edl(content)


@pytest.mark.parametrize("rate", RATES, ids=str)
def test_otio_can_be_read_back(rate: FrameRate) -> None:
    scene = replace(with_findings(plain_scene(), 7), summary=SUMMARY)
    content = asset(scene, plain_scene(2, 1000, 3000), file_name="내 film#1.mp4")

    timeline = otio_timeline(content, rate)

    first, second = timeline.tracks[0]
    assert timeline.name == "내 film#1"
    assert (first.name, second.name) == ("Scene 1 Shot 1", "Scene 2 Shot 2")
    assert first.source_range.start_time.value == 0
    assert second.source_range.end_time_exclusive().to_seconds() == pytest.approx(3, abs=0.021)
    assert [clip.source_range for clip in timeline.tracks[1]] == [first.source_range, second.source_range]
    assert first.media_reference.target_url == "%EB%82%B4%20film%231.mp4"
    assert sorted(marker.name for marker in first.markers if marker.metadata["scenedex"]["kind"] != "keyword") == [
        "A ship is in the harbour. Someone says good morning.",
        "APPLAUSE",
        "ID 7",
        "ID 7",
        "Speaker 1: Good morning from the harbour.",
        "부산 BUSAN",
    ]
    assert {marker.metadata["scenedex"]["kind"]: marker.color for marker in first.markers} == {
        "person": "GREEN",
        "keyword": "BLUE",
        "text": "CYAN",
        "script": "YELLOW",
        "audioEffect": "RED",
        "summary": "WHITE",
    }


@pytest.mark.parametrize("rate", LABELLED, ids=str)
def test_edl_can_be_read_back(rate: FrameRate) -> None:
    content = asset(with_findings(plain_scene(), 7), plain_scene(2, 1000, 3000))

    text = edl(content, rate)

    read = otio.adapters.read_from_string(text, "cmx_3600", rate=float(rate.exact)).tracks[0]
    clips = clips_of(content, EditOptions(rate))
    assert [(clip.source_range.start_time.value, clip.source_range.duration.value) for clip in read] == [
        (clip.start, clip.end - clip.start) for clip in clips
    ]
    assert ("FCM: DROP FRAME" in text, "FCM: NON-DROP FRAME" in text) == (rate.is_drop, not rate.is_drop)
    # The reader does not know locators that count with dropped frames, so they are counted in the text.
    assert text.count("\n* LOC: ") == len(clips[0].markers)


@pytest.mark.parametrize(
    ("file_name", "reel"),
    [("interview.mp4", "INTERVIE"), ("my film-01.mov", "MYFILM01"), ("인터뷰.mp4", "AX"), ("a\r\nb.mp4", "AB")],
)
def test_edl_names_reels_in_eight_letters_and_digits(file_name: str, reel: str) -> None:
    lines = edl(in_shots(0, 1000, file_name=file_name)).splitlines()

    assert [line for line in lines if line.startswith("001")] == [
        f"001  {reel:8} AA/V  C        00:00:00:00 00:00:01:00 00:00:00:00 00:00:01:00"
    ]


@settings(max_examples=20)
@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=30))
def test_edl_has_no_lines_but_its_own(text: str) -> None:
    scene = replace(plain_scene(), scripts=(replace(SCRIPT, text=text, speaker=text),))

    lines = edl(asset(scene, file_name=f"{text}.mp4")).split("\n")

    assert [line.partition(" ")[0] for line in lines if line] == ["TITLE:", "FCM:", "001", "*", "*", "*"]


def test_edl_has_an_event_for_each_scene_if_there_are_too_many_shots() -> None:
    lines = edl(in_shots(*range(0, 1001 * 100, 100))).splitlines()

    assert [line[:3] for line in lines if line[:1].isdigit()] == ["001"]


@pytest.mark.parametrize(
    ("rate", "frame"),
    [
        (FrameRate.named("23.976"), 86314),
        (FrameRate.named("25"), 90000),
        (FrameRate.named("29.97"), 107892),
        (FrameRate.named("60"), 216000),
    ],
)
def test_frames_are_counted_exactly(rate: FrameRate, frame: int) -> None:
    assert rate.frame_at(3_600_000) == frame
