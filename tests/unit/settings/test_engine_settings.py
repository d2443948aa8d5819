from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from scenedex.settings import EngineSettings, Settings


def test_confidence_levels_rise() -> None:
    assert EngineSettings(confidence_low=0.5, confidence_medium=0.5, confidence_high=0.9).confidence_high == 0.9
    with pytest.raises(ValidationError, match="must not fall"):
        EngineSettings(confidence_low=0.6, confidence_medium=0.5)


@pytest.mark.parametrize("address", ["mirror.example", "file:///weights", "ftp://mirror.example", ""])
def test_a_mirror_has_a_web_address(address: str) -> None:
    with pytest.raises(ValidationError, match="http:// or https://"):
        EngineSettings(weights_mirror=address)


def test_a_variable_sets_an_option_of_two_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCENEDEX_ENGINES_MEMORY_BYTES", str(1024**3))

    assert Settings().engines.memory_bytes == 1024**3


def test_weights_lie_in_the_data_folder_unless_a_folder_is_named() -> None:
    assert Settings(data_dir=Path("data"), weights=None).weights_folder == Path("data/weights").absolute()
    assert Settings(data_dir=Path("data"), weights=Path("~/w")).weights_folder == Path.home() / "w"


def test_weights_beside_the_data_folder_serve_until_it_has_its_own(tmp_path: Path) -> None:
    settings, beside = Settings(data_dir=tmp_path / "data", weights=None), tmp_path / "scenedex-weights"

    beside.mkdir()
    assert settings.weights_folder == beside
    (tmp_path / "data").mkdir()
    assert settings.weights_folder == beside
    (tmp_path / "data" / "weights").mkdir()
    assert settings.weights_folder == tmp_path / "data" / "weights"
