"""Input of Whisper's encoder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from networks_whisper import write_whisper
from scenedex.engines.speech.network import MAX_FRAMES, load_network
from scenedex.engines.voice import RATE

if TYPE_CHECKING:
    from scenedex.engines.speech.network import Network


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Network:
    folder = tmp_path_factory.mktemp("weights") / "whisper-tiny"
    write_whisper(folder)
    return load_network(folder, 1)


def encoded(network: Network, frames: int) -> np.ndarray:
    features = np.zeros((80, MAX_FRAMES), np.float32)
    features[:, :frames] = np.random.default_rng(frames).normal(0, 1, (80, frames))
    return np.array(network.encode(features))


@pytest.mark.parametrize(("frames", "expected"), [(1, 500), (450, 650), (2_900, 3_000), (3_000, 3_000)])
def test_a_sound_is_encoded_with_two_seconds_of_silence(network: Network, frames: int, expected: int) -> None:
    assert encoded(network, frames).shape == (1, expected // 2, 16)


def test_the_last_sound_is_encoded_once(network: Network) -> None:
    features = np.ones((80, 300), np.float32)

    assert network.encode(features) is network.encode(features.copy())
    assert network.encode(features) is not network.encode(2 * features)


def test_languages_have_probabilities_without_the_one_that_stands_for_noise(network: Network) -> None:
    sound = np.random.default_rng(1).normal(0, 0.1, 2 * RATE).astype(np.float32)

    chances = network.languages(sound)

    assert "nn" not in chances
    assert {"en", "ko", "ja", "zh"} <= chances.keys()
    assert 0 < sum(chances.values()) < 1
