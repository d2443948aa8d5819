"""Whisper's network, with an encoder that is given little silence and whose last output is kept."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias, cast

import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.feature_extractor import FeatureExtractor

from scenedex.engines.engine import EngineUnavailable
from scenedex.engines.speech.port import WHISPER_FILES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from faster_whisper.tokenizer import Tokenizer
    from faster_whisper.transcribe import Segment, TranscriptionInfo, TranscriptionOptions
    from numpy.typing import NDArray

MAX_FRAMES: Final = 3_000
"""Maximum number of frames of a hundredth of a second that the network takes."""

_SILENCE: Final = 200
"""Frames of silence after a sound. Without any, the last word is often lost."""

_MIN_FRAMES: Final = 1_500
"""Minimum number of frames with the silence. Less has more wrong words."""

_MIN_FRAMES_OF_VOICE: Final = 1_000
"""Minimum number of frames with the silence that tell the language of a voice. Less is less sure of it."""

_TOKENS_PER_FRAME: Final = 0.06
_FURTHER_TOKENS: Final = 16

_TIMES: Final = 3
_LOOP: Final = 12

_NOTHING_SAID: Final = "nn"
"""Language that the network names for noise and silence: Norwegian Nynorsk."""

_VOCABULARIES: Final = ("vocabulary.txt", "vocabulary.json")

_LARGE_BYTES: Final = 200_000_000
"""Size of weights from which all threads are used. Those of tiny and base are smaller, those of small are not."""

Decoded: TypeAlias = tuple[Any, float, float, float]
"""A result of the library, its mean log probability, its temperature and its compression ratio."""


class SpeechNetwork(Protocol):
    """Part of faster-whisper that is used, which declares no types."""

    model: Any
    feature_extractor: FeatureExtractor

    def transcribe(self, audio: NDArray[np.float32], **options: object) -> tuple[Iterable[Segment], TranscriptionInfo]:
        """Return the segments of a sound."""
        ...

    def encode(self, features: NDArray[np.float32]) -> object:
        """Return the output of the encoder for the features of a sound."""
        ...

    def languages(self, sound: NDArray[np.float32], *, of_voice: bool = False) -> Mapping[str, float]:
        """Return the probability of each language in at most 30 s of sound, by its code.

        Args:
            sound: the sound.
            of_voice: whether its words are not asked for, so that less silence is enough.
        """
        ...


class _ShortWhisper(WhisperModel):
    """Network whose encoder gets a sound with 2 s of silence, and at least 15 s, instead of silence up to 30 s.

    Time and memory of the encoder grow with the square of the length. The words are the same: see the benchmark.
    """

    model: Any
    feature_extractor: FeatureExtractor
    max_length: int
    _encoded: tuple[NDArray[np.float32], object] | None = None

    def encode(self, features: NDArray[np.float32]) -> object:
        """Return the output of the encoder. The last one is kept, since the same sound is often asked for twice."""
        heard = _without_padding(features)
        if self._encoded is None or not np.array_equal(self._encoded[0], heard):
            self._encoded = heard, self._encode(heard, _MIN_FRAMES)
        return self._encoded[1]

    def _encode(self, heard: NDArray[np.float32], min_frames: int) -> object:
        return cast("Any", super()).encode(_with_silence(heard, min_frames))

    def generate_with_fallback(
        self, encoder_output: object, prompt: list[int], tokenizer: Tokenizer, options: TranscriptionOptions
    ) -> Decoded:
        """Return the tokens of a sound, see `decode_without_loops`."""
        by_library = cast("Any", super()).generate_with_fallback
        return decode_without_loops(
            lambda chosen: by_library(encoder_output, prompt, tokenizer, chosen),
            options,
            usual=usual_tokens(self._encoded[0].shape[1] if self._encoded else MAX_FRAMES),
            prompt_length=len(prompt),
            max_length=self.max_length,
            first_time=tokenizer.timestamp_begin,
        )

    def languages(self, sound: NDArray[np.float32], *, of_voice: bool = False) -> Mapping[str, float]:
        """See `SpeechNetwork`."""
        if not self.model.is_multilingual:
            return {"en": 1.0}
        frames = len(sound) // self.feature_extractor.hop_length
        features = self.feature_extractor(sound)[:, : min(frames, MAX_FRAMES)]
        encoded = self._encode(_without_padding(features), _MIN_FRAMES_OF_VOICE) if of_voice else self.encode(features)
        likely: list[tuple[str, float]]
        (likely,) = self.model.detect_language(encoded)
        chances = {token.strip("<|>"): probability for token, probability in likely}
        return {code: chance for code, chance in chances.items() if code != _NOTHING_SAID}


def decode_without_loops(
    decode: Callable[[TranscriptionOptions], Decoded],
    options: TranscriptionOptions,
    *,
    usual: int,
    prompt_length: int,
    max_length: int,
    first_time: int,
) -> Decoded:
    """Decode, and give up words that are repeated without end after as many tokens as are usual.

    Args:
        decode: decodes the sound with some options.
        options: those of the request.
        usual: number of tokens that is usual for the length of the sound.
        prompt_length: number of tokens of the prompt.
        max_length: twice the number of tokens that the network decodes at most.
        first_time: number of the first token that is a time.
    """
    # The library decodes at most half of the length that it is given.
    if 2 * usual >= max_length:
        return decode(options)
    limited = replace(options, max_new_tokens=2 * usual - prompt_length)
    found = decode(limited)
    result, _, temperature, _ = found
    if temperature > 0 or len(result.sequences_ids[0]) < usual:
        return found
    if not ends_in_loop([token for token in result.sequences_ids[0] if token < first_time]):
        return decode(options)
    others = options.temperatures[1:]
    return decode(replace(limited, temperatures=others)) if others else found


def usual_tokens(frames: int) -> int:
    """Return the number of tokens that the words of a sound of so many frames rarely exceed.

    Known words have up to 5.3 tokens per second of a clip, in English, Korean, Japanese and Chinese.
    """
    return _FURTHER_TOKENS + round(_TOKENS_PER_FRAME * frames)


def ends_in_loop(tokens: Sequence[int]) -> bool:
    """Return whether at least the last `_LOOP` tokens are a phrase that is said `_TIMES` times or more."""
    for length in range(1, len(tokens) // _TIMES + 1):
        tail = max(_TIMES * length, _LOOP)
        end = tokens[-tail:]
        if len(end) == tail and end[length:] == end[:-length]:
            return True
    return False


def _without_padding(features: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return features without the zeros that the library adds up to 30 s. Those of a sound are never all zero."""
    sound = np.flatnonzero(features.any(axis=0))
    return features[:, : int(sound[-1]) + 1 if len(sound) else 1]


def _with_silence(features: NDArray[np.float32], min_frames: int) -> NDArray[np.float32]:
    """Add silence of the value of the library, up to at least so many frames."""
    frames = features.shape[1]
    length = min(max(frames + _SILENCE, min_frames), MAX_FRAMES)
    return np.pad(features, ((0, 0), (0, length - frames)))


def load_network(folder: Path, threads: int) -> SpeechNetwork:
    """Load the weights in a folder, for a number of threads, of which small networks use half.

    Raises:
        EngineUnavailable: a file is missing or damaged.
    """
    missing = [name for name in WHISPER_FILES if not (folder / name).is_file()]
    if not any((folder / name).is_file() for name in _VOCABULARIES):
        missing.append(_VOCABULARIES[0])
    if missing:
        raise EngineUnavailable(f"The weights in {folder} lack {', '.join(missing)}. Pull them again.")
    if (folder / WHISPER_FILES[0]).stat().st_size < _LARGE_BYTES:
        # Threads of short steps mostly wait for one another.
        threads = (threads + 1) // 2
    try:
        loaded = _ShortWhisper(
            str(folder), device="cpu", compute_type="int8", cpu_threads=threads, num_workers=1, local_files_only=True
        )
    except Exception as error:  # the libraries below share no other base of errors
        raise EngineUnavailable(f"The weights {folder.name} are damaged: scenedex weights verify") from error
    network = cast("SpeechNetwork", loaded)
    # Large networks use more bands, and not every folder states it.
    network.feature_extractor = FeatureExtractor(feature_size=network.model.n_mels)
    return network
