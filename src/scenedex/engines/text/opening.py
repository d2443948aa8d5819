"""Loading the reader that was chosen, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from scenedex.engines.engine import EngineUnavailable
from scenedex.engines.text.names import PPOCR_KOREAN, RAPIDOCR, TESSERACT_KOREAN

if TYPE_CHECKING:
    from scenedex.engines.engine import EngineChoice
    from scenedex.engines.text.port import KoreanReader, TextReader


def open_text(choice: EngineChoice, korean: EngineChoice | None = None, *, threads: int = 0) -> TextReader:
    """Loads a reader of text on screen.

    Args:
        choice: which one; its weights may be given as a folder in place of those inside the wheel.
        korean: what reads Korean for it, if anything shall.
        threads: that it may compute with; 0 means as many as there are processors.

    Raises:
        EngineUnavailable: there is no such engine in this version, or its weights are missing or damaged.
    """
    if choice.engine != RAPIDOCR:
        raise _unknown(choice)
    reader_of_korean = None if korean is None else _open_korean(korean, threads=threads)
    from scenedex.engines.text.networks import bundled_weights  # noqa: PLC0415  # heavy
    from scenedex.engines.text.ppocr import PpocrReader  # noqa: PLC0415  # heavy

    folder = bundled_weights() if choice.folder is None else Path(choice.folder)
    return PpocrReader(folder, reader_of_korean, threads=threads)


def _open_korean(choice: EngineChoice, *, threads: int) -> KoreanReader:
    if choice.engine not in {PPOCR_KOREAN, TESSERACT_KOREAN}:
        raise _unknown(choice)
    if choice.folder is None:
        raise EngineUnavailable(
            f"The weights {choice.weights} are not here: run `scenedex weights pull {choice.weights}`."
        )
    if choice.engine == PPOCR_KOREAN:
        from scenedex.engines.text.ppocr import PpocrKorean  # noqa: PLC0415  # heavy

        return PpocrKorean(Path(choice.folder), threads=threads)
    from scenedex.engines.text.tesseract import TesseractKorean  # noqa: PLC0415  # heavy

    return TesseractKorean(Path(choice.folder))


def _unknown(choice: EngineChoice) -> EngineUnavailable:
    return EngineUnavailable(
        f"No engine of text on screen here is {choice.name}, version {choice.version}, with weights {choice.weights}:"
        " run the same version of scenedex everywhere."
    )
