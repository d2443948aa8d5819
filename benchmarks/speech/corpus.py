"""Write variants of clips with known words: joins, pauses, mixes with noise, telephone bands, clipped and quiet sound.

    python benchmarks/speech/corpus.py CLIPS CORPUS

CLIPS has sound files and ``truth.json``, a list of ``{"file", "language", "text"}``. The language is that of a request
(``EN``, ``KO``, ``JA``, ``ZH-CN``, ``ZH-TW``). A file without speech has an empty text. CORPUS gets WAV files and a
``truth.json`` of the same shape, with the kind of each variant as the start of its name.
"""

from __future__ import annotations

import argparse
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import av
import msgspec
import numpy as np
from av.audio.resampler import AudioResampler

from scenedex.engines.speech import SpokenLanguage

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

RATE: Final = 16_000
_HISS: Final = 8.0
_JOINED: Final = 10
_SNRS: Final = (10, 5)


class Truth(msgspec.Struct, frozen=True):
    """Row of ``truth.json``."""

    file: str
    language: SpokenLanguage
    text: str


@dataclass(frozen=True, slots=True)
class Clip:
    """Sound at `RATE` with the language and the words of its speech."""

    name: str
    samples: NDArray[np.int16]
    language: SpokenLanguage
    text: str


def read_clips(folder: Path) -> list[Clip]:
    """Read the files of ``truth.json`` in a folder."""
    rows = msgspec.json.decode((folder / "truth.json").read_bytes(), type=list[Truth])
    return [Clip(Path(row.file).stem, decoded(folder / row.file), row.language, row.text) for row in rows]


def decoded(path: Path) -> NDArray[np.int16]:
    """Return the sound of a file, mono at `RATE`."""
    resampler = AudioResampler(format="s16", layout="mono", rate=RATE)
    with av.open(path) as file:
        frames = [mono for frame in file.decode(audio=0) for mono in resampler.resample(frame)]
    frames += resampler.resample(None)
    return np.concatenate([cast("NDArray[np.int16]", frame.to_ndarray()[0]) for frame in frames])


def variants(clips: Sequence[Clip]) -> Iterator[Clip]:
    """Yield the clips and their variants."""
    random = np.random.default_rng(7)
    spoken = [clip for clip in clips if clip.text]
    noises = [clip for clip in clips if not clip.text]
    yield from (Clip(f"{'clip' if clip.text else 'noise'}-{clip.name}", *_rest(clip)) for clip in clips)
    for language in sorted({clip.language for clip in spoken}):
        members = [clip for clip in spoken if clip.language == language]
        for start in range(0, len(members), _JOINED):
            part = members[start : start + _JOINED]
            yield _joined(f"call-{language}-{start}", part, random.uniform(0.2, 3, len(part)).tolist(), random)
    english, korean = ([clip for clip in spoken if clip.language == code] for code in ("EN", "KO"))
    for number, pair in enumerate(zip(english, korean, strict=False)):
        both = _joined(f"enko-{number}", [*pair, *pair], random.uniform(0.3, 1.5, 4).tolist(), random)
        yield Clip(both.name, both.samples, "ENKO", both.text)
    for number, clip in enumerate(spoken):
        yield _joined(f"gaps-{clip.name}", [clip, clip], [40.0, 12.0], random)
        yield Clip(f"phone-{clip.name}", _band(clip.samples), clip.language, clip.text)
        yield Clip(f"loud-{clip.name}", _scaled(clip.samples, 120_000), clip.language, clip.text)
        yield Clip(f"quiet-{clip.name}", _scaled(clip.samples, 300), clip.language, clip.text)
        for ratio in _SNRS if noises else ():
            mixed = _mixed(clip.samples, noises[number % len(noises)].samples, ratio)
            yield Clip(f"mix{ratio}-{clip.name}", mixed, clip.language, clip.text)


def _rest(clip: Clip) -> tuple[NDArray[np.int16], SpokenLanguage, str]:
    return clip.samples, clip.language, clip.text


def _joined(name: str, clips: Sequence[Clip], pauses: Sequence[float], random: np.random.Generator) -> Clip:
    """Return clips one after another with faint noise after each."""
    parts: list[NDArray[np.int16]] = []
    for clip, pause in zip(clips, pauses, strict=True):
        parts += [clip.samples, random.normal(0, _HISS, round(pause * RATE)).astype(np.int16)]
    return Clip(name, np.concatenate(parts), clips[0].language, " ".join(clip.text for clip in clips))


def _band(samples: NDArray[np.int16]) -> NDArray[np.int16]:
    spectrum = np.fft.rfft(samples.astype(np.float64))
    hertz = np.fft.rfftfreq(len(samples), 1 / RATE)
    spectrum[(hertz < 300) | (hertz > 3_400)] = 0  # the band of a telephone
    return np.clip(np.fft.irfft(spectrum, len(samples)), -32768, 32767).astype(np.int16)


def _scaled(samples: NDArray[np.int16], peak: float) -> NDArray[np.int16]:
    values = samples.astype(np.float64)
    return np.clip(values * peak / max(float(np.abs(values).max()), 1), -32768, 32767).astype(np.int16)


def _mixed(speech: NDArray[np.int16], noise: NDArray[np.int16], decibels: float) -> NDArray[np.int16]:
    """Return speech with noise that is so many decibels quieter."""
    spoken, other = speech.astype(np.float64), np.resize(noise, len(speech)).astype(np.float64)
    loudness = [float(np.sqrt((values**2).mean())) + 1e-9 for values in (spoken, other)]
    return np.clip(spoken + other * loudness[0] / loudness[1] / 10 ** (decibels / 20), -32768, 32767).astype(np.int16)


def main() -> None:
    """Write the corpus."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clips", type=Path)
    parser.add_argument("corpus", type=Path)
    given = parser.parse_args()
    given.corpus.mkdir(parents=True, exist_ok=True)
    rows: list[Truth] = []
    for clip in variants(read_clips(given.clips)):
        with wave.open(str(given.corpus / f"{clip.name}.wav"), "wb") as file:
            file.setparams((1, 2, RATE, 0, "NONE", ""))
            file.writeframes(clip.samples.astype("<i2").tobytes())
        rows.append(Truth(f"{clip.name}.wav", clip.language, clip.text))
    (given.corpus / "truth.json").write_bytes(msgspec.json.format(msgspec.json.encode(rows)))


if __name__ == "__main__":
    main()
