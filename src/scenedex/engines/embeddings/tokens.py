"""Texts as the numbers that language networks read: the adapter to the tokenizer library."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from tokenizers import Tokenizer

from scenedex.engines.engine import EngineUnavailable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray


class Tokens:
    """A tokenizer of a file ``tokenizer.json``, with the special tokens that the file prescribes.

    Args:
        file: the tokenizer.
        longest: most tokens of one piece of text, special ones included.

    Raises:
        EngineUnavailable: there is no such file, or it is damaged.
    """

    def __init__(self, file: Path, *, longest: int) -> None:
        if not file.is_file():
            raise EngineUnavailable(f"{file.parent.name}/{file.name} is missing: scenedex weights pull")
        try:
            self._tokenizer = Tokenizer.from_file(str(file))
        except Exception as error:
            # The library raises plain exceptions.
            raise EngineUnavailable(f"{file.name} is damaged: scenedex weights verify") from error
        # Some files prescribe padding to a length that suits training.
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(max_length=longest)  # pyright: ignore[reportUnknownMemberType]  # its stub is partial

    def pieces(self, text: str, *, most: int) -> Sequence[NDArray[np.int64]]:
        """The numbers of the text, in at most ``most`` pieces, each with its special tokens; at least one piece."""
        whole = self._tokenizer.encode(text)
        return [np.array(piece.ids, np.int64) for piece in [whole, *whole.overflowing][:most]]
