from __future__ import annotations

import pytest
from typer.testing import CliRunner

from scenedex.cli import app
from scenedex.cli.folders import NoDataFolder
from scenedex.cli.setup_plan import FOUND, propose
from scenedex.engines.pace import REFERENCE_GFLOPS, measure_gflops, seconds_per_minute
from scenedex.engines.registry import EngineRegistry
from scenedex.engines.speech import SPEECH

REGISTRY = EngineRegistry()


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
    speech, speakers = propose(REGISTRY, ["ko", "ja"], [], gflops=gflops, cores=cores)

    assert speech.entry.id == expected
    assert speech.purpose == "speech: Korean, Japanese"
    assert (speech.alternative.id if speech.alternative else expected) == "whisper-base"
    assert speakers.entry.id == "wespeaker-resnet34"


def test_everything_that_is_asked_for_has_weights() -> None:
    proposals = propose(REGISTRY, [], list(FOUND), gflops=REFERENCE_GFLOPS, cores=2)

    assert [proposal.purpose for proposal in proposals] == [purpose for _, purpose in FOUND.values()]
    assert all(proposal.entry in REGISTRY.catalog for proposal in proposals)


def test_the_time_halves_on_twice_the_cores() -> None:
    base = next(spec for spec in REGISTRY.specs(SPEECH) if spec.setting == "whisper-base")

    alone = seconds_per_minute(base, gflops=REFERENCE_GFLOPS, cores=1)

    assert alone == base.seconds_per_minute
    assert alone == 2 * (seconds_per_minute(base, gflops=REFERENCE_GFLOPS, cores=2) or 0)
    assert measure_gflops() > 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--spoken", "none", "--found", "none"], "Nothing to download"),
        (["--spoken", "en,klingon", "--found", "none"], "'klingon' is none of en, ko, ja, zh, none"),
    ],
)
def test_answers_may_be_options(arguments: list[str], said: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = str(tmp_path_factory.mktemp("data"))

    assert said in " ".join(CliRunner().invoke(app, ["setup", "--data-dir", folder, *arguments]).output.split())


def test_nothing_is_downloaded_without_a_yes(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("data")

    asked = CliRunner().invoke(app, ["setup", "--data-dir", str(folder)], input="en\neffects\nn\n")

    assert asked.exit_code == 0
    assert "whisper-" in asked.output
    assert "Apache-2.0" in asked.output
    assert "s a minute" in asked.output
    assert list(folder.iterdir()) == []


def test_no_data_folder_is_made(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("setup") / "data"

    refused = CliRunner().invoke(app, ["setup", "--data-dir", str(folder), "--yes"])

    assert isinstance(refused.exception, NoDataFolder)
    assert str(folder) in str(refused.exception)
    assert not folder.exists()
