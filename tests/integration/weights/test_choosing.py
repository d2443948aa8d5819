from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any, get_args

import pytest

from scenedex.analysis.choosing import Chosen, EnginesInForce, NotAnalysed, choose
from scenedex.engines.catalog import CATALOG, Stage
from scenedex.engines.catalog.entries import Catalog
from scenedex.engines.embeddings import names as embeddings
from scenedex.engines.faces import names as faces
from scenedex.engines.keywords import names as keywords
from scenedex.engines.sounds import names as sounds
from scenedex.engines.speakers import names as speakers
from scenedex.engines.speech import names as speech
from scenedex.engines.text import names as text
from scenedex.settings import EngineSettings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# Weights of the system that runs the tests must not count.
OURS = Catalog(tuple(replace(entry, other_folders=()) for entry in CATALOG))
DOWNLOADED = [
    pytest.param(entry.id, use.stage.value, use.engine, id=f"{entry.id} for {use.stage}")
    for entry in CATALOG
    for use in entry.uses
]


def place(weights: Path, *ids: str) -> Path:
    """Files of the right sizes, without their bytes."""
    for identifier in ids:
        for file in CATALOG.entry(identifier).files:
            path = weights / identifier / file.name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as sparse:
                sparse.truncate(file.size_bytes)
    return weights


def chosen_from(
    weights: Path,
    language: str = "EN",
    *,
    wanted: dict[str, Any] | None = None,
    is_installed: Callable[[str], bool] = lambda _package: True,
) -> EnginesInForce:
    return choose(EngineSettings(**(wanted or {})), weights, language, catalog=OURS, is_installed=is_installed)


def names(engines: EnginesInForce) -> dict[str, str]:
    return {
        result.stage: result.choice.name if isinstance(result, Chosen) else f"→ {result.command}" for result in engines
    }


def test_without_downloads_the_bundled_engines_run_and_the_others_say_what_to_pull(tmp_path: Path) -> None:
    assert names(chosen_from(tmp_path)) == {
        "faces": "dlib-resnet",
        "text": "rapidocr",
        "korean": "→ scenedex weights pull ppocr-korean",
        "voice": "silero",
        "speech": "pocketsphinx",
        "speakers": "one-speaker",
        "sounds": "→ scenedex weights pull ced-tiny",
        "pictures": "mpeg7",
        "labels": "→ scenedex weights pull siglip2-base",
        "objects": "→ scenedex weights pull fastestdet-coco80",
        "meaning": "→ scenedex weights pull multilingual-e5-small",
    }


@pytest.mark.parametrize(("identifier", "stage", "engine"), DOWNLOADED)
def test_downloaded_weights_are_taken_by_the_engine_that_the_catalogue_names(
    identifier: str, stage: str, engine: str, tmp_path: Path
) -> None:
    results = {result.stage: result for result in chosen_from(place(tmp_path, identifier))}

    result = results["korean" if stage == "text" else stage]
    assert isinstance(result, Chosen)
    assert (result.choice.name, result.choice.weights) == (engine, identifier)
    assert result.choice.folder == str(tmp_path / identifier)
    assert result.better == ""


def test_a_bundled_engine_names_the_download_that_would_do_more(tmp_path: Path) -> None:
    engines = chosen_from(tmp_path)

    assert isinstance(engines.speech, Chosen)
    assert isinstance(engines.text, Chosen)
    assert engines.speech.better == "scenedex weights pull whisper-small"
    assert engines.speech.choice.folder is None
    assert engines.text.better == ""


@pytest.mark.parametrize(
    ("here", "taken"),
    [
        (("whisper-tiny", "whisper-medium", "whisper-small"), "whisper-small"),
        (("whisper-tiny", "whisper-medium"), "whisper-medium"),
        (("whisper-tiny", "whisper-base"), "whisper-base"),
    ],
)
def test_of_several_sizes_the_preferred_one_is_taken(here: tuple[str, ...], taken: str, tmp_path: Path) -> None:
    speech = chosen_from(place(tmp_path, *here), "KO").speech

    assert isinstance(speech, Chosen)
    assert speech.choice.weights == taken


@pytest.mark.parametrize("language", ["KO", "JA", "ZH-CN", "ZH-TW"])
def test_the_bundled_engine_of_speech_is_not_given_languages_that_it_does_not_know(
    language: str, tmp_path: Path
) -> None:
    assert chosen_from(tmp_path, language).speech == NotAnalysed(
        "speech", "the weights whisper-small are not there", "scenedex weights pull whisper-small"
    )
    named = chosen_from(tmp_path, language, wanted={"speech": "pocketsphinx"}).speech
    assert isinstance(named, NotAnalysed)
    assert language in named.reason


def test_english_and_korean_together_begin_with_english(tmp_path: Path) -> None:
    assert isinstance(chosen_from(tmp_path, "ENKO").speech, Chosen)


@pytest.mark.parametrize(
    ("stage", "wanted"),
    [
        (stage, wanted)
        for stage, field in EngineSettings.model_fields.items()
        for wanted in get_args(field.annotation)
        if wanted in {entry.id for entry in CATALOG}
    ],
)
def test_an_engine_that_is_named_is_never_replaced_by_another(stage: str, wanted: str, tmp_path: Path) -> None:
    result = getattr(chosen_from(tmp_path, wanted={stage: wanted}), stage)

    assert result == NotAnalysed(stage, f"the weights {wanted} are not there", f"scenedex weights pull {wanted}")


@pytest.mark.parametrize(
    ("stage", "wanted"),
    [("faces", "dlib"), ("speech", "pocketsphinx"), ("pictures", "mpeg7"), ("speakers", "one-speaker")],
)
def test_a_bundled_engine_that_is_named_wins_over_what_is_downloaded(stage: str, wanted: str, tmp_path: Path) -> None:
    place(tmp_path, "yunet-sface", "whisper-small", "siglip2-base", "wespeaker-resnet34")

    result = getattr(chosen_from(tmp_path, wanted={stage: wanted}), stage)

    assert isinstance(result, Chosen)
    assert (result.choice.folder, result.better) == (None, "")


@pytest.mark.parametrize(
    "stage",
    [stage for stage, field in EngineSettings.model_fields.items() if "off" in get_args(field.annotation)],
)
def test_a_stage_that_is_switched_off_says_how_to_switch_it_on(stage: str, tmp_path: Path) -> None:
    place(tmp_path, *(entry.id for entry in CATALOG))

    assert getattr(chosen_from(tmp_path, wanted={stage: "off"}), stage) == NotAnalysed(
        stage, "it is switched off", f"SCENEDEX_ENGINES_{stage.upper()}=auto"
    )


def test_korean_goes_with_text(tmp_path: Path) -> None:
    engines = chosen_from(place(tmp_path, "ppocr-korean"), wanted={"text": "off"})

    assert engines.korean == NotAnalysed("korean", "text on screen is not analysed", "SCENEDEX_ENGINES_TEXT=auto")


def test_a_package_that_is_missing_is_named(tmp_path: Path) -> None:
    engines = chosen_from(
        tmp_path, is_installed=lambda package: package not in {"dlib", "rapidocr"}, wanted={"faces": "dlib"}
    )

    assert engines.faces == NotAnalysed("faces", "the package dlib is not installed", "pip install dlib-bin")
    assert engines.text == NotAnalysed("text", "the package rapidocr is not installed", "pip install rapidocr")


def test_weights_of_the_system_count(tmp_path: Path) -> None:
    place(tmp_path / "system", "tesseract-korean")
    folder = tmp_path / "system" / "tesseract-korean"
    catalog = Catalog(
        tuple(
            replace(entry, other_folders=(str(folder),)) if entry.id == "tesseract-korean" else entry for entry in OURS
        )
    )

    korean = choose(EngineSettings(), tmp_path / "weights", "EN", catalog=catalog).korean

    assert isinstance(korean, Chosen)
    assert (korean.choice.weights, korean.choice.folder) == ("tesseract-korean", str(folder))


def test_choosing_loads_nothing_heavy() -> None:
    heavy = {
        "onnxruntime",
        "dlib",
        "cv2",
        "rapidocr",
        "faster_whisper",
        "ctranslate2",
        "pocketsphinx",
        "tesserocr",
        "httpx2",
    }
    program = "import sys, scenedex.analysis.choosing; print(*sys.modules)"

    loaded = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=60)

    assert heavy.isdisjoint(loaded.stdout.split())


def test_files_are_called_what_the_engines_look_for() -> None:
    looked_for = {
        "yunet-sface": {faces.YUNET_FILE, faces.SFACE_FILE},
        "ppocr-korean": {text.PPOCR_KOREAN_FILE},
        "tesseract-korean": {text.TESSERACT_KOREAN_FILE},
        "wespeaker-resnet34": {speakers.WESPEAKER_FILE},
        "ced-tiny": {sounds.CED_FILE, sounds.CED_LABELS},
        "siglip2-base": {embeddings.SIGLIP2_VISION_FILE, embeddings.SIGLIP2_TEXT_FILE, embeddings.TOKENIZER_FILE},
        "fastestdet-coco80": {keywords.FASTESTDET_FILE},
        "multilingual-e5-small": {embeddings.SENTENCE_FILE, embeddings.TOKENIZER_FILE},
        "all-minilm-l6-v2": {embeddings.SENTENCE_FILE, embeddings.TOKENIZER_FILE},
    }

    published = {entry.id: {file.name for file in entry.files} for entry in CATALOG}
    assert {identifier: published[identifier] for identifier in looked_for} == looked_for
    for entry in CATALOG.serving(Stage.SPEECH):
        assert published[entry.id] >= {*speech.WHISPER_FILES}
