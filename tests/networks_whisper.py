"""Tiny Whisper networks with random weights, in the layout of the downloads.

The vocabulary has the size and the special tokens of multilingual Whisper, since the library detects the type by both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np
from ctranslate2.specs.whisper_spec import WhisperSpec
from tokenizers import AddedToken, Tokenizer
from tokenizers.decoders import ByteLevel as ByteLevelDecoder
from tokenizers.models import BPE
from tokenizers.pre_tokenizers import ByteLevel

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_TEXT_TOKENS: Final = 50_257
_TIMESTAMPS: Final = 1_501
_LANGUAGE_CODES: Final = (
    "en zh de es ru ko fr ja pt tr pl ca nl ar sv it id hi fi vi he uk el ms cs ro da hu ta no th ur hr bg lt la mi ml "
    "cy sk te fa lv bn sr az sl kn et mk br eu is hy ne mn bs kk sq sw gl mr pa si km sn yo so af oc ka be tg sd gu am "
    "yi lo uz fo ht ps tk nn mt sa lb my bo tl mg as tt haw ln ha ba jw su"
)
_WIDTH: Final = 16
_EAGER_TO_END: Final = 7.0
_FRAMES: Final = 1_500
_POSITIONS: Final = 448
_COMMON: Final = (" the", " of", " and", " to", " in", " is", " that", " it", " was", " for")


def write_whisper(folder: Path, *, mels: int = 80, seed: int = 0) -> None:
    """Write ``model.bin``, ``config.json``, ``tokenizer.json`` and ``vocabulary.json``, with one layer and one head."""
    folder.mkdir(parents=True, exist_ok=True)
    tokens = _tokens()
    spec = cast("Any", WhisperSpec(1, 1, 1, 1))
    weights = np.random.default_rng(seed)
    _fill_encoder(spec.encoder, mels, weights)
    _fill_decoder(spec.decoder, len(tokens), weights)
    spec.register_vocabulary(tokens)
    spec.config.suppress_ids = [len(tokens) - _TIMESTAMPS - 1]
    spec.config.suppress_ids_begin = [_TEXT_TOKENS]
    spec.config.alignment_heads = [[0, 0]]
    spec.config.lang_ids = list(range(_TEXT_TOKENS + 2, _TEXT_TOKENS + 2 + len(_LANGUAGE_CODES.split())))
    spec.validate()
    spec.save(str(folder))
    _tokenizer(tokens).save(str(folder / "tokenizer.json"))


def _tokens() -> list[str]:
    """Return all tokens by number: bytes, some words, fillers, and the special tokens of Whisper."""
    alphabet = sorted(ByteLevel.alphabet())
    words = [word.replace(" ", "Ġ") for word in _COMMON]
    fillers = [f"Ġw{number}" for number in range(_TEXT_TOKENS - len(alphabet) - len(words) - 1)]
    languages = [f"<|{code}|>" for code in _LANGUAGE_CODES.split()]
    actions = ["translate", "transcribe", "startoflm", "startofprev", "nospeech", "notimestamps"]
    return [
        *alphabet,
        *words,
        *fillers,
        # The library detects the multilingual vocabulary by this token.
        "",
        "<|endoftext|>",
        "<|startoftranscript|>",
        *languages,
        *(f"<|{action}|>" for action in actions),
        *(f"<|{number * 0.02:.2f}|>" for number in range(_TIMESTAMPS)),
    ]


def _tokenizer(tokens: list[str]) -> Tokenizer:
    text = {token: number for number, token in enumerate(tokens[:_TEXT_TOKENS])}
    tokenizer = Tokenizer(BPE(vocab=text, merges=[]))
    tokenizer.pre_tokenizer = ByteLevel(add_prefix_space=False)
    tokenizer.decoder = ByteLevelDecoder()
    special = [AddedToken(token, special=True) for token in tokens[_TEXT_TOKENS:]]
    tokenizer.add_special_tokens(special)  # pyright: ignore[reportUnknownMemberType]  # its list is of anything
    return tokenizer


def _random(rng: np.random.Generator, *shape: int) -> NDArray[np.float32]:
    return rng.normal(0, 0.5, shape).astype(np.float32)


def _norm(spec: Any) -> None:
    spec.gamma, spec.beta = np.ones(_WIDTH, np.float32), np.zeros(_WIDTH, np.float32)


def _linear(spec: Any, rng: np.random.Generator, out: int, into: int) -> None:
    spec.weight, spec.bias = _random(rng, out, into), np.zeros(out, np.float32)


def _layer(spec: Any, rng: np.random.Generator) -> None:
    _norm(spec.self_attention.layer_norm)
    _linear(spec.self_attention.linear[0], rng, 3 * _WIDTH, _WIDTH)
    _linear(spec.self_attention.linear[1], rng, _WIDTH, _WIDTH)
    _norm(spec.ffn.layer_norm)
    _linear(spec.ffn.linear_0, rng, 4 * _WIDTH, _WIDTH)
    _linear(spec.ffn.linear_1, rng, _WIDTH, 4 * _WIDTH)


def _fill_encoder(spec: Any, mels: int, rng: np.random.Generator) -> None:
    spec.conv1.weight, spec.conv1.bias = _random(rng, _WIDTH, mels, 3), np.zeros(_WIDTH, np.float32)
    spec.conv2.weight, spec.conv2.bias = _random(rng, _WIDTH, _WIDTH, 3), np.zeros(_WIDTH, np.float32)
    spec.position_encodings.encodings = _random(rng, _FRAMES, _WIDTH)
    _norm(spec.layer_norm)
    _layer(spec.layer[0], rng)


def _fill_decoder(spec: Any, tokens: int, rng: np.random.Generator) -> None:
    spec.embeddings.weight = _random(rng, tokens, _WIDTH)
    spec.position_encodings.encodings = _random(rng, _POSITIONS, _WIDTH)
    _norm(spec.layer_norm)
    _layer(spec.layer[0], rng)
    attention = spec.layer[0].attention
    _norm(attention.layer_norm)
    _linear(attention.linear[0], rng, _WIDTH, _WIDTH)
    _linear(attention.linear[1], rng, 2 * _WIDTH, _WIDTH)
    _linear(attention.linear[2], rng, _WIDTH, _WIDTH)
    spec.projection.weight = spec.embeddings.weight
    # Otherwise its output has the maximum length.
    spec.projection.bias = np.zeros(tokens, np.float32)
    spec.projection.bias[_TEXT_TOKENS] = _EAGER_TO_END
