"""Input of Whisper's encoder."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pytest

from networks_whisper import write_whisper
from scenedex.engines.speech.network import MAX_FRAMES, ends_in_loop, load_network, usual_tokens
from scenedex.engines.voice import RATE

if TYPE_CHECKING:
    from faster_whisper.transcribe import TranscriptionOptions

    from scenedex.engines.speech.network import SpeechNetwork


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
class Decoded:
    """Result of the library."""

    sequences_ids: list[list[int]]


@dataclass
class Decoder:
    """Stand-in for the decoder of the library: a result at each temperature, cut at half of the given length."""

    says: dict[float, list[int]]
    asked: list[tuple[int | None, float]]

    def decoded(
        self, _encoded: object, prompt: list[int], _tokenizer: object, options: TranscriptionOptions
    ) -> tuple[Decoded, float, float, float]:
        temperature = options.temperatures[0]
        self.asked.append((options.max_new_tokens, temperature))
        longest = 224 if options.max_new_tokens is None else (options.max_new_tokens + len(prompt)) // 2
        return Decoded([self.says[temperature][:longest]]), -0.2, temperature, 1.5


def heard(
    network: SpeechNetwork, monkeypatch: pytest.MonkeyPatch, says: dict[float, list[int]]
) -> tuple[list[int], int]:
    """Return the tokens of a sound of 5 s, and the number of attempts."""
    decoder = Decoder(says, [])
    monkeypatch.setattr(network, "_decoded", decoder.decoded)
    encoded(network, 500)
    options = cast("TranscriptionOptions", Options(None, [0.0, 0.4]))
    found = cast("Any", network).generate_with_fallback(None, [1, 2, 3], SimpleNamespace(timestamp_begin=900), options)
    return found[0].sequences_ids[0], len(decoder.asked)


@dataclass(frozen=True)
class Options:
    """The options of the library that matter here."""

    max_new_tokens: int | None
    temperatures: list[float]


def test_usual_words_are_decoded_once(network: SpeechNetwork, monkeypatch: pytest.MonkeyPatch) -> None:
    said = list(range(20))

    assert heard(network, monkeypatch, {0.0: said}) == (said, 1)


def test_very_many_words_are_decoded_without_the_limit(network: SpeechNetwork, monkeypatch: pytest.MonkeyPatch) -> None:
    said = list(range(usual_tokens(500) + 30))

    assert heard(network, monkeypatch, {0.0: said}) == (said, 2)


def test_a_loop_is_given_up_and_sampled(network: SpeechNetwork, monkeypatch: pytest.MonkeyPatch) -> None:
    loop, said = [1, 2, 3, 4, 950] * 60, list(range(20))

    assert heard(network, monkeypatch, {0.0: loop, 0.4: said}) == (said, 2)
