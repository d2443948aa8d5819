"""Loading the embedder that was chosen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from scenedex.engines.embeddings.names import E5, MINILM, MPEG7, SIGLIP2
from scenedex.engines.engine import EngineUnavailable

if TYPE_CHECKING:
    from scenedex.engines.embeddings.port import PictureEmbedder, TextEmbedder
    from scenedex.engines.engine import EngineChoice


def open_picture_embedder(choice: EngineChoice, *, threads: int = 0) -> PictureEmbedder:
    """The embedder of pictures that was chosen; 0 threads: as many as there are cores.

    Raises:
        EngineUnavailable: it is unknown to this version, or its weights are missing or damaged.
    """
    if choice.engine == MPEG7:
        from scenedex.engines.embeddings.mpeg7 import Mpeg7Pictures  # noqa: PLC0415  # only what is used is loaded

        return Mpeg7Pictures()
    if choice.engine == SIGLIP2:
        from scenedex.engines.embeddings.siglip import SiglipPictures  # noqa: PLC0415  # as above

        return SiglipPictures(weights_folder(choice), threads=threads)
    raise unknown(choice, "embeds pictures")


def open_text_embedder(choice: EngineChoice, *, threads: int = 0) -> TextEmbedder:
    """The embedder of texts that was chosen; 0 threads: as many as there are cores.

    Raises:
        EngineUnavailable: it is unknown to this version, or its weights are missing or damaged.
    """
    if choice.engine == SIGLIP2:
        from scenedex.engines.embeddings.siglip import SiglipTexts  # noqa: PLC0415  # only what is used is loaded

        return SiglipTexts(weights_folder(choice), threads=threads)
    if choice.engine in (MINILM, E5):
        from scenedex.engines.embeddings import sentences  # noqa: PLC0415  # as above

        habits = sentences.MINILM_HABITS if choice.engine == MINILM else sentences.E5_HABITS
        return sentences.SentenceTexts(weights_folder(choice), habits, threads=threads)
    raise unknown(choice, "embeds texts")


def weights_folder(choice: EngineChoice) -> Path:
    """Where the weights of a downloaded engine lie.

    Raises:
        EngineUnavailable: the choice names no folder.
    """
    if choice.folder is None:
        raise EngineUnavailable(f"{choice.name} needs weights: run `scenedex weights pull {choice.weights}`.")
    return Path(choice.folder)


def unknown(choice: EngineChoice, verb: str) -> EngineUnavailable:
    """What to raise where no engine of this version has the name, version and weights that were chosen."""
    return EngineUnavailable(
        f"No engine of this version {verb} as {choice.name} {choice.version} with the weights {choice.weights}."
    )
