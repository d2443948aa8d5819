"""What every labeller keeps to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from networks_pictures import write_siglip
from scenedex.engines.embeddings import SIGLIP2, open_text_embedder
from scenedex.engines.engine import EngineChoice
from scenedex.engines.keywords import SIGLIP2_LABELS, Labeller, label_prompts, open_labeller
from scenedex.engines.keywords.scripted import NearestLabel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

VOCABULARY = ("dog", "cat", "sky")


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(write_siglip(tmp_path_factory.mktemp("siglip")))


@pytest.fixture(scope="module", params=["fake", "siglip2", "siglip2-vectors-known"])
def labeller(request: pytest.FixtureRequest, weights: str) -> Labeller:
    choice = EngineChoice(SIGLIP2_LABELS.name, SIGLIP2_LABELS.version, SIGLIP2_LABELS.weights, weights)
    vectors = prompts(weights)
    match request.param:
        case "fake":
            return NearestLabel(SIGLIP2, dict(zip(VOCABULARY, vectors, strict=True)))
        case "siglip2":
            return open_labeller(choice, VOCABULARY)
        case _:
            return open_labeller(choice, VOCABULARY, vectors=vectors)


def prompts(weights: str) -> NDArray[np.float32]:
    texts = open_text_embedder(EngineChoice(SIGLIP2.name, SIGLIP2.version, SIGLIP2.weights, weights))
    return texts.embed(label_prompts(VOCABULARY))


@pytest.mark.parametrize("place", range(3), ids=VOCABULARY)
def test_the_label_whose_prompt_is_the_picture_comes_first(labeller: Labeller, weights: str, place: int) -> None:
    found = labeller.label(prompts(weights)[place])

    assert found[0].label == VOCABULARY[place]
    assert found[0].confidence > 0.9


def test_labels_come_once_and_by_confidence(labeller: Labeller, weights: str) -> None:
    found = labeller.label(prompts(weights)[0])

    confidences = [label.confidence for label in found]
    assert confidences == sorted(confidences, reverse=True)
    assert all(0 <= confidence <= 1 for confidence in confidences)
    assert len({label.label for label in found}) == len(found)
    assert {label.label for label in found} <= set(VOCABULARY)


def test_it_says_whose_vectors_it_reads(labeller: Labeller) -> None:
    assert labeller.reads == SIGLIP2
    assert labeller.engine.name


def test_reading_a_vocabulary_is_told_word_by_word(weights: str) -> None:
    choice = EngineChoice(SIGLIP2_LABELS.name, SIGLIP2_LABELS.version, SIGLIP2_LABELS.weights, weights)
    told: list[int] = []

    open_labeller(choice, VOCABULARY, on_read=told.append)

    assert told == [1, 2, 3]


def test_what_fits_no_label_gets_none(weights: str) -> None:
    choice = EngineChoice(SIGLIP2_LABELS.name, SIGLIP2_LABELS.version, SIGLIP2_LABELS.weights, weights)
    labeller = open_labeller(choice, VOCABULARY)

    assert labeller.label(-prompts(weights).sum(axis=0) / 10) == []
