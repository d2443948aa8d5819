"""Loading the recogniser that was chosen, and only that one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from scenedex.engines.engine import EngineChoice, EngineUnavailable
from scenedex.engines.speech.names import POCKETSPHINX, is_whisper

if TYPE_CHECKING:
    from scenedex.engines.speech.port import Recogniser


def open_speech(choice: EngineChoice, *, threads: int = 0) -> Recogniser:
    """The chosen recogniser; ``threads`` of 0 means as many as there are processors.

    Raises:
        EngineUnavailable: it is not known here, or its weights are missing or damaged.
    """
    if choice.engine == POCKETSPHINX:
        from scenedex.engines.speech.sphinx import SphinxRecogniser  # noqa: PLC0415  # loads only what is chosen

        return SphinxRecogniser()
    if not is_whisper(choice.engine):
        raise EngineUnavailable(
            f"No engine of speech here is {choice.name}, version {choice.version}, with weights {choice.weights}."
        )
    if choice.folder is None:
        raise EngineUnavailable(
            f"The weights {choice.weights} are not here: run `scenedex weights pull {choice.weights}`."
        )
    from scenedex.engines.speech.whisper import WhisperRecogniser  # noqa: PLC0415  # loads only what is chosen

    return WhisperRecogniser(Path(choice.folder), choice.engine, threads=threads)
