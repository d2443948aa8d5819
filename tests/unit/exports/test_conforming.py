"""Edits of an hour of material refer to the right frames of their files, as other programs read them."""

# The libraries that read the files back have no types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from xml.etree import ElementTree as ET

import opentimelineio as otio
import pytest

from export_samples import asset, matched, selected, selection_file
from fcpxml_grammar import faults_of
from index_samples import plain_scene, with_findings
from scenedex.exports.content import EditOptions, FilmFacts
from scenedex.exports.edit_lists import write_edl
from scenedex.exports.fcpxml import write_fcpxml
from scenedex.exports.frame_rates import FrameRate, FrameRateName, SourceTimecode
from scenedex.exports.timelines import write_otio

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from scenedex.exports.content import AssetScenes

HOUR_MS: Final = 3_600_000


class Source(NamedTuple):
    """A film: its average rate, the timecode of its first frame, and the rate that it is counted in."""

    average: str
    timecode: str
    counted: FrameRateName

    @property
    def rate(self) -> FrameRate:
        return FrameRate.named(self.counted)

    @property
    def film(self) -> FilmFacts:
        return FilmFacts(self.average, self.timecode, "A001", True, 1920, 1080)

    @property
    def origin(self) -> int:
        timecode = SourceTimecode.parse(self.timecode)
        assert timecode is not None
        return self.rate.frame_of(timecode)


SOURCES: Final = [
    Source("24000/1001", "01:00:00:00", "23.976"),
    Source("25/1", "10:00:00:00", "25"),
    Source("30000/1001", "00:59:59;28", "29.97"),
    Source("30000/1001", "01:00:00:00", "29.97ndf"),
    Source("50/1", "10:00:00:49", "50"),
    Source("60000/1001", "01:00:00;00", "59.94"),
    Source("60000/1001", "01:00:00:00", "59.94ndf"),
]
BY_SOURCE: Final = pytest.mark.parametrize("source", SOURCES, ids=lambda it: it.counted)


def an_hour(source: Source) -> AssetScenes:
    """Scenes of an hour, with cuts at frames of the film."""
    rate = source.rate
    frames = [*range(0, rate.frame_at(HOUR_MS), 1789), rate.frame_at(HOUR_MS)]
    times = [round(rate.seconds_of(frame) * 1000) for frame in frames]
    return asset(
        *(plain_scene(number, *span) for number, span in enumerate(itertools.pairwise(times), 1)), film=source.film
    )


def frames_of(source: Source, content: AssetScenes) -> list[tuple[int, int]]:
    """First and last frame of each scene, by the timecode of the film."""
    rate, origin = source.rate, source.origin
    return [(origin + rate.frame_at(it.start_ms), origin + rate.frame_at(it.end_ms)) for it in content.scenes]


def seconds(time: str | None) -> Fraction:
    assert time is not None
    assert time.endswith("s")
    return Fraction(time.removesuffix("s"))


def document(text: bytes) -> Element:
    root = ET.fromstring(text)  # noqa: S314  # of our own
    assert faults_of(root) == []
    return root


@BY_SOURCE
def test_an_edl_is_read_back_to_the_same_frames(source: Source) -> None:
    content, rate = an_hour(source), source.rate

    text = b"".join(write_edl(content, EditOptions())).decode()

    read = otio.adapters.read_from_string(text, "cmx_3600", rate=float(rate.exact)).tracks
    assert [
        (int(clip.source_range.start_time.value), int(clip.source_range.end_time_exclusive().value)) for clip in read[0]
    ] == frames_of(source, content)
    assert [track.kind for track in read] == ["Video", "Audio", "Audio"]
    assert all(clip.metadata["cmx_3600"]["reel"] == "A001" for clip in read[0])
    assert ("FCM: DROP FRAME" in text) == rate.is_drop
    first, *_ = (line for line in text.splitlines() if line.startswith("001"))
    assert source.timecode in first


@BY_SOURCE
def test_a_timeline_is_read_back_to_the_same_frames(source: Source) -> None:
    content = an_hour(source)

    picture, sound = otio.adapters.read_from_string(b"".join(write_otio(content, EditOptions())).decode()).tracks

    for track in (picture, sound):
        ranges = [clip.source_range for clip in track]
        assert [(it.start_time.value, it.end_time_exclusive().value) for it in ranges] == frames_of(source, content)
        assert {it.start_time.rate for it in ranges} == {float(source.rate.exact)}
    assert picture[0].media_reference.available_range.start_time.value == source.origin


@BY_SOURCE
def test_a_project_refers_to_the_same_frames(source: Source) -> None:
    content, rate = an_hour(source), source.rate

    root = document(b"".join(write_fcpxml(content, EditOptions())))

    clips = root.findall("./library/event/project/sequence/spine/asset-clip")
    spans = [(seconds(clip.get("start")), seconds(clip.get("duration"))) for clip in clips]
    assert [(start * rate.exact, (start + length) * rate.exact) for start, length in spans] == frames_of(
        source, content
    )
    offsets = [seconds(clip.get("offset")) for clip in clips]
    assert offsets == list(itertools.accumulate((length for _, length in spans[:-1]), initial=Fraction(0)))
    [sequence] = root.findall(".//sequence")
    assert sequence.get("tcFormat") == ("DF" if rate.is_drop else "NDF")
    [form] = root.findall("./resources/format")
    assert seconds(form.get("frameDuration")) == 1 / rate.exact
    [media] = root.findall("./resources/asset")
    assert seconds(media.get("start")) * rate.exact == source.origin
    assert media.get("hasAudio") == "1"


def test_hits_of_files_with_different_rates_keep_their_frames() -> None:
    scenes = [
        selected(matched(plain_scene(1, 0, 2000)), asset_id=number, film=source.film, duration_ms=10_000)
        for number, source in enumerate((SOURCES[1], SOURCES[2], SOURCES[1]))
    ]

    edl = selection_file(write_edl, scenes).decode()
    root = document(selection_file(write_fcpxml, scenes))
    timeline: Any = otio.adapters.read_from_string(selection_file(write_otio, scenes).decode())

    assert [clip.source_range.start_time.rate for clip in timeline.tracks[0]] == [25, pytest.approx(29.97, 1e-4), 25]
    assert [line for line in edl.splitlines() if line[:3].isdigit()] == [
        "001  A001     AA/V  C        10:00:00:00 10:00:02:00 00:00:00:00 00:00:02:00",
        "002  A001     AA/V  C        00:59:59:23 01:00:01:23 00:00:02:00 00:00:04:00",
        "003  A001     AA/V  C        10:00:00:00 10:00:02:00 00:00:04:00 00:00:06:00",
    ]
    assert edl.count("* SOURCE FRAME RATE: 29.97") == 1
    starts = [seconds(clip.get("start")) for clip in root.iter("asset-clip")]
    assert starts == [Fraction(36000), Fraction(SOURCES[2].origin * 1001, 30000), Fraction(36000)]


@pytest.mark.parametrize(
    ("options", "span"),
    [
        (EditOptions(), (100, 150)),
        (EditOptions(handle_frames=12), (88, 162)),
        (EditOptions(handle_ms=1000), (75, 175)),
        (EditOptions(handle_frames=3600), (0, 250)),
    ],
    ids=["none", "frames", "seconds", "more than there is"],
)
def test_handles_lengthen_clips_within_the_file(options: EditOptions, span: tuple[int, int]) -> None:
    scenes = [plain_scene(1, 0, 4000), plain_scene(2, 4000, 6000), plain_scene(3, 6000, 10_000)]

    timeline: Any = otio.adapters.read_from_string(b"".join(write_otio(asset(*scenes), options)).decode())

    clip = timeline.tracks[0][1].source_range
    assert (clip.start_time.value, clip.end_time_exclusive().value) == span


@pytest.mark.parametrize(
    ("name", "first"),
    [("29.97", "01:00:00:00"), ("29.97ndf", "01:00:00:00"), ("25", "01:00:00:00"), ("59.94", "01:00:00;00")],
)
def test_another_rate_starts_at_the_same_second(name: FrameRateName, first: str) -> None:
    content = asset(plain_scene(1, 0, 2000), film=SOURCES[3].film)

    text = b"".join(write_edl(content, EditOptions(FrameRate.named(name)))).decode()

    assert f" {first} " in text


def test_a_picture_is_a_still_without_sound() -> None:
    still = selected(matched(plain_scene(1, 0, 0)), asset_type="IMAGE", file_name="harbour, night.jpg")

    root = document(selection_file(write_fcpxml, [still]))
    timeline: Any = otio.adapters.read_from_string(selection_file(write_otio, [still]).decode())

    [video] = root.iter("video")
    assert (video.get("start"), video.get("duration")) == ("0s", "2s")
    [media] = root.iter("asset")
    assert (media.get("duration"), media.get("hasAudio")) == ("0s", None)
    assert [track.kind for track in timeline.tracks] == ["Video"]
    assert " V     C " in selection_file(write_edl, [still]).decode()


def test_a_film_without_sound_has_no_sound_in_an_edit() -> None:
    silent = selected(asset_id=1, film=FilmFacts(has_sound=False))

    timeline: Any = otio.adapters.read_from_string(selection_file(write_otio, [silent, selected()]).decode())
    edl = selection_file(write_edl, [silent, selected()]).decode()

    assert [type(item).__name__ for item in timeline.tracks[1]] == ["Gap", "Clip"]
    assert [line[14:18].strip() for line in edl.splitlines() if line[:3].isdigit()] == ["V", "AA/V"]


def test_findings_are_keywords_and_markers_of_a_project() -> None:
    root = document(b"".join(write_fcpxml(asset(with_findings(plain_scene(), 7)), EditOptions())))

    [clip] = root.iter("asset-clip")
    assert {it.get("value") for it in clip.iter("keyword")} >= {"ID 7", "harbour", "ship"}
    assert {it.get("value") for it in clip.iter("marker")} == {
        "부산 BUSAN",
        "Speaker 1: Good morning from the harbour.",
        "APPLAUSE",
    }


@pytest.mark.parametrize("text", ['<&>"\n\0\u202e', "\udcff", "\ufffe", "]]>"])
def test_a_project_holds_any_text(text: str) -> None:
    scene = selected(file_name=f"{text}.mp4")

    assert document(selection_file(write_fcpxml, [scene], title=text))


def test_a_project_of_no_hits_is_empty() -> None:
    [spine] = document(selection_file(write_fcpxml, [])).iter("spine")

    assert list(spine) == []


@pytest.mark.parametrize(
    ("average", "timecode"), [("60000/1001", "23:59:50;00"), ("25/1", "23:59:50:00"), ("60000/1001", "23:59:50:00")]
)
def test_a_clip_across_midnight_has_two_events(average: str, timecode: str) -> None:
    film = FilmFacts(average, timecode, "A001", True, 1920, 1080)
    content = asset(plain_scene(1, 0, 8000), plain_scene(2, 8000, 12000), plain_scene(3, 12000, 20000), film=film)

    text = b"".join(write_edl(content, EditOptions())).decode()

    rate = float(Fraction(average))
    clips = otio.adapters.read_from_string(text, "cmx_3600", rate=rate).tracks[0]
    lengths = [clip.source_range.duration.value for clip in clips]
    assert len(lengths) == 4
    assert sum(lengths) == FrameRate.of_film(Fraction(average)).frame_at(20_000)
    assert [clip.source_range.start_time.value for clip in clips][2] == 0
    separator = ";" if ";" in timecode else ":"
    assert f"24:00:00{separator}00" in text
    assert [line[:3] for line in text.splitlines() if line[:3].isdigit()] == ["001", "002", "003", "004"]
