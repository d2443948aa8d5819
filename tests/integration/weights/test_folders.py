from __future__ import annotations

import dataclasses
import hashlib
from typing import TYPE_CHECKING

import pytest

from scenedex.engines.catalog import find
from scenedex.engines.catalog.checking import RECEIPT_NAME, Receipt, Soundness, check, read_receipt, write_receipt
from scenedex.engines.catalog.entries import Content, Entry, WeightFile, find_partial

if TYPE_CHECKING:
    from pathlib import Path

MODEL, LABELS = b"model" * 1000, b"labels"


def file(name: str, data: bytes, *, is_checksum_known: bool = True) -> WeightFile:
    sha256 = hashlib.sha256(data).hexdigest() if is_checksum_known else None
    return WeightFile(name, f"https://example.org/{name}", len(data), sha256)


TOY = Entry(
    "toy", "for tests", "CC0-1.0", "https://example.org", (file("model.onnx", MODEL), file("labels.csv", LABELS))
)


def put(folder: Path, **files: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name.replace("_", ".")).write_bytes(data)
    return folder


def states(entry: Entry, folder: Path) -> list[Soundness]:
    return list(check(entry, folder, lambda _bytes: None).values())


def test_weights_are_found_in_the_folder_of_their_id(tmp_path: Path) -> None:
    folder = put(tmp_path / "toy", model_onnx=MODEL, labels_csv=LABELS)

    assert find(tmp_path, TOY) == folder


@pytest.mark.parametrize("other", [".", "Toy-V2", "{absolute}"])
def test_weights_are_found_where_else_they_may_lie(other: str, tmp_path: Path) -> None:
    entry = dataclasses.replace(TOY, other_folders=(other.format(absolute=tmp_path / "elsewhere"),))
    folder = put(tmp_path / "weights" / entry.other_folders[0], model_onnx=MODEL, labels_csv=LABELS)

    assert find(tmp_path / "weights", entry) == folder
    assert find(tmp_path / "weights", TOY) is None


@pytest.mark.parametrize(
    "files",
    [{}, {"model_onnx": MODEL}, {"model_onnx": MODEL, "labels_csv": LABELS[:-1]}],
    ids=["none", "one of two", "one too small"],
)
def test_weights_that_are_not_whole_are_not_found(files: dict[str, bytes], tmp_path: Path) -> None:
    put(tmp_path / "toy", **files)

    assert find(tmp_path, TOY) is None
    assert (find_partial(tmp_path, TOY) is not None) == bool(files)


def test_a_weights_folder_that_is_missing_or_no_folder_has_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")

    assert find(tmp_path / "absent", TOY) is None
    assert find(tmp_path / "file", TOY) is None


def test_sound_files_are_as_published(tmp_path: Path) -> None:
    folder = put(tmp_path, model_onnx=MODEL, labels_csv=LABELS)

    assert states(TOY, folder) == [Soundness.PUBLISHED, Soundness.PUBLISHED]


def test_another_published_build_is_as_good(tmp_path: Path) -> None:
    other = b"another build"
    also = (Content(len(other), hashlib.sha256(other).hexdigest()),)
    entry = dataclasses.replace(TOY, files=(dataclasses.replace(TOY.files[0], also=also),))
    folder = put(tmp_path / "toy", model_onnx=other)

    assert find(tmp_path, entry) == folder
    assert states(entry, folder) == [Soundness.PUBLISHED]


def test_other_bytes_of_the_same_size_are_damage(tmp_path: Path) -> None:
    folder = put(tmp_path / "toy", model_onnx=b"x" * len(MODEL), labels_csv=LABELS)

    assert find(tmp_path, TOY) == folder
    assert states(TOY, folder) == [Soundness.DAMAGED, Soundness.PUBLISHED]


def test_a_wrong_size_is_damage_and_an_absent_file_is_missing(tmp_path: Path) -> None:
    assert states(TOY, put(tmp_path, model_onnx=MODEL[1:])) == [Soundness.DAMAGED, Soundness.MISSING]


@pytest.mark.parametrize(
    ("written", "expected"),
    [(None, Soundness.UNKNOWN), (LABELS, Soundness.PULLED), (b"others", Soundness.DAMAGED)],
    ids=["nothing", "the same", "others"],
)
def test_without_a_published_checksum_the_pulled_one_counts(
    written: bytes | None, expected: Soundness, tmp_path: Path
) -> None:
    entry = dataclasses.replace(TOY, files=(file("labels.csv", LABELS, is_checksum_known=False),))
    folder = put(tmp_path, labels_csv=LABELS)
    if written is not None:
        content = Content(len(written), hashlib.sha256(written).hexdigest())
        write_receipt(folder, Receipt(id="toy", files={"labels.csv": content}))

    assert states(entry, folder) == [expected]


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b'{"id": "another", "files": {}}'])
def test_a_receipt_that_cannot_be_read_says_nothing(text: bytes, tmp_path: Path) -> None:
    (tmp_path / RECEIPT_NAME).write_bytes(text)

    assert read_receipt(tmp_path, "toy") == Receipt(id="toy", files={})
