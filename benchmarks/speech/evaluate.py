"""Measure the speech of the product beside that of its library on files with known words.

    python benchmarks/speech/evaluate.py CORPUS --weights WEIGHTS/whisper-base
    python benchmarks/speech/evaluate.py CORPUS

The second form runs PocketSphinx. Each line has a kind of file, the share of wrong characters of the product and of
``faster_whisper`` on the whole file, the words in files without speech, and seconds of processor time per minute.
"""

from __future__ import annotations

import argparse
import io
import time
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, cast

import numpy as np
from corpus import RATE, read_clips
from faster_whisper import WhisperModel
from opencc import OpenCC
from rapidfuzz.distance import Levenshtein

from scenedex.analysis.stages.recording import Recording
from scenedex.analysis.stages.speech import transcribe
from scenedex.analysis.stages.voice import find_voice_regions
from scenedex.engines.engine import Engine, EngineContext
from scenedex.engines.speech import POCKETSPHINX
from scenedex.engines.speech.sphinx import SphinxRecogniser
from scenedex.engines.speech.whisper import WhisperRecogniser
from scenedex.engines.voice import SILERO
from scenedex.engines.voice.silero import SileroVoiceDetector

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from corpus import Clip
    from faster_whisper.transcribe import Segment, TranscriptionInfo
    from numpy.typing import NDArray

    from scenedex.engines.speech import SpokenLanguage

CODES: Final[Mapping[str, str | None]] = {
    "EN": "en",
    "KO": "ko",
    "JA": "ja",
    "ZH-CN": "zh",
    "ZH-TW": "zh",
    "ENKO": None,
}
SCRIPTS: Final = {"ZH-CN": "t2s", "ZH-TW": "s2tw"}


class Converter(Protocol):
    """OpenCC, which declares no types."""

    def convert(self, text: str) -> str:
        """Return the text in another script."""
        ...


class Library(Protocol):
    """The part of faster-whisper that is measured, which declares no types."""

    def transcribe(
        self, audio: NDArray[np.float32], *, language: str | None
    ) -> tuple[Iterable[Segment], TranscriptionInfo]:
        """Return the segments of a sound."""
        ...


@dataclass(slots=True)
class Score:
    """Sums over files of one kind."""

    characters: int = 0
    errors: int = 0
    invented: int = 0
    cpu: float = 0.0
    seconds: float = 0.0

    def add(self, clip: Clip, text: str, cpu: float) -> None:
        """Add a file."""
        spoken, heard = characters(clip.text), characters(text)
        self.cpu += cpu
        self.seconds += len(clip.samples) / RATE
        if spoken:
            self.characters += len(spoken)
            self.errors += Levenshtein.distance(spoken, heard)
        else:
            self.invented += len(text.split())

    def __str__(self) -> str:
        share = f"{self.errors / self.characters:6.1%}" if self.characters else "      "
        return f"{share} {self.invented:4} words {self.cpu / self.seconds * 60:5.1f} s/min"


def characters(text: str) -> str:
    """Return the letters and digits of a text without case and width."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return "".join(sign for sign in folded if unicodedata.category(sign)[0] in "LN")


def ours(weights: Path | None) -> Callable[[NDArray[np.int16], SpokenLanguage], str]:
    """Return a function that transcribes as an analysis does, on one thread."""
    if weights is None:
        recogniser = SphinxRecogniser(EngineContext(POCKETSPHINX))
    else:
        recogniser = WhisperRecogniser(EngineContext(Engine("whisper", "4", weights.name), weights, threads=1))
    detector = SileroVoiceDetector(EngineContext(SILERO))

    def heard(samples: NDArray[np.int16], language: SpokenLanguage) -> str:
        recording = Recording(io.BytesIO(samples.astype("<i2").tobytes()))
        regions = find_voice_regions(recording, detector, lambda _share, _done: None).regions
        result = transcribe(recording, regions, recogniser, language, lambda _share, _done: None)
        return " ".join(line.text for line in result.utterances)

    return heard


def library(weights: Path) -> Callable[[NDArray[np.int16], SpokenLanguage], str]:
    """Return a function that transcribes whole files by the library with its defaults, on one thread."""
    model = cast("Library", WhisperModel(str(weights), device="cpu", compute_type="int8", cpu_threads=1))

    def heard(samples: NDArray[np.int16], language: SpokenLanguage) -> str:
        segments, _ = model.transcribe(samples.astype(np.float32) / np.float32(32768), language=CODES[language])
        text = " ".join(segment.text.strip() for segment in segments)
        if language not in SCRIPTS:
            return text
        return cast("Converter", OpenCC(SCRIPTS[language])).convert(text)

    return heard


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--weights", type=Path)
    given = parser.parse_args()
    transcribers = {"scenedex": ours(given.weights)}
    if given.weights is not None:
        transcribers["library"] = library(given.weights)
    scores: defaultdict[str, dict[str, Score]] = defaultdict(lambda: {name: Score() for name in transcribers})
    for clip in read_clips(given.corpus):
        for name, transcriber in transcribers.items():
            begun = time.process_time()
            text = transcriber(clip.samples, clip.language)
            scores[clip.name.split("-")[0]][name].add(clip, text, time.process_time() - begun)
    for kind, by_name in scores.items():
        for name, score in by_name.items():
            print(f"{kind:8} {name:9} {score}")


if __name__ == "__main__":
    main()
