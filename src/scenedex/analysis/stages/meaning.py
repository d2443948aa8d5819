"""Stage: vectors of texts, by what they mean.

Needs: no media; the texts are parameters, such as the words of each scene. Makes: a `MeaningResult`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from scenedex.analysis.stages.pictures import vector_bytes
from scenedex.engines.embeddings import MEANING
from scenedex.engines.engine import EngineChoice
from scenedex.engines.loader import open_engine

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scenedex.engines.embeddings import TextEmbedder
    from scenedex.media.opened import OpenedMedia

NAME: Final = "meaning"
NEEDS: Final = ("text", "speech")
PRODUCES: Final = ("text vectors",)
VERSION: Final = "1"


class MeaningOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Which texts are wanted as vectors of which embedder; 0 ``threads``: as many as there are cores."""

    choice: EngineChoice
    texts: tuple[str, ...]
    threads: int = 0


class MeaningResult(msgspec.Struct, frozen=True):
    """The unit vector of each text as little-endian float32, in their order; no bytes for a text that says nothing."""

    vectors: tuple[bytes, ...]


def run_meaning(opened: OpenedMedia, params: bytes) -> MeaningResult:
    """Embeds the texts; called in the child process, whose file is not looked at.

    Raises:
        EngineUnavailable: the engine cannot be loaded.
    """
    options = msgspec.json.decode(params, type=MeaningOptions)
    if not any(text.strip() for text in options.texts):
        return MeaningResult(tuple(b"" for _ in options.texts))
    embedder = open_engine(MEANING, options.choice, threads=options.threads)
    return read_texts(options.texts, embedder, report=opened.report)


def read_texts(texts: Sequence[str], embedder: TextEmbedder, *, report: Callable[[float, int], None]) -> MeaningResult:
    """Embeds the texts with an embedder that is loaded; ``report`` is told the share and number done."""
    vectors: list[bytes] = []
    for done, text in enumerate(texts, 1):
        vectors.append(vector_bytes(embedder.embed([text])[0]) if text.strip() else b"")
        report(done / len(texts), done)
    return MeaningResult(tuple(vectors))
