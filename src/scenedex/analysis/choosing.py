"""Which engine runs each stage on this machine, or why none does and what would change it.

Asks only whether packages are installed and whether weights are there: nothing heavy is loaded.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from scenedex.engines.catalog import CATALOG, Stage, find
from scenedex.engines.embeddings.names import E5, MINILM, MPEG7, SIGLIP2
from scenedex.engines.engine import EngineChoice
from scenedex.engines.faces.names import DLIB, YUNET_SFACE
from scenedex.engines.keywords import bundled_vocabulary, read_vocabulary
from scenedex.engines.keywords.names import FASTESTDET, SIGLIP2_LABELS
from scenedex.engines.sounds.names import CED
from scenedex.engines.speakers.names import ONE_SPEAKER, WESPEAKER
from scenedex.engines.speech.names import POCKETSPHINX, POCKETSPHINX_LANGUAGES, whisper_engine
from scenedex.engines.text.names import PPOCR_KOREAN, RAPIDOCR, TESSERACT_KOREAN
from scenedex.engines.voice.names import SILERO

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from scenedex.engines.catalog.entries import Catalog
    from scenedex.engines.engine import Engine
    from scenedex.index.records import VectorSpace
    from scenedex.settings import EngineSettings

AUTO: Final = "auto"
OFF: Final = "off"


@dataclass(frozen=True, slots=True)
class Chosen:
    """An engine that is in force.

    Attributes:
        stage: what it does.
        choice: the engine, and where its weights lie.
        better: the command that would bring a more able one; empty where there is none, or this one was named.
    """

    stage: str
    choice: EngineChoice
    better: str = ""


@dataclass(frozen=True, slots=True)
class NotAnalysed:
    """A stage that no engine runs.

    Attributes:
        stage: what is not done.
        reason: why, in a few words.
        command: what would change it, to be typed as it is.
    """

    stage: str
    reason: str
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EnginesInForce:
    """The engine of every stage that has a choice."""

    faces: Chosen | NotAnalysed
    text: Chosen | NotAnalysed
    korean: Chosen | NotAnalysed
    voice: Chosen | NotAnalysed
    speech: Chosen | NotAnalysed
    speakers: Chosen | NotAnalysed
    sounds: Chosen | NotAnalysed
    pictures: Chosen | NotAnalysed
    labels: Chosen | NotAnalysed
    objects: Chosen | NotAnalysed
    meaning: Chosen | NotAnalysed

    def __iter__(self) -> Iterator[Chosen | NotAnalysed]:
        for field in fields(self):
            yield getattr(self, field.name)


@dataclass(frozen=True, slots=True)
class _Option:
    """One engine that a stage may run on, and what it needs.

    Attributes:
        engine: what it is; downloaded weights have the id of their entry in the catalogue.
        packages: what must be installed, by the name that is imported.
        setting: how the settings name it.
        is_downloaded: whether its weights are downloaded.
        languages: the languages of speech that it knows; None where it does not matter.
    """

    engine: Engine
    packages: tuple[str, ...]
    setting: str
    is_downloaded: bool = False
    languages: frozenset[str] | None = None


def _bundled(engine: Engine, *packages: str, setting: str = "", languages: frozenset[str] | None = None) -> _Option:
    return _Option(engine, packages, setting or engine.name, languages=languages)


def _downloaded(engine: Engine, *packages: str) -> _Option:
    return _Option(engine, packages, str(engine.weights), is_downloaded=True)


_DISTRIBUTIONS: Final = {
    "dlib": "dlib-bin",
    "face_recognition_models": "face-recognition-models",
    "faster_whisper": "faster-whisper",
}

# The options of each stage, the preferred one first.
_FACES: Final = (
    _downloaded(YUNET_SFACE, "onnxruntime"),
    _bundled(DLIB, "dlib", "face_recognition_models", setting="dlib"),
)
_TEXT: Final = (_bundled(RAPIDOCR, "rapidocr", "onnxruntime"),)
_KOREAN: Final = (_downloaded(PPOCR_KOREAN, "rapidocr", "onnxruntime"), _downloaded(TESSERACT_KOREAN, "tesserocr"))
_VOICE: Final = (_bundled(SILERO, "faster_whisper", "onnxruntime"),)
_SPEECH: Final = (
    *(_downloaded(whisper_engine(entry.id), "faster_whisper") for entry in CATALOG.serving(Stage.SPEECH)),
    _bundled(POCKETSPHINX, "pocketsphinx", languages=POCKETSPHINX_LANGUAGES),
)
_SPEAKERS: Final = (_downloaded(WESPEAKER, "onnxruntime"), _bundled(ONE_SPEAKER))
_SOUNDS: Final = (_downloaded(CED, "onnxruntime"),)
_PICTURES: Final = (_downloaded(SIGLIP2, "onnxruntime"), _bundled(MPEG7))
_LABELS: Final = (_downloaded(SIGLIP2_LABELS, "onnxruntime", "tokenizers"),)
_OBJECTS: Final = (_downloaded(FASTESTDET, "onnxruntime"),)
_MEANING: Final = (_downloaded(E5, "onnxruntime", "tokenizers"), _downloaded(MINILM, "onnxruntime", "tokenizers"))


def _is_installed(package: str) -> bool:
    return find_spec(package) is not None


def vocabulary_of(settings: EngineSettings) -> tuple[str, ...]:
    """The words that labels are chosen from.

    Raises:
        VocabularyUnreadable: the settings name a file that cannot be used.
    """
    return bundled_vocabulary() if settings.vocabulary is None else read_vocabulary(settings.vocabulary)


def choose(
    settings: EngineSettings,
    weights: Path,
    language: str,
    *,
    catalog: Catalog = CATALOG,
    is_installed: Callable[[str], bool] = _is_installed,
) -> EnginesInForce:
    """The engine of every stage.

    Args:
        settings: what the operator wants.
        weights: the folder of downloaded weights; need not exist.
        language: what is spoken, as an analysis names it.
        catalog: which weights there can be.
        is_installed: whether a package can be imported, by its name; must not import it.
    """
    machine = _Machine(weights, catalog, is_installed)
    written = machine.decide("text", settings.text, _TEXT)
    korean = machine.decide("korean", settings.korean, _KOREAN)
    if isinstance(written, NotAnalysed):
        korean = NotAnalysed("korean", "text on screen is not analysed", written.command)
    return EnginesInForce(
        faces=machine.decide("faces", settings.faces, _FACES),
        text=written,
        korean=korean,
        voice=machine.decide("voice", AUTO, _VOICE),
        speech=machine.decide("speech", settings.speech, _SPEECH, language),
        speakers=machine.decide("speakers", settings.speakers, _SPEAKERS),
        sounds=machine.decide("sounds", settings.sounds, _SOUNDS),
        pictures=machine.decide("pictures", settings.pictures, _PICTURES),
        labels=machine.decide("labels", settings.labels, _LABELS),
        objects=machine.decide("objects", settings.objects, _OBJECTS),
        meaning=machine.decide("meaning", settings.meaning, _MEANING),
    )


@dataclass(frozen=True, slots=True)
class _Machine:
    """What is on this machine."""

    weights: Path
    catalog: Catalog
    is_installed: Callable[[str], bool]

    def decide(self, stage: str, wanted: str, options: Sequence[_Option], language: str = "") -> Chosen | NotAnalysed:
        """The wanted option or none; of all options the first that can run, else what the preferred one lacks."""
        if wanted == OFF:
            return NotAnalysed(stage, "it is switched off", _setting(stage))
        tried = [self._try(stage, option, language) for option in options if wanted in {AUTO, option.setting}]
        found = next((result for result in tried if isinstance(result, Chosen)), tried[0])
        is_bundled = isinstance(found, Chosen) and found.choice.folder is None
        if is_bundled and wanted == AUTO and options[0].is_downloaded:
            return replace(found, better=_pulling(options[0].setting))
        return found

    def _try(self, stage: str, option: _Option, language: str) -> Chosen | NotAnalysed:
        """The option, or what stands in its way."""
        if option.languages is not None and language not in option.languages:
            return NotAnalysed(stage, f"{option.setting} does not know the language {language}", _setting(stage))
        for package in option.packages:
            if not self.is_installed(package):
                command = f"pip install {_DISTRIBUTIONS.get(package, package)}"
                return NotAnalysed(stage, f"the package {package} is not installed", command)
        engine, folder = option.engine, None
        if option.is_downloaded:
            folder = find(self.weights, self.catalog.entry(option.setting))
            if folder is None:
                return NotAnalysed(stage, f"the weights {option.setting} are not there", _pulling(option.setting))
        where = None if folder is None else str(folder)
        return Chosen(stage, EngineChoice(engine.name, engine.version, engine.weights, where))


def vector_engines(settings: EngineSettings, weights: Path) -> dict[VectorSpace, EngineChoice]:
    """The engine in force that makes the vectors of each space; none where no engine can run."""
    found = choose(settings, weights, "ENKO")
    in_force: dict[VectorSpace, Chosen | NotAnalysed] = {"PICTURE": found.pictures, "TEXT": found.meaning}
    return {space: one.choice for space, one in in_force.items() if isinstance(one, Chosen)}


def picture_engines(weights: Path) -> list[EngineChoice]:
    """All engines that can make vectors of pictures on this machine."""
    machine = _Machine(weights, CATALOG, _is_installed)
    tried = [machine.decide("pictures", option.setting, _PICTURES) for option in _PICTURES]
    return [one.choice for one in tried if isinstance(one, Chosen)]


def _pulling(identifier: str) -> str:
    return f"scenedex weights pull {identifier}"


def _setting(stage: str) -> str:
    return f"SCENEDEX_ENGINES_{stage.upper()}={AUTO}"
