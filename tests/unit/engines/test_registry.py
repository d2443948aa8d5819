"""The registry of built-in engines."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import pytest

from scenedex.engines.catalog import UnknownWeights
from scenedex.engines.embeddings import MEANING, MPEG7, PICTURE_TEXTS, PICTURES
from scenedex.engines.engine import EngineUnavailable
from scenedex.engines.registry import EngineRegistry
from scenedex.settings import EngineSettings

if TYPE_CHECKING:
    from scenedex.engines.catalog import Entry
    from scenedex.engines.spec import EngineSpec

SHA256 = re.compile(r"[0-9a-f]{64}")
REGISTRY = EngineRegistry()
SPECS = [pytest.param(spec, id=f"{spec.port.name} by {spec.engine}") for spec in REGISTRY.all_specs]
ENTRIES = [pytest.param(entry, id=entry.id) for entry in REGISTRY.catalog]


def test_no_two_engines_of_a_port_share_an_identity_or_a_setting() -> None:
    for port in REGISTRY.ports:
        specs = REGISTRY.specs(port)
        assert len({spec.engine for spec in specs}) == len(specs)
        assert len({spec.setting for spec in specs}) == len(specs)


def test_every_port_has_an_engine() -> None:
    assert all(REGISTRY.specs(port) for port in REGISTRY.ports)


def test_every_setting_of_an_engine_belongs_to_a_port() -> None:
    others = {"vocabulary", "threads", "memory_bytes", "weights_mirror"}
    settings = {name for name in EngineSettings.model_fields if not name.startswith("confidence_")} - others

    assert settings == {port.name for port in REGISTRY.ports if port.has_choice} - {"voice"}


@pytest.mark.parametrize("spec", SPECS)
def test_what_is_declared_is_there(spec: EngineSpec) -> None:
    module = spec.factory.partition(":")[0]

    assert not module or find_spec(module) is not None
    assert all(find_spec(package) is not None for package in spec.packages)
    assert spec.weights is None or spec.weights.id == spec.engine.weights
    assert spec.licence


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


@pytest.mark.parametrize("entry", ENTRIES)
def test_an_entry_is_found_by_its_id(entry: Entry) -> None:
    assert REGISTRY.catalog.entry(entry.id) is entry


def test_an_id_that_is_unknown_is_named() -> None:
    with pytest.raises(UnknownWeights, match=r"'whisper-huge'.*scenedex weights list"):
        REGISTRY.catalog.entry("whisper-huge")


def test_the_engine_of_a_stored_result_is_found_by_its_identity() -> None:
    choice = REGISTRY.of_identity("mpeg7 1", Path("none"), MEANING, PICTURES)

    assert choice.engine == MPEG7


@pytest.mark.parametrize(
    ("identity", "reason"),
    [
        ("siglip2 1 siglip2-base", "The weights are missing: scenedex weights pull siglip2-base"),
        ("siglip2 1 siglip2-huge", "No weights of this version are called siglip2-huge."),
        ("siglip2 2 siglip2-base", "No engine of this version is siglip2 2 siglip2-base."),
    ],
)
def test_an_engine_that_cannot_be_loaded_says_why(identity: str, reason: str) -> None:
    with pytest.raises(EngineUnavailable, match=re.escape(reason)):
        REGISTRY.of_identity(identity, Path("none"), MEANING, PICTURE_TEXTS)
