"""Films with several sound tracks and channels, through the stages of sound and voice as they run in an analysis."""

# PyAV's stubs leave the streams of packets open.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import io
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, cast

import av
import msgspec
import numpy as np
import pytest
from av.stream import Disposition

from engine_choices import choice_of
from real_speech import real_sound
from scenedex.analysis.stages.heard_tracks import heard_tracks
from scenedex.analysis.stages.moments import Span
from scenedex.analysis.stages.recording import RATE, Recording, sample_at
from scenedex.analysis.stages.sound import SOUND_FILE, SoundOptions, run_sound
from scenedex.analysis.stages.voice import VoiceOptions, run_voice
from scenedex.engines.voice import SILERO
from scenedex.media.opened import OpenedMedia
from scenedex.timeline import Timecode, TimeRange

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from av.audio.stream import AudioStream
    from av.container import OutputContainer
    from numpy.typing import NDArray

    from scenedex.analysis.stages.heard_tracks import HeardTracks
    from scenedex.analysis.stages.sound import SoundResult


@dataclass(frozen=True)
class Track:
    """Samples ``(n, channels)`` of a track at 16 kHz."""

    samples: NDArray[np.int16]
    language: str | None = None
    codec: str = "pcm_s16le"
    disposition: int = 0

    @property
    def layout(self) -> str:
        return {1: "mono", 2: "stereo", 6: "5.1"}[self.samples.shape[1]]


def span(start: int, end: int) -> Span:
    return Span.of(TimeRange(Timecode(Fraction(start)), Timecode(Fraction(end))))


def mono(samples: NDArray[np.int16]) -> NDArray[np.int16]:
    return samples[:, None]


def channels(*samples: NDArray[np.int16]) -> NDArray[np.int16]:
    return np.stack(samples, axis=1)


def film_of(*tracks: Track, container: str = "matroska") -> bytes:
    """A grey film with these sound tracks, interleaved second by second."""
    target = io.BytesIO()
    seconds = max(len(track.samples) for track in tracks) // RATE + 1
    with av.open(target, "w", format=container) as out:
        video = out.add_stream("mpeg4", rate=10)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        streams = [_stream(out, track) for track in tracks]
        for second in range(seconds):
            for number in range(10 * second, 10 * second + 10):
                picture = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 128, np.uint8), "rgb24")
                picture.pts, picture.time_base = number, Fraction(1, 10)
                out.mux(video.encode(picture))
            for track, stream in zip(tracks, streams, strict=True):
                part = np.ascontiguousarray(track.samples[second * RATE : (second + 1) * RATE])
                for start in range(0, len(part), 1024):
                    block = part[start : start + 1024].reshape(1, -1)
                    frame = av.AudioFrame.from_ndarray(block, format="s16", layout=track.layout)
                    frame.sample_rate, frame.pts, frame.time_base = RATE, second * RATE + start, Fraction(1, RATE)
                    out.mux(stream.encode(frame))
        for stream in (video, *streams):
            out.mux(stream.encode(None))
    return target.getvalue()


def _stream(out: OutputContainer, track: Track) -> AudioStream:
    stream = cast("AudioStream", out.add_stream(track.codec, rate=RATE))
    stream.codec_context.layout = track.layout
    stream.disposition = Disposition(track.disposition)
    if track.language is not None:
        stream.metadata["language"] = track.language
    return stream


@dataclass(frozen=True)
class Heard:
    """Results of the stages, and the file of samples."""

    sound: SoundResult
    tracks: HeardTracks
    pcm: bytes

    @property
    def numbers(self) -> list[tuple[int, ...]]:
        """Numbers of the tracks of each programme that is transcribed."""
        return [self.sound.programmes[number].tracks for number, _regions in self.tracks.programmes]

    def samples(self, programme: int = 0) -> NDArray[np.int16]:
        recording = Recording(io.BytesIO(self.pcm), programme)
        return recording.read(0, recording.samples)


class Hearing:
    """Runs the stages in this process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def hear(self, media: bytes, wanted: str | Sequence[int] = "auto") -> Heard:
        (self._folder / "film").write_bytes(media)
        options = SoundOptions(tracks=() if isinstance(wanted, str) else tuple(wanted))
        sound = run_sound(self._opened(media), msgspec.json.encode(options))
        pcm = (self._folder / SOUND_FILE).read_bytes()
        silent = tuple(one.is_silent for one in sound.programmes)
        voice = VoiceOptions(choice=choice_of(SILERO, None), silent=silent)
        found = run_voice(self._opened(pcm), msgspec.json.encode(voice))
        return Heard(sound, heard_tracks(sound, found.programmes, wanted), pcm)

    def _opened(self, data: bytes) -> OpenedMedia:
        return OpenedMedia(io.BytesIO(data), str(self._folder), max_pixels=1 << 26, report=lambda _share, _done: None)


@pytest.fixture
def hearing(tmp_path: Path) -> Hearing:
    return Hearing(tmp_path)


@pytest.fixture(scope="module")
def speech() -> NDArray[np.int16]:
    return real_sound("jfk-11s.flac")


@pytest.fixture(scope="module")
def other(speech: NDArray[np.int16]) -> NDArray[np.int16]:
    """Other speech of that length: the same backwards is heard as a voice, and has nothing in common with it."""
    return np.ascontiguousarray(speech[::-1])


@pytest.fixture(scope="module")
def silence(speech: NDArray[np.int16]) -> NDArray[np.int16]:
    return np.zeros_like(speech)


def test_the_track_with_a_voice_is_heard(
    hearing: Hearing, speech: NDArray[np.int16], silence: NDArray[np.int16]
) -> None:
    heard = hearing.hear(film_of(Track(mono(silence)), Track(channels(speech, speech))))

    assert heard.numbers == [(2,)]
    assert heard.tracks.remarks == ("sound track 1 silent",)
    assert heard.sound.programmes[0].tracks == (2,)


def test_mono_tracks_are_the_channels_of_one_sound(
    hearing: Hearing, speech: NDArray[np.int16], silence: NDArray[np.int16]
) -> None:
    tracks = [Track(mono(samples)) for samples in (silence, speech, silence, silence)]

    heard = hearing.hear(film_of(*tracks, container="mov"))

    assert heard.numbers == [(1, 2, 3, 4)]
    assert heard.tracks.remarks == ()
    assert heard.sound.programmes[0].track_at(span(2, 5)) == 2
    # A voice on one of them keeps its loudness.
    assert np.abs(heard.samples()[: len(speech)].astype(int) - speech).max() < 100


def test_each_line_has_the_mono_track_on_which_it_is_heard_best(
    hearing: Hearing, speech: NDArray[np.int16], silence: NDArray[np.int16]
) -> None:
    first, second = speech.copy(), speech // 30
    first[5 * RATE :], second[5 * RATE :] = speech[5 * RATE :] // 30, speech[5 * RATE :]

    (programme,) = hearing.hear(film_of(*(Track(mono(it)) for it in (silence, first, second)))).sound.programmes

    assert [programme.track_at(span(*it)) for it in ((0, 2), (3, 5), (6, 9), (100, 101))] == [2, 2, 3, 1]


def test_mono_tracks_of_different_languages_are_heard_each(
    hearing: Hearing, speech: NDArray[np.int16], other: NDArray[np.int16]
) -> None:
    heard = hearing.hear(film_of(Track(mono(speech), "eng"), Track(mono(other), "kor")))

    assert heard.numbers == [(1,), (2,)]
    assert heard.tracks.remarks == ("Lines are from sound tracks 1 and 2",)
    assert [one.language for one in heard.sound.programmes] == ["eng", "kor"]
    assert np.array_equal(heard.samples(1)[: len(other)], other)


def test_mixes_of_one_speech_are_heard_once(hearing: Hearing, speech: NDArray[np.int16]) -> None:
    rng = np.random.default_rng(1)
    effects = rng.normal(0, 400, (len(speech), 6)).astype(np.int16)
    surround = effects.copy()
    surround[:, 2] += speech // 2

    late = np.concatenate([np.zeros(300, np.int16), speech // 3])
    heard = hearing.hear(film_of(Track(channels(speech, speech)), Track(surround), Track(channels(late, late))))

    assert heard.numbers == [(1,)]
    assert heard.tracks.remarks == (
        "sound track 2 left out: the same speech as track 1",
        "sound track 3 left out: the same speech as track 1",
    )
    assert [one.tracks for one in heard.sound.programmes] == [(1,), (2,), (3,)]


@pytest.mark.parametrize(("wanted", "numbers"), [("all", [(1,), (2,)]), ([2], [(2,)]), ([2, 1], [(1,), (2,)])], ids=str)
def test_wanted_tracks_are_heard(
    hearing: Hearing, speech: NDArray[np.int16], wanted: str | list[int], numbers: list[tuple[int, ...]]
) -> None:
    stereo = channels(speech, speech)

    assert hearing.hear(film_of(Track(stereo), Track(stereo)), wanted).numbers == numbers


def test_a_wanted_mono_track_is_heard_by_itself(
    hearing: Hearing, speech: NDArray[np.int16], other: NDArray[np.int16]
) -> None:
    heard = hearing.hear(film_of(Track(mono(other)), Track(mono(speech))), [2])

    assert heard.numbers == [(2,)]
    assert np.array_equal(heard.samples()[: len(speech)], speech)


def test_a_viewer_hears_the_default_and_no_commentary(
    hearing: Hearing, speech: NDArray[np.int16], other: NDArray[np.int16]
) -> None:
    comment = Track(channels(other, other), disposition=Disposition.comment)
    film = Track(channels(speech, speech), disposition=Disposition.default)

    heard = hearing.hear(film_of(comment, film))

    assert heard.sound.programmes[0].tracks == (2,)
    # What it says is no less searched for.
    assert sorted(heard.numbers) == [(1,), (2,)]


@pytest.mark.parametrize("share", [0.0, 0.4], ids=["all the time", "from a moment on"])
def test_channels_that_cancel_are_not_summed(hearing: Hearing, speech: NDArray[np.int16], share: float) -> None:
    inverse = speech.copy()
    place = int(share * len(speech))
    inverse[place:] = -np.maximum(inverse[place:], -32767)

    heard = hearing.hear(film_of(Track(channels(speech, inverse))))

    assert heard.numbers == [(1,)]
    kept = np.abs(heard.samples()[: len(speech)].astype(int) - speech)
    # But for the window in which it changes.
    assert np.mean(kept > 200) < 0.03


def test_a_dead_channel_takes_nothing_away(
    hearing: Hearing, speech: NDArray[np.int16], silence: NDArray[np.int16]
) -> None:
    heard = hearing.hear(film_of(Track(channels(silence, speech))))

    assert np.abs(heard.samples()[: len(speech)].astype(int) - speech).max() < 100


def test_too_many_programmes_are_named(hearing: Hearing, speech: NDArray[np.int16]) -> None:
    short = channels(speech[:RATE], speech[:RATE])

    heard = hearing.hear(film_of(*[Track(short)] * 10))

    assert len(heard.sound.programmes) == 8
    assert heard.sound.crowded_out == (9, 10)
    assert heard.tracks.remarks[-1] == "sound tracks 9, 10 left out: there are too many"


def in_a_room(samples: NDArray[np.int16], seed: int) -> NDArray[np.int16]:
    """The sound as a microphone at some distance hears it: echoes, noise and another colour."""
    rng = np.random.default_rng(seed)
    echoes = rng.standard_normal(RATE // 2) * np.exp(-np.arange(RATE // 2) / 1_200)
    echoes[0] += 6
    size = 1 << (len(samples) + len(echoes)).bit_length()
    heard = np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(echoes, size), size)[: len(samples)]
    heard *= np.abs(samples).std() / np.abs(heard).std() / 2
    return (heard + rng.normal(0, heard.std() / 8, len(samples))).clip(-32_000, 32_000).astype(np.int16)


def test_the_same_speech_of_two_microphones_is_heard_once(hearing: Hearing, speech: NDArray[np.int16]) -> None:
    far = in_a_room(speech, 1)

    heard = hearing.hear(film_of(Track(channels(speech, speech)), Track(channels(far, far))))

    assert heard.numbers == [(1,)]


def test_of_an_audio_description_its_own_speech_is_heard(hearing: Hearing, speech: NDArray[np.int16]) -> None:
    described = real_sound("speech/en-3spk-leopard.wav")[: 4 * RATE]
    pause = np.zeros(6 * RATE, np.int16)
    film = np.concatenate([speech, pause, speech])
    description = film.copy()
    place = len(speech) + RATE
    description[place : place + len(described)] = described

    heard = hearing.hear(film_of(Track(channels(film, film)), Track(channels(description, description))))

    assert heard.numbers == [(1,), (2,)]
    (_, own), (_, regions) = heard.tracks.programmes
    assert len(own) > 2
    assert all(place - RATE < sample_at(it.start.timecode()) < place + 6 * RATE for it in regions)
    ((silenced, others),) = heard.tracks.silenced
    assert silenced == 1
    assert len(others) == len(own)


def test_a_voice_is_heard_on_the_microphone_of_its_speaker(hearing: Hearing, speech: NDArray[np.int16]) -> None:
    guest = real_sound("speech/en-3spk-leopard.wav")[: len(speech)]
    silence = np.zeros_like(speech)
    first = np.concatenate([speech, silence]) + np.concatenate([silence, in_a_room(guest, 2) // 20])
    second = np.concatenate([silence, guest]) + np.concatenate([in_a_room(speech, 3) // 20, silence])

    heard = hearing.hear(film_of(Track(channels(first, first)), Track(channels(second, second))))

    assert heard.numbers == [(1,), (2,)]
    spoken = [[sample_at(it.start.timecode()) for it in regions] for _, regions in heard.tracks.programmes]
    assert max(spoken[0]) < len(speech) <= min(spoken[1]) + RATE // 2
