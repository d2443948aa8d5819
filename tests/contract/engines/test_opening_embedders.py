from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from engine_choices import choice_of
from networks_pictures import write_fastestdet, write_sentences, write_siglip
from scenedex.engines.embeddings import E5, MEANING, MINILM, PICTURE_TEXTS, PICTURES, SIGLIP2
from scenedex.engines.engine import Engine, EngineUnavailable
from scenedex.engines.keywords import FASTESTDET, OBJECTS
from scenedex.engines.loader import open_engine

if TYPE_CHECKING:
    from pathlib import Path

    from scenedex.engines.port import Port


ENGINES: dict[str, tuple[Port[Any], Engine]] = {
    "siglip2 pictures": (PICTURES, SIGLIP2),
    "siglip2 texts": (PICTURE_TEXTS, SIGLIP2),
    "minilm": (MEANING, MINILM),
    "e5": (MEANING, E5),
    "fastestdet": (OBJECTS, FASTESTDET),
}


def opened(port: Port[Any], engine: Engine, folder: Path | None = None) -> Any:
    return open_engine(port, choice_of(engine, folder, port))


@pytest.mark.parametrize(("port", "engine"), ENGINES.values(), ids=ENGINES)
def test_weights_that_are_absent_are_named(port: Port[Any], engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(EngineUnavailable, match="missing"):
        opened(port, engine, tmp_path)


@pytest.mark.parametrize(("port", "engine"), ENGINES.values(), ids=ENGINES)
def test_a_choice_without_a_folder_says_what_to_pull(port: Port[Any], engine: Engine) -> None:
    with pytest.raises(EngineUnavailable, match=f"scenedex weights pull {engine.weights}"):
        opened(port, engine)


@pytest.mark.parametrize(
    ("port", "engine", "damaged"),
    [
        (PICTURES, SIGLIP2, "vision_model.onnx"),
        (PICTURE_TEXTS, SIGLIP2, "text_model.onnx"),
        (PICTURE_TEXTS, SIGLIP2, "tokenizer.json"),
        (MEANING, MINILM, "model_quantized.onnx"),
        (MEANING, MINILM, "tokenizer.json"),
        (OBJECTS, FASTESTDET, "fastestdet-coco80.onnx"),
    ],
    ids=["pictures", "texts", "tokens of texts", "sentences", "tokens of sentences", "objects"],
)
def test_damaged_files_are_named(port: Port[Any], engine: Engine, damaged: str, tmp_path: Path) -> None:
    write_siglip(tmp_path / "siglip2-base")
    write_sentences(tmp_path / "all-minilm-l6-v2", has_token_types=True)
    write_fastestdet(tmp_path / "fastestdet-coco80")
    assert engine.weights is not None
    folder = tmp_path / engine.weights
    whole = (folder / damaged).read_bytes()
    (folder / damaged).write_bytes(whole[: len(whole) // 2])

    with pytest.raises(EngineUnavailable, match=damaged):
        opened(port, engine, folder)


def test_the_network_of_another_engine_is_refused(tmp_path: Path) -> None:
    write_sentences(tmp_path, has_token_types=True)
    write_siglip(tmp_path / "siglip")
    (tmp_path / "model_quantized.onnx").write_bytes((tmp_path / "siglip" / "text_model.onnx").read_bytes())

    with pytest.raises(EngineUnavailable, match="another network"):
        opened(MEANING, MINILM, tmp_path)


def test_queries_and_passages_get_the_prefixes_that_e5_was_trained_with(tmp_path: Path) -> None:
    write_sentences(tmp_path, has_token_types=False)
    with_prefixes = opened(MEANING, E5, tmp_path)
    without = opened(MEANING, MINILM, tmp_path)

    query, passage = with_prefixes.embed_query("dog"), with_prefixes.embed(["dog"])[0]

    assert query.tolist() == without.embed_query("query: dog").tolist()
    assert passage.tolist() == without.embed(["passage: dog"])[0].tolist()


def test_siglip_reads_capitals_as_small_letters_and_the_first_64_tokens(tmp_path: Path) -> None:
    texts = opened(PICTURE_TEXTS, SIGLIP2, write_siglip(tmp_path))

    assert texts.embed_query("A DOG").tolist() == texts.embed_query("a dog").tolist()
    assert texts.embed_query("dog " * 63 + "cat").tolist() == texts.embed_query("dog " * 63).tolist()
