from __future__ import annotations

from fractions import Fraction

import pytest

from scenedex.analysis.stages.heard_tracks import heard_tracks, voice_tracks
from scenedex.analysis.stages.moments import Span
from scenedex.analysis.stages.sound import Programme, SoundResult
from scenedex.analysis.stages.voice import ProgrammeVoice
from scenedex.timeline import Timecode, TimeRange

NOTHING = ProgrammeVoice(())


def voice(seconds: float, *, same_as: int | None = None) -> ProgrammeVoice:
    return ProgrammeVoice((span(0, seconds),), () if same_as is None else (0,), same_as)


def span(start: float, end: float) -> Span:
    return Span.of(TimeRange(Timecode(Fraction(start)), Timecode(Fraction(end))))


def sound(*programmes: Programme, unsupported: dict[int, str] | None = None) -> SoundResult:
    tracks = sum(len(one.tracks) for one in programmes) + len(unsupported or {})
    return SoundResult(True, 9, 0, programmes, tracks, unsupported or {})


def test_one_track_needs_no_remark() -> None:
    heard = heard_tracks(sound(Programme((1,), 9)), [NOTHING], "auto")

    assert heard.programmes == ()
    assert heard.remarks == ()


def test_a_moment_of_voice_beside_speech_is_a_leak() -> None:
    found = sound(Programme((1,), 9), Programme((2,), 9))

    assert [number for number, _ in heard_tracks(found, [voice(0.5), voice(20)], "auto").programmes] == [1]
    assert [number for number, _ in heard_tracks(found, [voice(0.5), NOTHING], "auto").programmes] == [0]


@pytest.mark.parametrize(("wanted", "numbers"), [("auto", [0]), ("all", [0, 1]), ([1, 2], [0, 1])], ids=str)
def test_the_same_speech_is_transcribed_once_unless_it_is_asked_for(
    wanted: str | list[int], numbers: list[int]
) -> None:
    found = sound(Programme((1,), 9), Programme((2,), 9))

    heard = heard_tracks(found, [voice(20), voice(20, same_as=0)], wanted)

    assert [number for number, _ in heard.programmes] == numbers


def test_the_voice_is_in_the_track_that_is_heard_anyway_unless_another_has_much_more() -> None:
    found = sound(Programme((2,), 9), Programme((1,), 9))

    assert voice_tracks(found, [voice(20), voice(30)]) == (2,)
    assert voice_tracks(found, [voice(5), voice(30)]) == (1,)
    assert voice_tracks(found, [NOTHING, NOTHING]) == ()
    assert voice_tracks(sound(Programme((1,), 9)), [voice(20)]) == ()


def test_of_the_channels_of_a_programme_those_with_the_voice_count() -> None:
    channels = Programme((1, 2, 3, 4), 9, loudest=bytes([2] * 19 + [3] + [0] * 9))

    assert voice_tracks(sound(channels), [voice(20)]) == (3,)
    assert voice_tracks(sound(channels), [ProgrammeVoice((*voice(19).regions, span(19, 20)))]) == (3, 4)


def test_each_track_that_is_left_out_has_its_reason() -> None:
    found = sound(
        Programme((2, 3), 9), Programme((1,), 9, is_silent=True), Programme((4,), 9), unsupported={5: "ra_144"}
    )

    assert heard_tracks(found, [voice(9), NOTHING, NOTHING], "auto").remarks == (
        "sound track 1 silent",
        "sound track 4 without speech",
        "sound track 5 left out: its codec (ra_144) is not supported",
    )


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (SoundResult(False, 0, 0), "The video has no sound."),
        (SoundResult(False, 0, 0, (), 1, {1: "ra_144"}), "The codec of the sound (ra_144) is not supported."),
        (SoundResult(False, 0, 3, (), 1), "The sound cannot be decoded."),
    ],
)
def test_nothing_to_hear_has_a_true_reason(found: SoundResult, reason: str) -> None:
    assert found.refusal().reason == reason
