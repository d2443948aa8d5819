# The libraries that read the files back have no types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, get_args

import opentimelineio as otio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from export_samples import matched, selected, selection_file
from index_samples import SCRIPT, plain_scene
from scenedex.exports.clips import Clip, clips_of
from scenedex.exports.content import EditOptions, SceneSelection
from scenedex.exports.edit_lists import write_edl
from scenedex.exports.frame_rates import FrameRate, FrameRateName
from scenedex.exports.timelines import write_otio

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.exports.content import SelectedScene

RATE: Final = FrameRate.named("25")
RATES: Final = [FrameRate.named(name) for name in get_args(FrameRateName)]
# Edit decision lists count no more frames a second.
LABELLED: Final = [rate for rate in RATES if rate == rate.labelled]
HOUR_MS = 3_600_000
EVENT = re.compile(r"(\d{3})  ([A-Z0-9]{1,8}) +(?:AA/V|V   )  C        (\S+) (\S+) (\S+) (\S+)")
MANY_LETTERS = (
    selected(plain_scene(3, 1000, 2000), asset_id=1, file_name="인터뷰 #1.mp4"),
    selected(plain_scene(1, 0, 1000), asset_id=2, file_name="東京の夜.mov"),
    selected(plain_scene(4, 2000, 3000), asset_id=1, file_name="인터뷰 #1.mp4"),
)


def of_length(asset_id: int, start_ms: int, length_ms: int) -> SelectedScene:
    return selected(plain_scene(1, start_ms, start_ms + length_ms), asset_id=asset_id)


SCENES = st.lists(
    st.builds(of_length, st.integers(1, 4), st.integers(0, 6 * HOUR_MS), st.integers(0, 100_000)),
    min_size=1,
    max_size=30,
)


def events(text: str) -> list[tuple[str, ...]]:
    """Return number, reel and timecodes of each event: in and out of the source, in and out of the record."""
    return [found.groups() for line in text.splitlines() if (found := EVENT.fullmatch(line))]


def edl(scenes: Sequence[SelectedScene], rate: FrameRate = RATE, title: str = "harbour") -> str:
    return selection_file(write_edl, scenes, rate, title).decode()


def clips(scenes: Sequence[SelectedScene], rate: FrameRate = RATE) -> list[Clip]:
    return clips_of(SceneSelection("harbour", scenes), EditOptions(rate))


def edl_clips(scenes: Sequence[SelectedScene], rate: FrameRate = RATE) -> list[Any]:
    text = edl(scenes, rate)
    return list(otio.adapters.read_from_string(text, "cmx_3600", rate=float(rate.exact)).tracks[0])


def otio_clips(scenes: Sequence[SelectedScene], rate: FrameRate = RATE) -> list[Any]:
    return list(otio.adapters.read_from_string(selection_file(write_otio, scenes, rate).decode()).tracks[0])


def frames(clip: Any) -> tuple[float, float]:
    return clip.source_range.start_time.value, clip.source_range.end_time_exclusive().value


@given(SCENES, st.sampled_from(LABELLED))
def test_events_are_recorded_one_after_another(scenes: list[SelectedScene], rate: FrameRate) -> None:
    def frame(timecode: str) -> float:
        return otio.opentime.from_timecode(timecode, float(rate.exact)).value

    found = events(edl(scenes, rate))

    spans = [[frame(timecode) for timecode in event[2:]] for event in found]
    assert len(found) == len(scenes)
    assert all(start < end and end - start == to - at for start, end, at, to in spans)
    assert [at for _, _, at, _ in spans] == [0, *(to for _, _, _, to in spans[:-1])]


@pytest.mark.parametrize("rate", LABELLED, ids=str)
def test_edits_can_be_read_back(rate: FrameRate) -> None:
    scenes = (
        selected(plain_scene(2, 61_000, 64_500)),
        selected(plain_scene(9, 5000, 5001), asset_id=2),
        selected(plain_scene(1, 0, 3000)),
    )
    expected = [(clip.start, clip.end) for clip in clips(scenes, rate)]

    assert [frames(clip) for clip in edl_clips(scenes, rate)] == expected
    assert [frames(clip) for clip in otio_clips(scenes, rate)] == expected


def test_edl_of_a_few_hits() -> None:
    scenes = (
        selected(matched(plain_scene(12, 0, 1000)), file_name="interview.mp4"),
        selected(plain_scene(1, 0, 0), asset_id=2, file_name="interview.jpg", asset_type="IMAGE"),
        selected(plain_scene(3, 60_000, 61_500), file_name="interview.mp4", score=None),
    )

    assert edl(scenes, title="search-Tq3f8ZkL") == (
        "TITLE: search-Tq3f8ZkL\n"
        "FCM: NON-DROP FRAME\n"
        "\n"
        "001  INTERVIE AA/V  C        00:00:00:00 00:00:01:00 00:00:00:00 00:00:01:00\n"
        "* FROM CLIP NAME:  interview.mp4\n"
        "* COMMENT: interview Scene 12\n"
        "* LOC: 00:00:00:00 GREEN   ID 7\n"
        "* LOC: 00:00:00:00 BLUE    HARBOUR\n"
        "* LOC: 00:00:00:03 CYAN    부산 BUSAN\n"
        "* LOC: 00:00:00:04 YELLOW  SPEAKER 1: GOOD MORNING FROM THE HARBOUR.\n"
        "* LOC: 00:00:00:13 GREEN   ID 7\n"
        "* LOC: 00:00:00:15 BLUE    HARBOUR\n"
        "002  INTERVI1 V     C        00:00:00:00 00:00:02:00 00:00:01:00 00:00:03:00\n"
        "* FROM CLIP NAME:  interview.jpg\n"
        "* COMMENT: interview Scene 1\n"
        "003  INTERVIE AA/V  C        00:01:00:00 00:01:01:13 00:00:03:00 00:00:04:13\n"
        "* FROM CLIP NAME:  interview.mp4\n"
        "* COMMENT: interview Scene 3\n"
    )


@pytest.mark.parametrize("rate", LABELLED, ids=str)
def test_edl_says_how_it_counts(rate: FrameRate) -> None:
    line = edl([selected()], rate).splitlines()[1]

    assert line == ("FCM: DROP FRAME" if rate.is_drop else "FCM: NON-DROP FRAME")


def test_an_image_is_a_still_of_two_seconds() -> None:
    still = selected(matched(plain_scene(1, 0, 0)), file_name="harbour.jpg", asset_type="IMAGE")

    [clip] = clips([still], FrameRate.named("50"))

    assert (clip.start, clip.end) == (0, 100)
    assert {marker.finding.kind for marker in clip.markers} == {"person", "keyword", "text", "script"}


@given(st.integers(0, HOUR_MS), st.integers(0, 60), st.sampled_from(RATES))
def test_a_clip_lasts_a_frame_at_least(start_ms: int, length_ms: int, rate: FrameRate) -> None:
    line = replace(SCRIPT, start_ms=start_ms, end_ms=start_ms)
    scene = replace(plain_scene(1, start_ms, start_ms + length_ms), scripts=(line,))

    [clip] = clips([selected(scene)], rate)

    [marker] = clip.markers
    assert clip.start <= marker.start < marker.end <= clip.end == clip.media.end
    assert (clip.start, clip.end) == (
        rate.frame_at(start_ms),
        max(rate.frame_at(start_ms + length_ms), rate.frame_at(start_ms) + 1),
    )


@pytest.mark.parametrize("score", [91.27, None], ids=["score", "no score"])
def test_otio_tells_what_was_found(score: float | None) -> None:
    [clip] = otio_clips([selected(matched(plain_scene(12)), score=score)])

    assert dict(clip.metadata["scenedex"]) == {
        "assetId": 1001,
        "projectId": 5,
        "indexId": 77,
        "sceneId": 12,
        "score": score,
        "momentStartMs": 0,
        "momentEndMs": 1000,
        "momentUrl": "https://media.example/console/w/newsroom/assets/1001?t=0",
    }
    assert {(marker.metadata["scenedex"]["kind"], marker.color, marker.name) for marker in clip.markers} == {
        ("person", "GREEN", "ID 7"),
        ("keyword", "BLUE", "harbour"),
        ("text", "CYAN", "부산 BUSAN"),
        ("script", "YELLOW", "Speaker 1: Good morning from the harbour."),
    }


@pytest.mark.parametrize(
    ("moment_ms", "handle_ms", "cut_ms"),
    [
        pytest.param((31_040, 34_000), 0, (31_040, 34_000), id="no handles"),
        pytest.param((31_040, 34_000), 2000, (29_040, 36_000), id="handles"),
        pytest.param((1000, 3000), 2000, (0, 5000), id="start of the file"),
        pytest.param((58_000, 59_500), 2000, (56_000, 60_000), id="end of the file"),
        pytest.param((0, 60_000), 2000, (0, 60_000), id="the whole file"),
    ],
)
def test_a_clip_is_the_moment_with_its_handles_within_the_file(
    moment_ms: tuple[int, int], handle_ms: int, cut_ms: tuple[int, int]
) -> None:
    scene = selected(plain_scene(2, 20_000, 50_000), duration_ms=60_000, moment_ms=moment_ms)

    [clip] = clips_of(SceneSelection("harbour", [scene]), EditOptions(RATE, handle_ms))

    assert (clip.start, clip.end) == tuple(map(RATE.frame_at, cut_ms))
    assert clip.media.end == 1500


def test_a_clip_has_the_markers_of_its_time() -> None:
    lines = tuple(
        replace(SCRIPT, script_id=number, start_ms=start_ms, end_ms=start_ms + 1000)
        for number, start_ms in enumerate((20_000, 30_000, 31_500, 45_000))
    )
    scene = replace(plain_scene(2, 20_000, 50_000), scripts=lines)

    [clip] = clips([selected(scene, moment_ms=(30_500, 33_000))])

    assert [marker.finding.id for marker in clip.markers] == [1, 2]


def test_otio_refers_to_each_file_by_its_name() -> None:
    found = otio_clips(MANY_LETTERS)

    assert [(clip.name, clip.media_reference.target_url) for clip in found] == [
        ("인터뷰 #1 Scene 3", "%EC%9D%B8%ED%84%B0%EB%B7%B0%20%231.mp4"),
        ("東京の夜 Scene 1", "%E6%9D%B1%E4%BA%AC%E3%81%AE%E5%A4%9C.mov"),
        ("인터뷰 #1 Scene 4", "%EC%9D%B8%ED%84%B0%EB%B7%B0%20%231.mp4"),
    ]
    assert [clip.media_reference.available_range.end_time_exclusive().to_seconds() for clip in found] == [2, 1, 3]


def test_edl_tells_files_apart_whatever_their_letters() -> None:
    found = edl_clips(MANY_LETTERS)

    assert [(clip.name, clip.metadata["cmx_3600"].get("reel")) for clip in found] == [
        ("인터뷰 #1.mp4", "1"),
        ("東京の夜.mov", "AX1"),
        ("인터뷰 #1.mp4", "1"),
    ]


@pytest.mark.parametrize(("count", "left_out"), [(999, None), (1000, "1"), (1500, "501")])
def test_edl_has_999_events_and_counts_the_others(count: int, left_out: str | None) -> None:
    text = edl([selected(asset_id=number) for number in range(count)])

    found = events(text)
    assert [number for number, *_ in found] == [f"{number:03}" for number in range(1, 1000)]
    assert len({reel for _, reel, *_ in found}) == 999
    assert re.findall(r"^\* CLIPS LEFT OUT: (\d+)$", text, re.MULTILINE) == ([] if left_out is None else [left_out])


@pytest.mark.parametrize("rate", LABELLED, ids=str)
def test_edl_ends_before_its_timecodes_begin_again(rate: FrameRate) -> None:
    scenes = [selected(plain_scene(1, 0, 5 * HOUR_MS))] * 6

    text = edl(scenes, rate)

    outs = [out for *_, out in events(text)]
    assert outs == sorted(outs)
    assert len(outs) == 4
    assert text.endswith("\n* CLIPS LEFT OUT: 2\n")
    assert len(edl_clips(scenes, rate)) == 4


def test_otio_has_all_hits() -> None:
    assert len(otio_clips([selected()] * 1500)) == 1500


def test_of_no_hits_nothing_is_shown() -> None:
    assert otio_clips([]) == []
    assert edl([]) == "TITLE: harbour\nFCM: NON-DROP FRAME\n\n"


@settings(max_examples=30)
@given(st.text(max_size=30))
def test_edl_has_no_lines_but_its_own(text: str) -> None:
    scene = replace(plain_scene(), scripts=(replace(SCRIPT, text=text, speaker=text),))

    lines = edl([selected(scene, file_name=f"{text}.mp4")], title=text).splitlines()

    assert [line.partition(" ")[0] for line in lines if line] == ["TITLE:", "FCM:", "001", "*", "*", "*"]


@settings(max_examples=30)
@given(st.text(max_size=30))
def test_otio_holds_any_text(text: str) -> None:
    scene = replace(plain_scene(), scripts=(replace(SCRIPT, text=text, speaker=text),))

    timeline = otio.adapters.read_from_string(
        selection_file(write_otio, [selected(scene, file_name=f"{text}.mp4")], RATE, text).decode()
    )

    assert len(timeline.tracks[0][0].markers) == 1


def test_markers_are_in_order_of_time() -> None:
    [clip] = clips([selected(matched(plain_scene()))], FrameRate.named("60"))

    starts = [marker.start for marker in clip.markers]
    assert all(left <= right for left, right in itertools.pairwise(starts))
