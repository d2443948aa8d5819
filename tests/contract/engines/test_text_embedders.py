from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engine_choices import fake_spec, spec_of
from networks_pictures import real_weights, write_sentences, write_siglip
from scenedex.engines.embeddings import E5, MEANING, MINILM, PICTURE_TEXTS, SIGLIP2
from scenedex.engines.embeddings.toy import WordCounts
from scenedex.engines.testing import TextEmbedderContract

if TYPE_CHECKING:
    from pathlib import Path

    from scenedex.engines.embeddings import TextEmbedder


class TestWordCounts(TextEmbedderContract):
    spec = fake_spec(MEANING, WordCounts().engine)

    @pytest.fixture
    def engine(self) -> TextEmbedder:
        return WordCounts()


class TestMinilm(TextEmbedderContract):
    spec = spec_of(MINILM)

    @pytest.fixture(scope="class")
    @classmethod
    def weights_folder(cls, tmp_path_factory: pytest.TempPathFactory) -> Path:
        return write_sentences(tmp_path_factory.mktemp("minilm"), has_token_types=True)


class TestRealMinilm(TextEmbedderContract):
    spec = spec_of(MINILM)

    @pytest.fixture(scope="class")
    @classmethod
    def weights_folder(cls) -> Path:
        return real_weights("all-MiniLM-L6-v2")


class TestE5(TextEmbedderContract):
    spec = spec_of(E5)

    @pytest.fixture(scope="class")
    @classmethod
    def weights_folder(cls, tmp_path_factory: pytest.TempPathFactory) -> Path:
        return write_sentences(tmp_path_factory.mktemp("e5"), has_token_types=False)


class TestSiglipTexts(TextEmbedderContract):
    spec = spec_of(SIGLIP2, PICTURE_TEXTS)

    @pytest.fixture(scope="class")
    @classmethod
    def weights_folder(cls, tmp_path_factory: pytest.TempPathFactory) -> Path:
        return write_siglip(tmp_path_factory.mktemp("siglip"))
