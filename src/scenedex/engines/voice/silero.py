"""Voice activity by Silero's recurrent network, in steps of 32 ms."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

import numpy as np
import onnxruntime

from scenedex.engines.engine import EngineUnavailable
from scenedex.engines.voice.shaping import shape_regions
from scenedex.engines.voice.specs import SILERO

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from scenedex.engines.engine import EngineContext

_WHEEL: Final = "faster_whisper"
_FILE: Final = Path("assets", "silero_vad_v6.onnx")
_STEP: Final = 512
_CONTEXT: Final = 64
_STEPS_AT_ONCE: Final = 512
_MEMORY: Final = (1, 1, 128)
_FULL_SCALE: Final = np.float32(32768)
_ONLY_ERRORS = 3


class _Session(Protocol):
    def run(self, names: Sequence[str], values: Mapping[str, object]) -> Sequence[NDArray[np.float32]]: ...


class SileroVoiceDetector:
    """Silero's network of voice activity, on one thread, hundreds of times faster than real time.

    Raises:
        EngineUnavailable: its file is missing or damaged.
    """

    def __init__(self) -> None:
        self.engine: Final = SILERO
        self._session = _load(_network_file())

    def regions(self, chunks: Iterable[NDArray[np.int16]]) -> Sequence[tuple[int, int]]:
        """Return regions with speech."""
        likelihoods: list[NDArray[np.float32]] = []
        memory, cell = np.zeros(_MEMORY, np.float32), np.zeros(_MEMORY, np.float32)
        context = np.zeros(_CONTEXT, np.float32)
        samples = 0
        for block in _blocks(chunks):
            samples += len(block)
            heard = np.pad(block, (0, -len(block) % _STEP)).astype(np.float32) / _FULL_SCALE
            steps = heard.reshape(-1, _STEP)
            # Each step is preceded by the end of the one before it.
            before = np.concatenate([context[None], steps[:-1, -_CONTEXT:]])
            values = {"input": np.concatenate([before, steps], axis=1), "h": memory, "c": cell}
            likely, memory, cell = self._session.run(["speech_probs", "hn", "cn"], values)
            context = steps[-1, -_CONTEXT:]
            likelihoods.append(likely.reshape(-1))
        if not likelihoods:
            return []
        return shape_regions(np.concatenate(likelihoods), _STEP, samples)


def open_silero(_context: EngineContext) -> SileroVoiceDetector:
    """Open the engine."""
    return SileroVoiceDetector()


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


def _network_file() -> Path:
    """Return the file inside the wheel without importing its code, which the network does not need."""
    wheel = find_spec(_WHEEL)
    folders = [] if wheel is None else [Path(place) for place in wheel.submodule_search_locations or ()]
    for folder in folders:
        if (folder / _FILE).is_file():
            return folder / _FILE
    raise EngineUnavailable(f"The network of voice activity ({_FILE.name}) is missing: install faster-whisper again.")


def _load(path: Path) -> _Session:
    options = cast("Any", onnxruntime.SessionOptions())  # pyright: ignore[reportUnknownMemberType]  # the library is untyped
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = _ONLY_ERRORS
    try:
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # its errors share no other base
        raise EngineUnavailable(
            f"The network {path} cannot be loaded: install faster-whisper again. ({error})"
        ) from error
    return cast("_Session", session)
