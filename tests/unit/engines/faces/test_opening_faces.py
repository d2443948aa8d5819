"""Choice of the face analyser, and errors if it cannot be loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engine_choices import choice_of
from networks_faces import write_face_networks, write_other_network
from scenedex.engines.engine import EngineChoice, EngineUnavailable
from scenedex.engines.faces import DLIB, FACES, SFACE_FILE, YUNET_FILE, YUNET_SFACE
from scenedex.engines.loader import open_engine

if TYPE_CHECKING:
    from pathlib import Path


def downloaded(folder: Path | None) -> EngineChoice:
    return choice_of(YUNET_SFACE, folder)


def test_the_choice_is_what_is_opened(tmp_path: Path) -> None:
    write_face_networks(tmp_path)

    assert open_engine(FACES, choice_of(DLIB)).engine == DLIB
    assert open_engine(FACES, downloaded(tmp_path)).engine == YUNET_SFACE


def test_weights_that_were_not_downloaded_are_named_with_the_command(tmp_path: Path) -> None:
    with pytest.raises(EngineUnavailable, match="scenedex weights pull yunet-sface"):
        open_engine(FACES, downloaded(None))
    with pytest.raises(EngineUnavailable, match=f"{YUNET_FILE} is missing"):
        open_engine(FACES, downloaded(tmp_path))


@pytest.mark.parametrize("name", [YUNET_FILE, SFACE_FILE])
def test_damaged_weights_are_named(name: str, tmp_path: Path) -> None:
    write_face_networks(tmp_path)
    (tmp_path / name).write_bytes(b"\x08\x07 no network")

    with pytest.raises(EngineUnavailable, match=f"{name} is damaged"):
        open_engine(FACES, downloaded(tmp_path))


@pytest.mark.parametrize("name", [YUNET_FILE, SFACE_FILE])
def test_another_network_under_the_name_is_noticed(name: str, tmp_path: Path) -> None:
    write_face_networks(tmp_path)
    write_other_network(tmp_path / name)

    with pytest.raises(EngineUnavailable, match=f"{name} is another network"):
        open_engine(FACES, downloaded(tmp_path))
