"""Voice activity by Silero's recurrent network, in steps of 32 ms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from scenedex.engines.engine import find_in_package
from scenedex.engines.networks import open_session
from scenedex.engines.voice.bandwidth import widened
from scenedex.engines.voice.port import SILERO
from scenedex.engines.voice.regions import voice_regions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from scenedex.engines.engine import EngineContext

_FILE: Final = "silero_vad_v6.onnx"
_STEP: Final = 512
_CONTEXT: Final = 64
_STEPS_AT_ONCE: Final = 512
_MEMORY: Final = (1, 1, 128)
_FULL_SCALE: Final = np.float32(32768)


class SileroVoiceDetector:
    """Silero's network of voice activity, on one thread, hundreds of times faster than real time."""

    def __init__(self, _context: EngineContext) -> None:
        self.engine: Final = SILERO
        missing = f"The network of voice activity ({_FILE}) is missing: install faster-whisper again."
        self._session = open_session(find_in_package("faster_whisper", f"assets/{_FILE}", missing), threads=1)

    def regions(self, chunks: Iterable[NDArray[np.int16]]) -> Sequence[tuple[int, int]]:
        """Return regions with speech."""
        likelihoods: list[NDArray[np.float32]] = []
        memory, cell = np.zeros(_MEMORY, np.float32), np.zeros(_MEMORY, np.float32)
        context = np.zeros(_CONTEXT, np.float32)
        samples = 0
        for block in _blocks(chunks):
            samples += len(block)
            heard = np.pad(block, (0, -len(block) % _STEP)).astype(np.float32) / _FULL_SCALE
            steps = widened(heard).reshape(-1, _STEP)
            # Each step is preceded by the end of the one before it.
            before = np.concatenate([context[None], steps[:-1, -_CONTEXT:]])
            values = {"input": np.concatenate([before, steps], axis=1), "h": memory, "c": cell}
            likely, memory, cell = self._session.run(["speech_probs", "hn", "cn"], values)
            context = steps[-1, -_CONTEXT:]
            likelihoods.append(likely.reshape(-1))
        if not likelihoods:
            return []
        return voice_regions(np.concatenate(likelihoods), _STEP, samples)


def _blocks(chunks: Iterable[NDArray[np.int16]]) -> Iterator[NDArray[np.int16]]:
    """Yield the samples in blocks of one length, the last one shorter, none empty."""
    wanted = _STEP * _STEPS_AT_ONCE
    held: list[NDArray[np.int16]] = []
    length = 0
    for chunk in chunks:
        held.append(chunk)
        length += len(chunk)
        if length >= wanted:
            joined = np.concatenate(held)
            whole = length - length % wanted
            for start in range(0, whole, wanted):
                yield joined[start : start + wanted]
            held, length = [joined[whole:]], length - whole
    if length:
        yield np.concatenate(held)
