"""Loading the tagger that was chosen, and only that one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from scenedex.engines.engine import EngineChoice, EngineUnavailable
from scenedex.engines.sounds.names import CED

if TYPE_CHECKING:
    from scenedex.engines.sounds.port import SoundTagger


def open_sounds(choice: EngineChoice, *, threads: int = 0) -> SoundTagger:
    """The chosen tagger; ``threads`` of 0 means as many as there are processors.

    Raises:
        EngineUnavailable: it is not known here, or its weights are missing or damaged.
    """
    if choice.engine != CED:
        raise EngineUnavailable(
            f"No engine of sounds here is {choice.name}, version {choice.version}, with weights {choice.weights}."
        )
    if choice.folder is None:
        raise EngineUnavailable(
            f"The weights {choice.weights} are not here: run `scenedex weights pull {choice.weights}`."
        )
    from scenedex.engines.sounds.ced import CedTagger  # noqa: PLC0415  # loads what runs networks

    return CedTagger(Path(choice.folder), threads=threads)
