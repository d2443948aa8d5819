"""Kills, cancels and failures within an analysis: finished stages stay, the rest leaves nothing."""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from films_with_sound import Stretch, film
from newsroom import ANALYSIS_PATIENCE_S, POLL_S, Desk, open_desk
from processes import ONLY_SHOTS, SOON, Server, running, until
from real_speech import real_sound
from scenedex.client import AnalysisFailed, AnalysisOptions, AnalysisStatus, Conflict
from scenedex.engines.registry import EngineRegistry
from scenedex.media.samples import SampleFormat, Take, drifting, write_video
from sizes import AT_GROWN_SIZE

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence
    from pathlib import Path

    from processes import StoredStage
    from scenedex.client.indexes import AssetIndex
    from sizes import Ground

pytestmark = [pytest.mark.skipif(sys.platform != "linux", reason="looks processes up in /proc"), AT_GROWN_SIZE]
WITH_PERSONS = AnalysisOptions(analysis_person_count=5)
WITHOUT_PERSONS = AnalysisOptions(analysis_person_count=0)
FACES_OF_ABSENT_WEIGHTS = {"SCENEDEX_ENGINES_FACES": "yunet-sface"}
# Processor time of a child whose work is cancelled as soon as it has begun, on both cores of a machine with two.
SECONDS_TO_CANCEL = 10


@dataclass
class Studio:
    """Server with films whose indexes contain shots only, as made without other engines."""

    server: Server
    desk: Desk
    assets: Mapping[str, int]

    def asset(self, name: str, content: bytes) -> int:
        """Return the asset of a film without an analysis."""
        self.server.put(name, content)
        return self.desk.imported(name)

    def work_with(self, environment: dict[str, str]) -> None:
        """Run the server with these settings and all its workers."""
        if self.server.environment != environment:
            self.server.stop()
            self.server.environment = environment
        self.server.start()

    def until_at(self, index: AssetIndex, stage: str) -> None:
        """Wait until a process runs that stage."""

        def is_at() -> bool:
            status = index.status()
            assert not status.status.is_final, status
            return status.progress is not None and status.progress.stage == stage and bool(self.server.decoders())

        until(is_at, f"the analysis is at {stage}")

    def folders(self) -> set[str]:
        """The folders of stored outputs in the storage."""
        return {key.rpartition("/")[0] for key in self.server.ground.managed("outputs/")}

    def known_folders(self) -> set[str]:
        """The folders that the database knows: of stored outputs, and those that a cancel left while they were written.

        The latter are erased after a day.
        """
        known = self.server.rows(
            "SELECT folder FROM stage_outputs"
            " UNION SELECT rtrim(prefix, '/') FROM erasures WHERE not_before > now() + interval '1 hour'"
        )
        return {folder for (folder,) in known}


@pytest.fixture(scope="module")
def whole_studio(new_ground: Callable[[Path], Ground], tmp_path_factory: pytest.TempPathFactory) -> Generator[Studio]:
    data_dir = tmp_path_factory.mktemp("stages") / "data"
    films = {"moving.mp4": moving(2, 240), "spoken.mkv": spoken()}
    server = Server(data_dir, new_ground(data_dir), SOON | ONLY_SHOTS | FACES_OF_ABSENT_WEIGHTS)
    with running(server), open_desk(server) as desk:
        for name, content in films.items():
            server.put(name, content)
        assets = {name: desk.imported(name) for name in films}
        for asset in assets.values():
            desk.analysed(asset, WITH_PERSONS)
        yield Studio(server, desk, assets)


@pytest.fixture
def studio(whole_studio: Studio) -> Studio:
    whole_studio.work_with(SOON)
    return whole_studio


def moving(seed: int, frames: int) -> bytes:
    """Film in constant motion, which has two stills per second."""
    target = io.BytesIO()
    form = SampleFormat(width=640, height=360, container="mp4")
    write_video(target, [Take(frames, drifting(seed, 640, 360))], form)
    return target.getvalue()


def spoken() -> bytes:
    """Film with most of its content in the sound."""
    speech = real_sound("jfk-11s.flac")
    return film([Stretch(Fraction(0), speech)], seconds=len(speech) // 16_000, size=(640, 360))


def visual(outputs: Sequence[StoredStage], index_id: object) -> list[StoredStage]:
    return [output for output in outputs if (output.stage, output.made_for) == ("visual", index_id)]


def test_a_killed_worker_goes_on_after_the_last_finished_stage(studio: Studio) -> None:
    index = studio.desk.index(studio.asset("killed.mp4", moving(1, 320)))
    index_id = index.request(WITHOUT_PERSONS).index_id
    studio.until_at(index, "text")
    before = visual(studio.server.outputs(), index_id)
    seen = [index.status().progress]

    studio.server.kill(studio.server.workers_at_work())
    until(lambda: studio.server.decoders() == [], "the child has followed its worker")
    studio.until_at(index, "text")

    assert [output.is_transient for output in before] == [False, True]
    assert visual(studio.server.outputs(), index_id) == before
    index.wait(timeout=ANALYSIS_PATIENCE_S, poll=POLL_S, on_progress=lambda status: seen.append(status.progress))
    percents = [progress.percent for progress in seen if progress is not None and progress.percent is not None]
    assert percents[0] > 0
    assert percents == sorted(percents)
    assert [output for output in studio.server.outputs() if output.is_transient] == []


@pytest.mark.parametrize(
    ("stage", "name", "options"),
    [
        ("faces", "moving.mp4", WITH_PERSONS),
        ("text", "moving.mp4", WITHOUT_PERSONS),
        ("speech", "spoken.mkv", WITHOUT_PERSONS),
    ],
)
def test_a_cancel_leaves_what_was_there(stage: str, name: str, options: AnalysisOptions, studio: Studio) -> None:
    index = studio.desk.index(studio.assets[name])
    former, kept = index.get(), studio.server.outputs()
    index_id = index.request(options).index_id
    studio.until_at(index, stage)
    assert index_id in {output.made_for for output in studio.server.outputs()}
    before = studio.server.seconds_of_children()

    index.cancel()

    until(lambda: studio.server.decoders() == [], "the child is gone")
    assert studio.server.seconds_of_children() - before < SECONDS_TO_CANCEL
    assert index.status().status is AnalysisStatus.ANALYZE_CANCEL
    assert index.get().index_id == former.index_id
    until(lambda: studio.server.outputs() == kept, "what it made is gone")
    until(lambda: studio.folders() <= studio.known_folders(), "so are the files")


def test_a_cancel_while_the_film_is_decoded(studio: Studio) -> None:
    index = studio.desk.index(studio.asset("long.mp4", moving(3, 800)))
    index_id = index.request(WITHOUT_PERSONS).index_id
    studio.until_at(index, "visual")
    before = studio.server.seconds_of_children()

    index.cancel()

    until(lambda: studio.server.decoders() == [], "the decoder is gone")
    assert studio.server.seconds_of_children() - before < SECONDS_TO_CANCEL
    with pytest.raises(Conflict):
        index.get()
    assert index_id not in {output.made_for for output in studio.server.outputs()}
    until(lambda: studio.folders() <= studio.known_folders(), "so are the files")


def test_an_engine_that_is_named_and_not_there(whole_studio: Studio) -> None:
    index = whole_studio.desk.index(whole_studio.assets["moving.mp4"]).get()

    assert index.analysis_setting is not None
    lacking = {engine.stage: engine.not_analysed for engine in index.analysis_setting.engines}
    assert lacking["faces"] == "the weights yunet-sface are missing. To enable it: scenedex weights pull yunet-sface"
    assert all(scene.persons == () for scene in index.scenes)


def test_a_stage_that_cannot_run_is_named_and_holds_nobody_up(whole_studio: Studio, tmp_path: Path) -> None:
    studio = whole_studio
    entry = EngineRegistry().entry("yunet-sface")
    weights = tmp_path / "weights" / entry.id
    weights.mkdir(parents=True)
    for file in entry.files:
        with (weights / file.name).open("wb") as damaged:
            damaged.truncate(file.size_bytes)
    studio.work_with({"SCENEDEX_WEIGHTS": str(weights.parent)})
    failing = studio.asset("short.mp4", moving(4, 25))
    next_ = studio.desk.imported("short.mp4")
    for asset in (failing, next_):
        studio.desk.index(asset).request(WITH_PERSONS)

    for asset in (failing, next_):
        with pytest.raises(AnalysisFailed) as failed:
            studio.desk.index(asset).wait(timeout=ANALYSIS_PATIENCE_S, poll=POLL_S)

        assert failed.value.status.status is AnalysisStatus.ANALYZE_FAIL
        message = failed.value.status.message or ""
        assert message.startswith("faces: ")
        assert "scenedex weights verify" in message
        assert "Traceback" not in message
    assert studio.desk.imported("short.mp4") > next_
