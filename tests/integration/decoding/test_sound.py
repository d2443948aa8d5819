"""Decoding of the sound of a film."""

from __future__ import annotations

import io
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest

from films_with_sound import Stretch, film, sound_of, tone
from scenedex.media.containers import open_film
from scenedex.media.sound import SoundPass
from scenedex.media.sound_choice import choose_sound
from scenedex.media.sound_mixing import RATE

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from scenedex.media.opened import OpenedMedia

    OpenBytes = Callable[..., OpenedMedia]
    Hear = Callable[[bytes], NDArray[np.int16]]

START = Fraction(0)


@pytest.fixture
def heard(opened: OpenBytes) -> Hear:
    """All samples of a film."""

    def hear(data: bytes) -> NDArray[np.int16]:
        with sound_of(opened(data)) as sound:
            chunks = list(sound.chunks())
            assert all(0 < len(chunk) <= RATE and chunk.dtype == np.int16 for chunk in chunks)
            assert sound.samples == sum(map(len, chunks))
            return np.concatenate([np.zeros(0, np.int16), *chunks])

    return hear


def loud(samples: NDArray[np.int16]) -> tuple[float, float]:
    """Return the first and the last second with sound."""
    at = np.flatnonzero(np.abs(samples.astype(np.int32)) > 500)
    return float(at[0] / RATE), float(at[-1] / RATE)


def loudness(samples: NDArray[np.int16]) -> float:
    return float(np.sqrt((samples.astype(np.float64) ** 2).mean()))


def test_samples_that_need_no_change_come_through_untouched(heard: Hear) -> None:
    samples = np.random.default_rng(1).integers(-32768, 32767, 3 * RATE).astype(np.int16)

    assert np.array_equal(heard(film([Stretch(START, samples)])), samples)


def test_a_gap_is_silence_and_what_follows_stays_in_its_place(heard: Hear) -> None:
    samples = tone(1)
    late = Stretch(Fraction(2), samples)

    got = heard(film([Stretch(START, samples), late]))

    assert len(got) == 3 * RATE
    assert np.array_equal(got[:RATE], samples)
    assert not got[RATE : 2 * RATE].any()
    assert np.array_equal(got[2 * RATE :], samples)


def test_sound_that_begins_after_the_picture_is_preceded_by_silence(heard: Hear) -> None:
    got = heard(film([Stretch(Fraction(1, 2), tone(1))]))

    assert not got[: RATE // 2].any()
    assert np.array_equal(got[RATE // 2 :], tone(1))


def test_time_0_is_where_the_sound_begins_when_the_picture_comes_later(heard: Hear) -> None:
    got = heard(film([Stretch(START, tone(1))], pictures_from=Fraction(1, 2)))

    assert np.array_equal(got[:RATE], tone(1))


def test_time_0_is_the_first_stamp_of_the_file_whatever_it_says(heard: Hear) -> None:
    got = heard(film([Stretch(Fraction(11, 2), tone(1))], pictures_from=Fraction(5)))

    assert not got[: RATE // 2].any()
    assert np.array_equal(got[RATE // 2 : 3 * RATE // 2], tone(1))


def test_of_two_sounds_for_one_moment_the_first_counts(heard: Hear) -> None:
    first, second = tone(1, 440), tone(1, 880)

    got = heard(film([Stretch(START, first), Stretch(Fraction(1, 2), second)], block=RATE))

    assert np.array_equal(got[:RATE], first)
    assert np.array_equal(got[RATE:], second[RATE // 2 :])


def test_stamps_rounded_to_milliseconds_leave_no_holes(heard: Hear) -> None:
    samples = np.full(3 * 44_100, 10_000, np.int16)

    got = heard(film([Stretch(START, samples)], rate=44_100, block=441))

    assert abs(len(got) - 3 * RATE) <= 2
    assert (np.abs(got[100:-100].astype(int) - 10_000) < 200).all()


@pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 37_800, 44_100, 48_000, 96_000, 192_000])
def test_any_rate_keeps_pitch_and_time(rate: int, heard: Hear) -> None:
    beep = Stretch(Fraction(1), tone(1, 1_000, rate))

    got = heard(film([beep], rate=rate, block=1_000))

    begins, ends = loud(got)
    assert abs(begins - 1) < 0.005
    assert abs(ends - 2) < 0.005
    middle = got[RATE * 5 // 4 : RATE * 7 // 4]
    assert abs(int(np.abs(np.fft.rfft(middle)).argmax()) * 2 - 1_000) <= 2


@pytest.mark.parametrize("layout", ["stereo", "5.1", "7.1"])
def test_channels_with_a_place_are_mixed_without_clipping(layout: str, heard: Hear) -> None:
    channels = {"stereo": 2, "5.1": 6, "7.1": 8}[layout]
    samples = np.repeat(tone(1, loudness=32_000)[:, None], channels, axis=1)

    got = heard(film([Stretch(START, samples)], layout=layout))

    assert 8_000 < loudness(got) < 23_000
    assert np.abs(got.astype(int)).max() < 32_767


@pytest.mark.parametrize("sounding", [1, 24, 48])
def test_a_voice_on_some_of_48_channels_stays_as_loud_as_it_was(sounding: int, heard: Hear) -> None:
    samples = np.zeros((RATE, 48), np.int16)
    samples[:, 48 - sounding :] = tone(1, loudness=20_000)[:, None]

    got = heard(film([Stretch(START, samples)], layout="48 channels", codec="pcm_s16le"))

    assert loudness(got) == pytest.approx(20_000 / 2**0.5, rel=0.02)


@pytest.mark.parametrize(
    ("codec", "container", "layout"),
    [("aac", "mp4", "5.1"), ("libopus", "matroska", "stereo"), ("flac", "matroska", "mono"), ("ac3", "mov", "5.1")],
)
def test_compressed_sound_is_placed_where_players_place_it(
    codec: str, container: str, layout: str, heard: Hear
) -> None:
    channels = {"mono": 1, "stereo": 2, "5.1": 6}[layout]
    samples = np.zeros((3 * 48_000, channels), np.int16)
    samples[48_000:96_000] = tone(1, rate=48_000)[:, None]

    got = heard(
        film([Stretch(START, samples)], rate=48_000, layout=layout, codec=codec, container=container, block=960)
    )

    begins, ends = loud(got)
    assert abs(begins - 1) < 0.03
    assert abs(ends - 2) < 0.03


@pytest.mark.parametrize("stretches", [None, []], ids=["no-stream", "no-samples"])
def test_a_film_without_sound_gives_no_samples(stretches: list[Stretch] | None, heard: Hear) -> None:
    assert len(heard(film(stretches))) == 0


def test_a_codec_that_is_not_allowed_is_no_sound(heard: Hear) -> None:
    assert len(heard(film([Stretch(START, tone(1, rate=8000))], codec="real_144", rate=8000))) == 0


@pytest.mark.parametrize(
    ("codec", "container"),
    [
        ("adpcm_ima_qt", "mov"),
        ("pcm_alaw", "mov"),
        ("pcm_mulaw", "mov"),
        ("pcm_s24le", "mov"),
        ("alac", "mov"),
        ("mp2", "mov"),
        ("ac3", "mp4"),
        ("eac3", "mp4"),
        ("flac", "matroska"),
        ("wavpack", "matroska"),
    ],
)
def test_sound_of_cameras_phones_and_discs_is_heard(codec: str, container: str, heard: Hear) -> None:
    rate = 48_000
    media = film([Stretch(START, tone(1, rate=rate))], codec=codec, container=container, rate=rate, bit_rate=128_000)

    samples = heard(media)

    assert len(samples) == pytest.approx(16_000, abs=1600)
    assert 0.6 < np.abs(samples[2000:14_000]).max() / 8000 < 1.4


def test_what_sounds_after_the_end_of_the_asset_is_left_out(opened: OpenBytes) -> None:
    media = opened(film([Stretch(START, tone(8))], seconds=2))

    with open_film(media.file, "mkv", max_pixels=1 << 20) as opened_film:
        sound = SoundPass(opened_film, choose_sound(opened_film.container), length=Fraction(2), report=media.report)
        given = sum(len(chunk) for chunk in sound.chunks())

    assert given == sound.samples == 2 * RATE


def test_damaged_packets_are_passed_over_and_counted(opened: OpenBytes) -> None:
    samples = np.random.default_rng(3).integers(-8_000, 8_000, 3 * RATE).astype(np.int16)
    whole = film([Stretch(START, samples)], codec="flac", block=4_096)
    damaged = bytearray(whole)
    middle = len(whole) // 2
    damaged[middle : middle + 12_000] = bytes(12_000)

    with sound_of(opened(bytes(damaged))) as sound:
        got = np.concatenate(list(sound.chunks()))

    assert np.array_equal(got[:RATE], samples[:RATE])
    assert len(got) > RATE


def test_a_gap_between_compressed_packets_is_kept(heard: Hear) -> None:
    beep = tone(1, rate=48_000)
    stretches = [Stretch(START, beep), Stretch(Fraction(2), beep)]

    got = heard(film(stretches, rate=48_000, codec="aac", container="mp4"))

    assert loudness(got[RATE // 4 : RATE * 3 // 4]) > 5_000
    assert loudness(got[RATE * 5 // 4 : RATE * 7 // 4]) < 50
    assert loudness(got[RATE * 9 // 4 : RATE * 11 // 4]) > 5_000


def test_progress_grows_and_ends_within_bounds(opened: OpenBytes) -> None:
    reports: list[tuple[float, int]] = []
    with sound_of(opened(film([Stretch(START, tone(3))]), reports=reports)) as sound:
        for _ in sound.chunks():
            pass

    assert reports == sorted(reports)
    assert all(0 <= fraction <= 1 for fraction, _ in reports)


def test_the_bytes_are_read_but_the_file_stays_open(opened: OpenBytes) -> None:
    media = opened(film([Stretch(START, tone(1))]))
    for _ in range(2):
        with sound_of(media) as sound:
            assert sum(len(chunk) for chunk in sound.chunks()) == RATE
    assert isinstance(media.file, io.BytesIO)
    assert not media.file.closed
