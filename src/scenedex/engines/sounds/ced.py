"""Sounds by CED, a transformer for the 527 classes of AudioSet: mel bands in decibels in, probabilities out."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Final

import numpy as np

from scenedex.engines.engine import EngineUnavailable
from scenedex.engines.fbank import RATE, DecibelFilterBank
from scenedex.engines.networks import SoundNetwork
from scenedex.engines.sounds.port import CED, CED_FILE, CED_LABELS, SoundKind, WindowRefused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from scenedex.engines.engine import EngineContext

CLASSES: Final[Mapping[SoundKind, tuple[str, ...]]] = {
    SoundKind.APPLAUSE: ("Applause", "Clapping"),
    SoundKind.LAUGHTER: ("Laughter", "Baby laughter", "Giggle", "Snicker", "Belly laugh", "Chuckle, chortle"),
    SoundKind.BACKGROUND_MUSIC: ("Music", "Background music", "Theme music", "Soundtrack music"),
}
"""Classes of AudioSet for each kind. The most certain of them counts."""

BANDS: Final = 64
LABELS: Final = 527

_INDEX, _NAME = 0, 2
_SHORTEST: Final = RATE


class CedTagger:
    """Network as published in ONNX: ``feats`` of (1, 64, frames) to ``prob`` of (1, 527)."""

    def __init__(self, context: EngineContext) -> None:
        folder = context.weights_folder
        self.engine: Final = CED
        self.longest: Final = 10 * RATE
        self._places = _places(folder / CED_LABELS)
        self._filters = DecibelFilterBank(BANDS)
        self._network = SoundNetwork(
            folder / CED_FILE, takes=("feats", (1, BANDS, -1)), gives=("prob", (1, LABELS)), threads=context.threads
        )

    def tag(self, samples: NDArray[np.int16]) -> Mapping[SoundKind, float]:
        """Return the confidence of the most certain class of each kind."""
        if not 0 < len(samples) <= self.longest:
            raise WindowRefused
        # The network divides the bands into patches of 16 frames and needs at least one.
        filled = np.pad(samples, (0, max(0, _SHORTEST - len(samples))))
        heard = self._network(self._filters(filled)[None])[0]
        return {kind: float(heard[places].max().clip(0, 1)) for kind, places in self._places.items()}


def _places(labels: Path) -> Mapping[SoundKind, list[int]]:
    """Return the positions of the classes of each kind among the outputs, found by their names."""
    try:
        with labels.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))[1:]
        index_of = {_plain(",".join(row[_NAME:])): int(row[_INDEX]) for row in rows if row}
    except (OSError, ValueError, csv.Error) as error:
        raise EngineUnavailable(f"{labels.name} is damaged: scenedex weights verify") from error
    missing = [name for names in CLASSES.values() for name in names if _plain(name) not in index_of]
    if missing or sorted(index_of.values()) != list(range(LABELS)):
        raise EngineUnavailable(
            f"The labels {labels} are not the {LABELS} classes of AudioSet"
            f"{': no ' + ', '.join(missing) if missing else ''}. Pull them again."
        )
    return {kind: [index_of[_plain(name)] for name in names] for kind, names in CLASSES.items()}


def _plain(name: str) -> str:
    """Normalise a name, because editions of the label file differ in quotes and underscores."""
    return " ".join(name.replace("_", " ").casefold().split())
