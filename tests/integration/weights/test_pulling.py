from __future__ import annotations

import fcntl
import itertools
import socket
from typing import TYPE_CHECKING

import httpx2
import pytest

from scenedex.engines.catalog import WeightsError, find
from scenedex.engines.catalog.checking import RECEIPT_NAME, read_receipt
from scenedex.engines.catalog.downloading import TRIES
from scenedex.engines.catalog.entries import Content, WeightFile
from scenedex.engines.catalog.pulling import HttpSource, pull
from weights_server import Publisher, published

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from pathlib import Path

    from scenedex.engines.catalog.entries import Entry

MODEL = bytes(range(256)) * 12_000
LABELS = b"applause\nlaughter\n"
PATH = "/toy/model.onnx"


@pytest.fixture
def publisher() -> Generator[Publisher]:
    with published(Publisher({PATH: MODEL, "/toy/labels.csv": LABELS})) as running:
        yield running


@pytest.fixture
def toy(publisher: Publisher) -> Entry:
    return publisher.entry("toy", "model.onnx", "labels.csv")


@pytest.fixture
def http() -> Generator[httpx2.Client]:
    with httpx2.Client(follow_redirects=True, trust_env=False, timeout=60) as client:
        yield client


class Puller:
    """Puller that records its pauses, instead of waiting, and the bytes counted."""

    def __init__(self, http: httpx2.Client, weights: Path, mirror: str | None = None) -> None:
        self.pauses: list[float] = []
        self.counted: list[int] = []
        self.weights = weights
        self.sources = [HttpSource(http, mirror, self.pauses.append)]

    def pull(self, entry: Entry) -> Path:
        return pull(entry, self.weights, self.sources, self.counted.append)


@pytest.fixture
def puller(http: httpx2.Client, tmp_path: Path) -> Puller:
    return Puller(http, tmp_path / "weights")


def contents(folder: Path) -> Mapping[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.name not in {".lock", RECEIPT_NAME}}


def test_all_files_arrive_under_their_names(puller: Puller, toy: Entry) -> None:
    folder = puller.pull(toy)

    assert folder == puller.weights / "toy"
    assert contents(folder) == {"model.onnx": MODEL, "labels.csv": LABELS}
    assert find(puller.weights, toy) == folder


def test_progress_adds_up_to_the_size_of_the_entry(puller: Puller, toy: Entry, publisher: Publisher) -> None:
    publisher.cuts = [100_000, 5]
    publisher.knows_ranges = False

    puller.pull(toy)

    heights = [*itertools.accumulate(puller.counted)]
    assert heights[-1] == toy.size_bytes
    assert max(heights) == toy.size_bytes
    assert min(heights) >= 0


def test_what_is_there_is_not_asked_for_again(puller: Puller, toy: Entry, publisher: Publisher) -> None:
    puller.pull(toy)
    publisher.asked.clear()
    puller.counted.clear()

    puller.pull(toy)

    assert publisher.asked == []
    assert sum(puller.counted) == toy.size_bytes


def test_a_damaged_file_is_brought_again(puller: Puller, toy: Entry, publisher: Publisher) -> None:
    folder = puller.pull(toy)
    (folder / "model.onnx").write_bytes(bytes(len(MODEL)))
    publisher.asked.clear()

    puller.pull(toy)

    assert contents(folder)["model.onnx"] == MODEL
    assert publisher.asked == [(PATH, None)]


def test_a_connection_that_is_cut_is_taken_up_where_it_broke(puller: Puller, toy: Entry, publisher: Publisher) -> None:
    publisher.cuts = [1_000_000, 500_000]

    folder = puller.pull(toy)

    assert contents(folder)["model.onnx"] == MODEL
    assert publisher.asked[:3] == [(PATH, None), (PATH, "bytes=1000000-"), (PATH, "bytes=1500000-")]


def test_a_later_pull_goes_on_from_what_an_earlier_one_left(puller: Puller, toy: Entry, publisher: Publisher) -> None:
    publisher.cuts = [1_000_000] + [0] * TRIES
    with pytest.raises(WeightsError, match="1000000 of 3072000 bytes"):
        puller.pull(toy)
    assert find(puller.weights, toy) is None
    publisher.asked.clear()

    folder = puller.pull(toy)

    assert publisher.asked[0] == (PATH, "bytes=1000000-")
    assert contents(folder) == {"model.onnx": MODEL, "labels.csv": LABELS}


def test_a_source_that_always_breaks_off_at_the_same_place_is_given_up(
    puller: Puller, toy: Entry, publisher: Publisher
) -> None:
    publisher.knows_ranges = False
    publisher.cuts = [1_000_000] * 50

    with pytest.raises(WeightsError, match="was interrupted"):
        puller.pull(toy)

    assert len(publisher.asked) == TRIES + 1
    assert puller.pauses == sorted(puller.pauses)


def test_a_source_without_ranges_starts_anew(puller: Puller, toy: Entry, publisher: Publisher) -> None:
    publisher.knows_ranges = False
    publisher.cuts = [1_000_000]

    assert contents(puller.pull(toy))["model.onnx"] == MODEL


def test_a_busy_source_is_asked_again(puller: Puller, toy: Entry, publisher: Publisher) -> None:
    publisher.refusals = [503, 429]

    assert contents(puller.pull(toy))["model.onnx"] == MODEL
    assert puller.pauses == [1, 2]


@pytest.mark.parametrize("left", [b"x" * 10, b"y" * len(MODEL), b"z" * (len(MODEL) + 1)], ids=["some", "all", "more"])
def test_what_some_other_download_left_never_becomes_weights(
    left: bytes, puller: Puller, toy: Entry, publisher: Publisher
) -> None:
    folder = puller.weights / "toy"
    folder.mkdir(parents=True)
    (folder / "model.onnx.part").write_bytes(left)

    try:
        puller.pull(toy)
    except WeightsError:
        assert not folder.exists()
        puller.pull(toy)

    assert contents(folder)["model.onnx"] == MODEL
    assert publisher.asked


def test_wrong_bytes_are_removed(puller: Puller, toy: Entry, publisher: Publisher) -> None:
    publisher.files[PATH] = MODEL[:-1] + b"!"

    with pytest.raises(WeightsError, match="not the published file"):
        puller.pull(toy)

    assert list(puller.weights.iterdir()) == []


@pytest.mark.parametrize("served", [MODEL[:-1], MODEL + b"!"], ids=["shorter", "longer"])
def test_a_file_of_another_size_is_refused_before_it_is_loaded(
    served: bytes, puller: Puller, toy: Entry, publisher: Publisher
) -> None:
    publisher.files[PATH] = served

    with pytest.raises(WeightsError, match="bytes"):
        puller.pull(toy)


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_source_that_has_no_such_file_is_named_with_its_answer(
    status: int, puller: Puller, toy: Entry, publisher: Publisher
) -> None:
    publisher.refusals = [status]

    with pytest.raises(WeightsError, match=rf"{PATH}: answered {status}"):
        puller.pull(toy)

    assert len(publisher.asked) == 1


def test_no_connection_is_said_at_once(puller: Puller, toy: Entry, http: httpx2.Client) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        puller.sources = [HttpSource(http, f"http://127.0.0.1:{unused.getsockname()[1]}")]

        with pytest.raises(WeightsError, match="no connection"):
            puller.pull(toy)


def test_a_mirror_has_the_files_by_id_and_name(
    http: httpx2.Client, tmp_path: Path, toy: Entry, publisher: Publisher
) -> None:
    publisher.files = {f"/mirror{path}": data for path, data in publisher.files.items()}

    folder = Puller(http, tmp_path, f"{publisher.url}/mirror/").pull(toy)

    assert contents(folder) == {"model.onnx": MODEL, "labels.csv": LABELS}


def test_a_disk_without_room_is_noticed_before_anything_is_asked(
    http: httpx2.Client, tmp_path: Path, toy: Entry, publisher: Publisher
) -> None:
    with pytest.raises(WeightsError, match="room for"):
        pull(toy, tmp_path, [HttpSource(http)], lambda _bytes: None, free_bytes=lambda _folder: toy.size_bytes - 1)

    assert publisher.asked == []


def test_what_has_come_already_needs_no_room(http: httpx2.Client, tmp_path: Path, toy: Entry) -> None:
    (tmp_path / "toy").mkdir()
    (tmp_path / "toy" / "model.onnx.part").write_bytes(MODEL[:1000])
    room = toy.size_bytes - 1000

    folder = pull(toy, tmp_path, [HttpSource(http)], lambda _bytes: None, free_bytes=lambda _folder: room)

    assert contents(folder)["model.onnx"] == MODEL


def test_two_pulls_of_the_same_weights_do_not_mix(puller: Puller, toy: Entry) -> None:
    folder = puller.weights / "toy"
    folder.mkdir(parents=True)

    with (folder / ".lock").open("wb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(WeightsError, match="toy"):
            puller.pull(toy)


def test_a_checksum_that_nobody_publishes_is_written_down(puller: Puller, publisher: Publisher) -> None:
    entry = publisher.entry("toy", "labels.csv", is_checksum_known=False)

    folder = puller.pull(entry)

    known = publisher.entry("toy", "labels.csv").files[0]
    assert known.sha256 is not None
    assert read_receipt(folder, "toy").files == {"labels.csv": Content(len(LABELS), known.sha256)}


def test_every_failure_is_one_that_the_command_reports(toy: Entry, puller: Puller) -> None:
    file = WeightFile("model.onnx", "gopher://127.0.0.1/model.onnx", 1, None)

    with pytest.raises(WeightsError):
        puller.pull(type(toy)("toy", "", "", "", (file,)))
