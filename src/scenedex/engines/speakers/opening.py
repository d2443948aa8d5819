"""Loading the embedder that was chosen, and only that one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from scenedex.engines.engine import EngineChoice, EngineUnavailable
from scenedex.engines.speakers.names import WESPEAKER

if TYPE_CHECKING:
    from scenedex.engines.speakers.port import SpeakerEmbedder


def open_speakers(choice: EngineChoice, *, threads: int = 0) -> SpeakerEmbedder:
    """The chosen embedder; ``threads`` of 0 means as many as there are processors.

    Raises:
        EngineUnavailable: it is not known here, or its weights are missing or damaged.
    """
    if choice.engine != WESPEAKER:
        raise EngineUnavailable(
            f"No engine of speakers here is {choice.name}, version {choice.version}, with weights {choice.weights}."
        )
    if choice.folder is None:
        raise EngineUnavailable(
            f"The weights {choice.weights} are not here: run `scenedex weights pull {choice.weights}`."
        )
    from scenedex.engines.speakers.wespeaker import WespeakerEmbedder  # noqa: PLC0415  # loads what runs networks

    return WespeakerEmbedder(Path(choice.folder), threads=threads)
