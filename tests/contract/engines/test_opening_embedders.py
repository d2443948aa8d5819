from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from networks_pictures import write_fastestdet, write_sentences, write_siglip
from scenedex.engines.embeddings import E5, MINILM, MPEG7, SIGLIP2, open_picture_embedder, open_text_embedder
from scenedex.engines.engine import Engine, EngineChoice, EngineUnavailable
from scenedex.engines.keywords import FASTESTDET, SIGLIP2_LABELS, open_labeller, open_object_finder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def choice(engine: Engine, folder: Path | None = None, *, version: str | None = None) -> EngineChoice:
    return EngineChoice(engine.name, version or engine.version, engine.weights, None if folder is None else str(folder))


OPENERS: dict[str, tuple[Callable[[EngineChoice], object], Engine]] = {
    "siglip2 pictures": (open_picture_embedder, SIGLIP2),
    "siglip2 texts": (open_text_embedder, SIGLIP2),
    "minilm": (open_text_embedder, MINILM),
    "e5": (open_text_embedder, E5),
    "fastestdet": (open_object_finder, FASTESTDET),
    "labels": (lambda chosen: open_labeller(chosen, ["dog"]), SIGLIP2_LABELS),
}


@pytest.mark.parametrize(("opener", "engine"), OPENERS.values(), ids=OPENERS)
def test_weights_that_are_absent_are_named(
    opener: Callable[[EngineChoice], object], engine: Engine, tmp_path: Path
) -> None:
    with pytest.raises(EngineUnavailable, match="missing"):
        opener(choice(engine, tmp_path))


@pytest.mark.parametrize(("opener", "engine"), OPENERS.values(), ids=OPENERS)
def test_a_choice_without_a_folder_says_what_to_pull(opener: Callable[[EngineChoice], object], engine: Engine) -> None:
    with pytest.raises(EngineUnavailable, match=f"scenedex weights pull {engine.weights}"):
        opener(choice(engine))


@pytest.mark.parametrize(
    ("opener", "engine"),
    [*OPENERS.values(), (open_picture_embedder, MPEG7)],
    ids=[*OPENERS, "mpeg7"],
)
def test_another_version_is_refused(opener: Callable[[EngineChoice], object], engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(EngineUnavailable, match="No engine"):
        opener(choice(engine, tmp_path, version="999"))


@pytest.mark.parametrize(
    ("opener", "engine", "damaged"),
    [
        (open_picture_embedder, SIGLIP2, "vision_model.onnx"),
        (open_text_embedder, SIGLIP2, "text_model.onnx"),
        (open_text_embedder, SIGLIP2, "tokenizer.json"),
        (open_text_embedder, MINILM, "model_quantized.onnx"),
        (open_text_embedder, MINILM, "tokenizer.json"),
        (open_object_finder, FASTESTDET, "fastestdet-coco80.onnx"),
    ],
    ids=["pictures", "texts", "tokens of texts", "sentences", "tokens of sentences", "objects"],
)
def test_damaged_files_are_named(
    opener: Callable[[EngineChoice], object], engine: Engine, damaged: str, tmp_path: Path
) -> None:
    write_siglip(tmp_path / "siglip2-base")
    write_sentences(tmp_path / "all-minilm-l6-v2", has_token_types=True)
    write_fastestdet(tmp_path / "fastestdet-coco80")
    assert engine.weights is not None
    folder = tmp_path / engine.weights
    whole = (folder / damaged).read_bytes()
    (folder / damaged).write_bytes(whole[: len(whole) // 2])

    with pytest.raises(EngineUnavailable, match=damaged):
        opener(choice(engine, folder))


def test_the_network_of_another_engine_is_refused(tmp_path: Path) -> None:
    write_sentences(tmp_path, has_token_types=True)
    write_siglip(tmp_path / "siglip")
    (tmp_path / "model_quantized.onnx").write_bytes((tmp_path / "siglip" / "text_model.onnx").read_bytes())

    with pytest.raises(EngineUnavailable, match="another network"):
        open_text_embedder(choice(MINILM, tmp_path))


def test_queries_and_passages_get_the_prefixes_that_e5_was_trained_with(tmp_path: Path) -> None:
    write_sentences(tmp_path, has_token_types=False)
    with_prefixes = open_text_embedder(choice(E5, tmp_path))
    without = open_text_embedder(choice(MINILM, tmp_path))

    query, passage = with_prefixes.embed_query("dog"), with_prefixes.embed(["dog"])[0]

    assert query.tolist() == without.embed_query("query: dog").tolist()
    assert passage.tolist() == without.embed(["passage: dog"])[0].tolist()


def test_siglip_reads_capitals_as_small_letters_and_the_first_64_tokens(tmp_path: Path) -> None:
    texts = open_text_embedder(choice(SIGLIP2, write_siglip(tmp_path)))

    assert texts.embed_query("A DOG").tolist() == texts.embed_query("a dog").tolist()
    assert texts.embed_query("dog " * 63 + "cat").tolist() == texts.embed_query("dog " * 63).tolist()
