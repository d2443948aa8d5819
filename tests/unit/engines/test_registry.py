"""The registry of built-in engines."""

from __future__ import annotations

import importlib
import re
import sys
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import pytest

from scenedex.engines.catalog import WeightsError
from scenedex.engines.embeddings import MEANING, MPEG7, PICTURE_TEXTS, PICTURES
from scenedex.engines.engine import EngineUnavailable
from scenedex.engines.registry import EngineRegistry
from scenedex.engines.sounds import SOUNDS
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
    others = {"addresses", "vocabulary", "threads", "memory_bytes", "weights_mirror"}
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
    assert REGISTRY.entry(entry.id) is entry


def test_an_id_that_is_unknown_is_named() -> None:
    with pytest.raises(WeightsError, match=r"'whisper-huge'.*scenedex weights list"):
        REGISTRY.entry("whisper-huge")


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


PLUGIN = """
from dataclasses import replace

from scenedex.engines.catalog import Entry
from scenedex.engines.engine import Engine
from scenedex.engines.keywords import LABELS
from scenedex.engines.port import Port
from scenedex.engines.sounds import SOUNDS
from scenedex.engines.spec import EngineSpec

GOOD = EngineSpec(port=SOUNDS, engine=Engine("hums", "1"), factory="plugin_engines:open_hums")
WEIGHTS = Entry("ced-tiny", "others", "MIT", "https://example.org", ())
"""


def installed(folder: Path, monkeypatch: pytest.MonkeyPatch, *declarations: str) -> EngineRegistry:
    """The registry beside an installed package with these entry points."""
    metadata = folder / "plugin_engines-2.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: plugin-engines\nVersion: 2.0\n", encoding="utf-8")
    (folder / "plugin_engines.py").write_text(
        PLUGIN + "".join(f"\nSPEC_{number} = {text}" for number, text in enumerate(declarations)), encoding="utf-8"
    )
    points = "".join(f"spec{number} = plugin_engines:SPEC_{number}\n" for number in range(len(declarations)))
    (metadata / "entry_points.txt").write_text(f"[scenedex.engines]\n{points}", encoding="utf-8")
    monkeypatch.setattr(sys, "path", [str(folder), *sys.path])
    importlib.invalidate_caches()
    monkeypatch.delitem(sys.modules, "plugin_engines", raising=False)
    registry = EngineRegistry.installed()
    sys.modules.pop("plugin_engines", None)
    return registry


def test_an_engine_of_an_installed_package_is_preferred(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    registry = installed(tmp_path, monkeypatch, "GOOD")

    assert [spec.setting for spec in registry.specs(SOUNDS)] == ["hums", "ced-tiny"]
    assert registry.setting_choices(SOUNDS) == ("auto", "off", "hums", "ced-tiny")
    assert registry.rejected == ()


@pytest.mark.parametrize(
    ("declaration", "reason"),
    [
        ("'hums'", "is no EngineSpec and no tuple of them"),
        ("replace(GOOD, port=Port('smells', 'smells'))", "there is no port smells"),
        ("replace(GOOD, port=LABELS)", "the port labels takes no further engines"),
        ("replace(GOOD, factory='open_hums')", "is not written as package.module:function"),
        ("replace(GOOD, engine=Engine('two words', '1'))", "must be words without spaces"),
        ("replace(GOOD, alias='off')", "the setting sounds has the value off already"),
        ("replace(GOOD, engine=Engine('ced', '1', 'ced-tiny'), alias='mine')", "another engine of sounds"),
        ("replace(GOOD, weights=WEIGHTS, alias='hums')", "its weights are None, but its files belong to ced-tiny"),
        ("replace(GOOD, engine=Engine('hums', '1', 'ced-tiny'), weights=WEIGHTS, alias='hums')", "other weights"),
        ("1 / 0", "division by zero"),
    ],
)
def test_a_package_that_cannot_be_used_is_named_with_the_reason(
    declaration: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = installed(tmp_path, monkeypatch, declaration)

    assert registry.all_specs == EngineRegistry().all_specs
    (plugin,) = registry.rejected
    assert plugin.distribution == "plugin-engines 2.0"
    assert reason in plugin.reason


def test_of_two_entry_points_the_sound_one_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    registry = installed(tmp_path, monkeypatch, "GOOD", "(replace(GOOD, alias='other'), GOOD)")

    assert [spec.setting for spec in registry.specs(SOUNDS)] == ["hums", "ced-tiny"]
    assert len(registry.rejected) == 1
