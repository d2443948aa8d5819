"""Input of Whisper's encoder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
import pytest

from networks_whisper import write_whisper
from scenedex.engines.speech.network import MAX_FRAMES, decode_without_loops, ends_in_loop, load_network
from scenedex.engines.voice import RATE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from faster_whisper.transcribe import TranscriptionOptions

    from scenedex.engines.speech.network import Decoded, SpeechNetwork


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> SpeechNetwork:
    folder = tmp_path_factory.mktemp("weights") / "whisper-tiny"
    write_whisper(folder)
    return load_network(folder, 1)


def encoded(network: SpeechNetwork, frames: int) -> np.ndarray:
    features = np.zeros((80, MAX_FRAMES), np.float32)
    features[:, :frames] = np.random.default_rng(frames).normal(0, 1, (80, frames))
    return np.array(network.encode(features))


@pytest.mark.parametrize(("frames", "expected"), [(1, 1_500), (450, 1_500), (1_600, 1_800), (2_900, 3_000)])
def test_a_sound_is_encoded_with_silence_to_at_least_fifteen_seconds(
    network: SpeechNetwork, frames: int, expected: int
) -> None:
    assert encoded(network, frames).shape == (1, expected // 2, 16)


def test_the_last_sound_is_encoded_once(network: SpeechNetwork) -> None:
    features = np.ones((80, 300), np.float32)

    assert network.encode(features) is network.encode(features.copy())
    assert network.encode(features) is not network.encode(2 * features)


def test_languages_have_probabilities_without_the_one_that_stands_for_noise(network: SpeechNetwork) -> None:
    sound = np.random.default_rng(1).normal(0, 0.1, 2 * RATE).astype(np.float32)

    chances = network.languages(sound)

    assert "nn" not in chances
    assert {"en", "ko", "ja", "zh"} <= chances.keys()
    assert 0 < sum(chances.values()) < 1


def test_the_language_of_a_voice_keeps_the_encoded_sound_and_is_that_of_the_sound(network: SpeechNetwork) -> None:
    sound = np.random.default_rng(1).normal(0, 0.1, 13 * RATE).astype(np.float32)
    features = np.ones((80, 300), np.float32)
    kept = network.encode(features)

    chances = network.languages(sound, of_voice=True)

    assert network.encode(features) is kept
    # With 2 s of silence, 13 s are as long as the minimum of a sound.
    assert chances == network.languages(sound)


def test_the_language_of_a_short_voice_needs_less_silence(network: SpeechNetwork) -> None:
    sound = np.random.default_rng(1).normal(0, 0.1, 2 * RATE).astype(np.float32)

    assert network.languages(sound, of_voice=True) != network.languages(sound)


@pytest.mark.parametrize(
    ("tokens", "expected"),
    [
        ([], False),
        ([1, 2, 3, 4, 5, 6], False),
        ([7] * 11, False),
        ([7] * 12, True),
        ([1, 2, *[3, 4, 5, 6] * 3], True),
        ([1, 2, *[3, 4, 5, 6] * 3, 3], True),
        ([1, 2, *[3, 4, 5, 6] * 3, 7], False),
        ([*[3, 4, 5, 6, 7, 8] * 2, 1], False),
    ],
)
def test_a_phrase_that_is_said_three_times_at_the_end_is_a_loop(tokens: list[int], expected: bool) -> None:
    assert ends_in_loop(tokens) is expected


@dataclass(frozen=True)
class Result:
    """Result of the library."""

    sequences_ids: list[list[int]]


@dataclass(frozen=True)
class Options:
    """The options of the library that matter here."""

    max_new_tokens: int | None
    temperatures: list[float]


USUAL, PROMPT_LENGTH, FIRST_TIME = 46, 3, 900


def heard(says: Mapping[float, list[int]], *, usual: int = USUAL) -> tuple[list[int], list[float]]:
    """Return the tokens of a sound that says these at each temperature, and the temperatures of all attempts."""
    attempts: list[float] = []

    def decode(options: TranscriptionOptions) -> Decoded:
        temperature = options.temperatures[0]
        attempts.append(temperature)
        # As the library does, which takes half of the length that it is given.
        longest = 224 if options.max_new_tokens is None else (options.max_new_tokens + PROMPT_LENGTH) // 2
        return Result([says[temperature][:longest]]), -0.2, temperature, 1.5

    options = cast("TranscriptionOptions", Options(None, [0.0, 0.4][: len(says)]))
    found = decode_without_loops(
        decode, options, usual=usual, prompt_length=PROMPT_LENGTH, max_length=448, first_time=FIRST_TIME
    )
    return found[0].sequences_ids[0], attempts


def test_usual_words_are_decoded_once() -> None:
    said = list(range(20))

    assert heard({0.0: said}) == (said, [0.0])


def test_very_many_words_are_decoded_without_the_limit() -> None:
    said = list(range(USUAL + 30))

    assert heard({0.0: said}) == (said, [0.0, 0.0])


def test_a_loop_is_given_up_and_sampled() -> None:
    loop, said = [1, 2, 3, 4, FIRST_TIME + 50] * 60, list(range(20))

    assert heard({0.0: loop, 0.4: said}) == (said, [0.0, 0.4])


def test_a_loop_that_cannot_be_sampled_is_cut() -> None:
    loop = [1, 2, 3, 4] * 60

    assert heard({0.0: loop}) == (loop[:USUAL], [0.0])


def test_words_of_a_sound_that_may_have_as_many_as_the_network_decodes_have_no_limit() -> None:
    loop = [1, 2, 3, 4] * 60

    assert heard({0.0: loop}, usual=224) == (loop[:224], [0.0])
