from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import typer
from typer.testing import CliRunner

from scenedex.cli import app
from scenedex.cli.answers import names_typed
from scenedex.cli.setup_plan import FOUND, SPOKEN, propose
from scenedex.engines.pace import REFERENCE_GFLOPS, measure_gflops, seconds_per_minute
from scenedex.engines.registry import EngineRegistry
from scenedex.engines.speech import SPEECH

if TYPE_CHECKING:
    from typer.testing import Result

    from scenedex.engines.catalog import Entry

REGISTRY = EngineRegistry()


@pytest.fixture(autouse=True)
def no_server_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("SCENEDEX_WEIGHTS", raising=False)


def everywhere(entry: Entry) -> bool:
    return bool(entry)


def in_packages(entry: Entry) -> bool:
    return bool(entry.packages)


def run(*arguments: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(app, ["setup", *arguments], input=typed)


@pytest.mark.parametrize(
    ("cores", "gflops", "expected"),
    [
        (2, REFERENCE_GFLOPS, "whisper-small"),
        (16, REFERENCE_GFLOPS, "whisper-large-v3-turbo"),
        (1, REFERENCE_GFLOPS / 3, "whisper-base"),
        (1, REFERENCE_GFLOPS / 100, "whisper-tiny"),
    ],
)
def test_speech_gets_the_most_able_network_that_is_fast_enough_here(cores: int, gflops: float, expected: str) -> None:
    speech, speakers = propose(REGISTRY, ["ko", "ja"], [], gflops=gflops, cores=cores, is_available=everywhere)

    assert speech.entry.id == expected
    assert speech.purpose == "speech: Korean, Japanese"
    assert (speech.alternative.id if speech.alternative else expected) == "whisper-base"
    assert speakers.entry.id == "wespeaker-resnet34"


def test_everything_that_is_asked_for_has_weights() -> None:
    proposals = propose(REGISTRY, [], list(FOUND), gflops=REFERENCE_GFLOPS, cores=2, is_available=everywhere)

    assert [proposal.purpose for proposal in proposals] == [purpose for _, purpose in FOUND.values()]
    assert all(proposal.entry in REGISTRY.catalog for proposal in proposals)


def test_the_time_halves_on_twice_the_cores() -> None:
    base = next(spec for spec in REGISTRY.specs(SPEECH) if spec.setting == "whisper-base")

    alone = seconds_per_minute(base, gflops=REFERENCE_GFLOPS, cores=1)

    assert alone == base.seconds_per_minute
    assert alone == 2 * (seconds_per_minute(base, gflops=REFERENCE_GFLOPS, cores=2) or 0)
    assert measure_gflops() > 0


def test_speech_gets_a_network_that_can_be_had() -> None:
    speech, speakers = propose(REGISTRY, ["en"], [], gflops=REFERENCE_GFLOPS, cores=16, is_available=in_packages)

    assert (speech.entry.id, speech.is_available) == ("whisper-base", True)
    assert not speakers.is_available


@pytest.mark.parametrize("text", ["ko,ja", "KO,JA", "ko ja", "Korean, japanese", " korean;JA ", "ja ko ko"])
def test_languages_are_typed_as_names_or_codes(text: str) -> None:
    assert names_typed(text, SPOKEN) == ["ko", "ja"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("en,klingon", "'klingon' is none of en, ko, ja, zh, none"),
        ("en none", "'none' excludes all other names"),
        (" , ", "it is empty"),
    ],
)
def test_other_words_are_refused(text: str, said: str) -> None:
    with pytest.raises(typer.BadParameter, match=said):
        names_typed(text, SPOKEN)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--spoken", "none", "--found", "None"], "Nothing to download"),
        (["--spoken", "en,klingon", "--found", "none"], "--spoken: 'klingon' is none of en, ko, ja, zh, none"),
    ],
)
def test_answers_may_be_options(arguments: list[str], said: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = str(tmp_path_factory.mktemp("data"))

    assert said in _words(run("--data-dir", folder, *arguments).output)


def test_nothing_is_downloaded_without_a_yes(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("data")

    asked = run("--data-dir", str(folder), typed="en\neffects\nn\n")

    assert asked.exit_code == 0
    assert "whisper-base" in asked.output
    assert "MIT" in asked.output
    assert "s a minute" in asked.output
    assert "Not available: ced-tiny (applause and laughter)" in asked.output
    assert list(folder.iterdir()) == []


def test_a_wrong_answer_is_asked_for_again(tmp_path_factory: pytest.TempPathFactory) -> None:
    asked = run("--data-dir", str(tmp_path_factory.mktemp("data")), typed="klingon\nnone\nnone\n")

    assert asked.exit_code == 0
    assert "Error: 'klingon' is none of" in asked.output
    assert "Nothing to download" in asked.output


@pytest.mark.parametrize("answers", [[], ["--spoken", "en"], ["--spoken", "en", "--found", "none"]])
def test_without_a_terminal_the_options_that_answer_are_named(
    answers: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    refused = run("--data-dir", str(tmp_path_factory.mktemp("data")), *answers)

    assert refused.exit_code == 2
    assert "Answer with --spoken NAMES, --found NAMES and --yes" in _words(refused.output)
    assert "Aborted" not in refused.output


def test_what_cannot_be_had_is_named_and_fails(tmp_path_factory: pytest.TempPathFactory) -> None:
    refused = run("--data-dir", str(tmp_path_factory.mktemp("data")), "--spoken", "none", "--found", "effects", "--yes")

    assert refused.exit_code == 1
    assert "Not available: ced-tiny (applause and laughter): no source of it answers" in refused.output


def test_no_data_folder_is_made(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("setup") / "data"

    asked = run("--data-dir", str(folder), "--found", "none", typed="en\nn\n")

    assert str(folder.with_name("scenedex-weights")) in _words(asked.output)
    assert list(folder.parent.iterdir()) == []


def _words(output: str) -> str:
    """Return output without the lines of its box."""
    return " ".join(output.replace("│", " ").split())
