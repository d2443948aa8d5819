# The libraries that read the files back have no types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import opentimelineio as otio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index_samples import SCRIPT, index_of, plain_scene, with_findings
from scenedex.index.exports.cuts import cuts_of
from scenedex.index.exports.edl import write_edl
from scenedex.index.exports.formats import FrameRate
from scenedex.index.exports.otio import write_otio
from scenedex.index.records import Index, IndexedScene, IndexedShot

RATES = list(FrameRate)


def clips(timeline: Any) -> list[Any]:
    return list(timeline.tracks[0])


def in_shots(*ends_ms: int, file_name: str = "interview.mp4") -> Index:
    shots = tuple(
        IndexedShot(number, start, end, "1.jpg") for number, (start, end) in enumerate(itertools.pairwise(ends_ms), 1)
    )
    scene = IndexedScene(1, ends_ms[0], ends_ms[-1], "1.jpg", shots)
    return index_of(scene, file_name=file_name)


def ends(draw: st.DataObject) -> list[int]:
    lengths = draw.draw(st.lists(st.integers(1, 100_000), min_size=1, max_size=30))
    return list(itertools.accumulate(lengths, initial=0))


@given(st.data(), st.sampled_from(RATES))
def test_cuts_follow_one_another_without_a_gap(draw: st.DataObject, rate: FrameRate) -> None:
    moments = ends(draw)

    cuts = cuts_of(in_shots(*moments), rate)

    assert cuts[0].start == 0
    assert cuts[-1].end == max(1, rate.frame_at(moments[-1]))
    assert all(left.end == right.start for left, right in itertools.pairwise(cuts))
    assert all(cut.start < cut.end for cut in cuts)


@given(st.integers(0, 2000), st.integers(0, 2000), st.sampled_from(RATES))
def test_every_finding_is_a_mark_within_one_cut(start_ms: int, end_ms: int, rate: FrameRate) -> None:
    scenes = [plain_scene(1, 0, 700), plain_scene(2, 700, 705), plain_scene(3, 705, 2000)]
    scenes[0] = replace(scenes[0], scripts=(replace(SCRIPT, start_ms=start_ms, end_ms=end_ms),))

    cuts = cuts_of(index_of(*scenes), rate)

    [(cut, placed)] = [(cut, placed) for cut in cuts for placed in cut.marks]
    assert cut.start <= placed.start < placed.end <= cut.end
    assert (placed.mark.start_ms, placed.mark.end_ms) == (start_ms, end_ms)


@pytest.mark.parametrize("index", [index_of(), index_of(plain_scene(1, 0, 0))], ids=["nothing", "image"])
def test_what_lasts_no_frame_is_one_cut_of_one(index: Index) -> None:
    assert [(cut.start, cut.end) for cut in cuts_of(index, FrameRate.FPS_25)] == [(0, 1)]
    assert len(clips(otio.adapters.read_from_string(write_otio(index, FrameRate.FPS_25).decode()))) == 1
    assert b"001  " in write_edl(index, FrameRate.FPS_25)


@pytest.mark.parametrize("rate", RATES, ids=str)
def test_otio_can_be_read_back(rate: FrameRate) -> None:
    index = index_of(with_findings(plain_scene(), 7), plain_scene(2, 1000, 3000), file_name="내 film#1.mp4")

    timeline = otio.adapters.read_from_string(write_otio(index, rate).decode())

    first, second = clips(timeline)
    assert timeline.name == "내 film#1"
    assert (first.name, second.name) == ("Scene 1 Shot 1", "Scene 2 Shot 2")
    assert first.source_range.start_time.value == 0
    assert second.source_range.end_time_exclusive().to_seconds() == pytest.approx(3, abs=0.021)
    assert first.media_reference.target_url == "%EB%82%B4%20film%231.mp4"
    assert sorted(marker.name for marker in first.markers if marker.metadata["scenedex"]["kind"] != "keyword") == [
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
    }


@pytest.mark.parametrize("rate", RATES, ids=str)
def test_edl_can_be_read_back(rate: FrameRate) -> None:
    index = index_of(with_findings(plain_scene(), 7), plain_scene(2, 1000, 3000))

    text = write_edl(index, rate).decode()

    read = clips(otio.adapters.read_from_string(text, "cmx_3600", rate=float(rate.exact)))
    cuts = cuts_of(index, rate)
    assert [(clip.source_range.start_time.value, clip.source_range.duration.value) for clip in read] == [
        (cut.start, cut.end - cut.start) for cut in cuts
    ]
    assert ("FCM: DROP FRAME" in text, "FCM: NON-DROP FRAME" in text) == (
        rate.drops_timecodes,
        not rate.drops_timecodes,
    )
    # The reader does not know locators that count with dropped frames, so they are counted in the text.
    assert text.count("\n* LOC: ") == len(cuts[0].marks)


@pytest.mark.parametrize(
    ("file_name", "reel"),
    [("interview.mp4", "INTERVIE"), ("my film-01.mov", "MYFILM01"), ("인터뷰.mp4", "AX"), ("a\r\nb.mp4", "AB")],
)
def test_edl_names_reels_in_eight_letters_and_digits(file_name: str, reel: str) -> None:
    lines = write_edl(in_shots(0, 1000, file_name=file_name), FrameRate.FPS_25).decode().splitlines()

    assert [line for line in lines if line.startswith("001")] == [
        f"001  {reel:8} V     C        00:00:00:00 00:00:01:00 00:00:00:00 00:00:01:00"
    ]


@settings(max_examples=20)
@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=30))
def test_edl_has_no_lines_but_its_own(text: str) -> None:
    scene = replace(plain_scene(), scripts=(replace(SCRIPT, text=text, speaker=text),))

    lines = write_edl(index_of(scene, file_name=f"{text}.mp4"), FrameRate.FPS_25).decode().split("\n")

    assert [line.partition(" ")[0] for line in lines if line] == ["TITLE:", "FCM:", "001", "*", "*", "*"]


def test_edl_has_an_event_for_each_scene_where_shots_are_too_many() -> None:
    index = in_shots(*range(0, 1001 * 100, 100))

    lines = write_edl(index, FrameRate.FPS_25).decode().splitlines()

    assert [line[:3] for line in lines if line[:1].isdigit()] == ["001"]


@pytest.mark.parametrize(
    ("rate", "frame"),
    [
        (FrameRate.FPS_23_976, 86314),
        (FrameRate.FPS_25, 90000),
        (FrameRate.FPS_29_97, 107892),
        (FrameRate.FPS_60, 216000),
    ],
)
def test_frames_are_counted_exactly(rate: FrameRate, frame: int) -> None:
    assert rate.frame_at(3_600_000) == frame
