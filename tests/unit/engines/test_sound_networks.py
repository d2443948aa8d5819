"""Refusal of weights that are missing, damaged or of another network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engine_choices import choice_of
from networks_sounds import NAMES, write_ced, write_labels, write_wespeaker
from scenedex.engines.engine import EngineChoice, EngineUnavailable
from scenedex.engines.loader import open_engine
from scenedex.engines.sounds import CED, CED_FILE, CED_LABELS, SOUNDS, SoundKind
from scenedex.engines.sounds.ced import CLASSES
from scenedex.engines.speakers import SPEAKERS, WESPEAKER, WESPEAKER_FILE

if TYPE_CHECKING:
    from pathlib import Path


def speakers(folder: Path | None) -> EngineChoice:
    return choice_of(WESPEAKER, folder)


def sounds(folder: Path | None) -> EngineChoice:
    return choice_of(CED, folder)


def test_engines_say_what_they_are(tmp_path: Path) -> None:
    write_wespeaker(tmp_path)
    write_ced(tmp_path)

    assert open_engine(SPEAKERS, speakers(tmp_path)).engine == speakers(tmp_path).engine
    assert open_engine(SOUNDS, sounds(tmp_path)).engine == sounds(tmp_path).engine


def test_an_absent_folder_names_the_command_that_fetches_it() -> None:
    with pytest.raises(EngineUnavailable, match="scenedex weights pull wespeaker-resnet34"):
        open_engine(SPEAKERS, speakers(None))
    with pytest.raises(EngineUnavailable, match="scenedex weights pull ced-tiny"):
        open_engine(SOUNDS, sounds(None))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    write_labels(tmp_path)

    with pytest.raises(EngineUnavailable, match=WESPEAKER_FILE):
        open_engine(SPEAKERS, speakers(tmp_path))
    with pytest.raises(EngineUnavailable, match=CED_FILE):
        open_engine(SOUNDS, sounds(tmp_path))


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / WESPEAKER_FILE).write_bytes(b"no network")

    with pytest.raises(EngineUnavailable, match="scenedex weights verify"):
        open_engine(SPEAKERS, speakers(tmp_path))


def test_another_network_is_refused_with_what_it_takes(tmp_path: Path) -> None:
    write_wespeaker(tmp_path, input_name="wave")

    with pytest.raises(EngineUnavailable, match="takes wave"):
        open_engine(SPEAKERS, speakers(tmp_path))


def test_a_network_of_other_sizes_is_refused(tmp_path: Path) -> None:
    write_wespeaker(tmp_path, dimension=192)
    write_ced(tmp_path, bands=128)

    with pytest.raises(EngineUnavailable, match="192"):
        open_engine(SPEAKERS, speakers(tmp_path))
    with pytest.raises(EngineUnavailable, match="128"):
        open_engine(SOUNDS, sounds(tmp_path))


def test_labels_may_write_names_with_underscores_and_without_quotes(tmp_path: Path) -> None:
    write_ced(tmp_path)
    rows = [f"{n},/m/{n},{NAMES.get(n, f'Class {n}').replace(' ', '_')}" for n in range(527)]
    (tmp_path / CED_LABELS).write_text("\n".join(["index,mid,display_name", *rows]), encoding="utf-8")

    assert open_engine(SOUNDS, sounds(tmp_path)).engine.name == "ced"


def test_labels_without_a_class_that_is_listened_for_are_refused(tmp_path: Path) -> None:
    write_ced(tmp_path)
    write_labels(tmp_path, {n: name for n, name in NAMES.items() if name != "Giggle"})

    with pytest.raises(EngineUnavailable, match="no Giggle"):
        open_engine(SOUNDS, sounds(tmp_path))


def test_labels_of_another_number_are_refused(tmp_path: Path) -> None:
    write_ced(tmp_path)
    write_labels(tmp_path, count=521)

    with pytest.raises(EngineUnavailable, match="527 classes"):
        open_engine(SOUNDS, sounds(tmp_path))


def test_labels_that_are_no_table_are_refused(tmp_path: Path) -> None:
    write_ced(tmp_path)
    (tmp_path / CED_LABELS).write_text("header\nrow\n", encoding="utf-8")

    with pytest.raises(EngineUnavailable, match="scenedex weights verify"):
        open_engine(SOUNDS, sounds(tmp_path))


def test_every_kind_has_classes() -> None:
    assert set(CLASSES) == set(SoundKind)
