"""What every embedder of texts keeps to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from engine_choices import choice_of
from networks_pictures import real_weights, write_sentences, write_siglip
from scenedex.engines.embeddings import E5, MEANING, MINILM, PICTURE_TEXTS, SIGLIP2, TextEmbedder
from scenedex.engines.embeddings.toy import WordCounts
from scenedex.engines.loader import open_engine

if TYPE_CHECKING:
    from pathlib import Path

    from scenedex.engines.engine import Engine, EngineChoice

TEXTS = [
    "a man plays guitar",
    "somebody makes music",
    "",
    "the market fell sharply today",
    "한국어와 日本語",
    "\x00 \U0001f600",
]


def choice(engine: Engine, folder: Path) -> EngineChoice:
    return choice_of(engine, folder)


@pytest.fixture(scope="module", params=["fake", "minilm-tiny", "minilm-real", "e5-tiny", "siglip2-tiny"])
def embedder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> TextEmbedder:
    folder = tmp_path_factory.mktemp("weights")
    match request.param:
        case "fake":
            return WordCounts()
        case "minilm-tiny":
            return open_engine(MEANING, choice(MINILM, write_sentences(folder, has_token_types=True)))
        case "minilm-real":
            return open_engine(MEANING, choice(MINILM, real_weights("all-MiniLM-L6-v2")))
        case "e5-tiny":
            return open_engine(MEANING, choice(E5, write_sentences(folder, has_token_types=False)))
        case _:
            return open_engine(MEANING, choice_of(SIGLIP2, write_siglip(folder), PICTURE_TEXTS))


def test_vectors_have_the_promised_shape_type_and_length(embedder: TextEmbedder) -> None:
    vectors = embedder.embed(TEXTS)

    assert vectors.shape == (len(TEXTS), embedder.dimension)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_no_texts_have_no_vectors(embedder: TextEmbedder) -> None:
    assert embedder.embed([]).shape == (0, embedder.dimension)


def test_the_vector_of_a_text_does_not_depend_on_its_neighbours(embedder: TextEmbedder) -> None:
    together = embedder.embed(TEXTS)

    for row, text in enumerate(TEXTS):
        np.testing.assert_array_equal(together[row], embedder.embed([text])[0])


def test_a_query_finds_the_text_with_its_words(embedder: TextEmbedder) -> None:
    query = embedder.embed_query("man plays guitar")

    closeness = embedder.embed(TEXTS) @ query

    assert query.shape == (embedder.dimension,)
    assert int(closeness.argmax()) == 0


def test_a_very_long_text_has_a_vector_near_its_content(embedder: TextEmbedder) -> None:
    long = "somebody makes music today " * 3000

    (vector,) = embedder.embed([long])

    assert float(np.linalg.norm(vector)) == pytest.approx(1, abs=1e-5)
    assert float(vector @ embedder.embed_query("somebody makes music today")) > float(
        vector @ embedder.embed_query("seven eight nine")
    )


def test_it_says_what_it_is(embedder: TextEmbedder) -> None:
    assert embedder.engine.name
    assert embedder.engine.version
