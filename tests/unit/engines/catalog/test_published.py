from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, get_args

import pytest

from scenedex.engines.catalog import CATALOG, Stage, UnknownWeights
from scenedex.settings import EngineSettings

if TYPE_CHECKING:
    from scenedex.engines.catalog import Entry

SHA256 = re.compile(r"[0-9a-f]{64}")
ENTRIES = [pytest.param(entry, id=entry.id) for entry in CATALOG]
SETTINGS = {
    Stage.FACES: "faces",
    Stage.TEXT: "korean",
    Stage.SPEECH: "speech",
    Stage.SPEAKERS: "speakers",
    Stage.SOUNDS: "sounds",
    Stage.PICTURES: "pictures",
    Stage.LABELS: "labels",
    Stage.OBJECTS: "objects",
    Stage.MEANING: "meaning",
}


def test_no_two_entries_share_an_id() -> None:
    ids = [entry.id for entry in CATALOG]

    assert len({*ids}) == len(ids)


@pytest.mark.parametrize("entry", ENTRIES)
def test_an_entry_can_be_pulled_and_checked(entry: Entry) -> None:
    names = [file.name for file in entry.files]

    assert len({*names}) == len(names) > 0
    assert "weights.json" not in names
    for file in entry.files:
        assert PurePosixPath(file.name).name == file.name
        assert file.url.startswith("https://")
        assert file.size_bytes > 0
        assert file.sha256 is None or SHA256.fullmatch(file.sha256)
    assert entry.licence
    assert entry.page.startswith("https://")
    assert re.fullmatch(r"[a-z0-9.-]+", entry.id)


@pytest.mark.parametrize("stage", Stage)
def test_a_stage_may_be_set_to_each_of_its_entries(stage: Stage) -> None:
    field = EngineSettings.model_fields[SETTINGS[stage]]

    assert {entry.id for entry in CATALOG.serving(stage)} <= {*get_args(field.annotation)}
    assert CATALOG.serving(stage)


@pytest.mark.parametrize("entry", ENTRIES)
def test_an_entry_is_found_by_its_id(entry: Entry) -> None:
    assert CATALOG.entry(entry.id) is entry


def test_an_id_that_is_unknown_is_named() -> None:
    with pytest.raises(UnknownWeights, match=r"'whisper-huge'.*scenedex weights list"):
        CATALOG.entry("whisper-huge")
