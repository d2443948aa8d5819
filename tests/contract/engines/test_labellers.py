"""Contract of labellers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engine_choices import choice_of
from networks_pictures import write_siglip
from scenedex.engines.embeddings import PICTURE_TEXTS, PICTURES, SIGLIP2
from scenedex.engines.keywords import LABELS, SIGLIP2_LABELS, Labeller, label_pictures, label_prompts, label_texts
from scenedex.engines.keywords.scripted import NearestLabel
from scenedex.engines.loader import open_engine

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

VOCABULARY = ("dog", "cat", "sky")


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_siglip(tmp_path_factory.mktemp("siglip"))


@pytest.fixture(scope="module", params=["fake", "siglip2"])
def labeller(request: pytest.FixtureRequest, weights: Path) -> Labeller:
    labeller = NearestLabel(SIGLIP2, {}) if request.param == "fake" else siglip(weights)
    labeller.learn(VOCABULARY, prompts(weights))
    return labeller


def siglip(weights: Path) -> Labeller:
    return open_engine(LABELS, choice_of(SIGLIP2_LABELS, weights))


def prompts(weights: Path) -> NDArray[np.float32]:
    texts = open_engine(PICTURE_TEXTS, label_texts(choice_of(SIGLIP2_LABELS, weights)))
    return texts.embed(label_prompts(VOCABULARY))


@pytest.mark.parametrize("place", range(3), ids=VOCABULARY)
def test_the_label_whose_prompt_is_the_picture_comes_first(labeller: Labeller, weights: Path, place: int) -> None:
    found = labeller.label(prompts(weights)[place])

    assert found[0].label == VOCABULARY[place]
    assert found[0].confidence > 0.9


def test_labels_come_once_and_by_confidence(labeller: Labeller, weights: Path) -> None:
    found = labeller.label(prompts(weights)[0])

    confidences = [label.confidence for label in found]
    assert confidences == sorted(confidences, reverse=True)
    assert all(0 <= confidence <= 1 for confidence in confidences)
    assert len({label.label for label in found}) == len(found)
    assert {label.label for label in found} <= set(VOCABULARY)


def test_it_says_whose_vectors_it_reads(labeller: Labeller) -> None:
    assert labeller.reads == SIGLIP2
    assert labeller.engine.name


def test_pictures_are_embedded_by_the_engine_whose_vectors_it_reads(weights: Path) -> None:
    choice = choice_of(SIGLIP2_LABELS, weights)

    assert open_engine(PICTURES, label_pictures(choice)).engine == open_engine(LABELS, choice).reads


def test_without_a_vocabulary_there_are_no_labels(weights: Path) -> None:
    assert siglip(weights).label(prompts(weights)[0]) == []


def test_what_fits_no_label_gets_none(weights: Path) -> None:
    labeller = siglip(weights)
    labeller.learn(VOCABULARY, prompts(weights))

    assert labeller.label(-prompts(weights).sum(axis=0) / 10) == []
