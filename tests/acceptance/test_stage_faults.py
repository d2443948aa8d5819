"""What a kill, a cancel and a failure do within an analysis: finished stages stay, the rest leaves nothing."""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest

from films_with_sound import Stretch, film
from processes import ANALYSIS_PATIENCE_S, Desk, Server, open_desk, running, until
from real_speech import real_sound
from scenedex.client import AnalysisFailed, AnalysisOptions, AnalysisStatus, Conflict
from scenedex.engines.catalog import CATALOG
from scenedex.media.samples import SampleFormat, Take, drifting, write_video

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from processes import StoredStage
    from scenedex.client.indexes import AssetIndex

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks processes up in /proc")
ONLY_SHOTS = {"SCENEDEX_ENGINES_TEXT": "off", "SCENEDEX_ENGINES_SPEECH": "off", "SCENEDEX_ENGINES_FACES": "off"}
SOON = {"SCENEDEX_WORKERS_STALLED_AFTER_SECONDS": "5"}
WITH_PERSONS = AnalysisOptions(analysis_person_count=5)
WITHOUT_PERSONS = AnalysisOptions(analysis_person_count=0)
# Two seconds are promised; the machine of a test has other things to do.
SECONDS_TO_CANCEL = 6


@dataclass
class Studio:
    """A server with films that already have an index of their shots and of nothing else."""

    server: Server
    desk: Desk
    assets: dict[str, int] = field(default_factory=dict[str, int])

    def asset(self, name: str, content: bytes) -> int:
        """The asset of a film, imported when it is first asked for."""
        if name not in self.assets:
            self.server.put(name, content)
            self.assets[name] = self.desk.imported(name)
        return self.assets[name]

    def with_index_of_shots(self, name: str, content: bytes) -> int:
        """The asset of a film that was analysed while no other engine was there."""
        asset = self.asset(name, content)
        if self.desk.index(asset).status().status is AnalysisStatus.BEFORE_ANALYZE:
            self._restart(ONLY_SHOTS | SOON)
            self.desk.analysed(asset, WITHOUT_PERSONS)
            self._restart(SOON)
        return asset

    def until_at(self, index: AssetIndex, stage: str) -> None:
        """Wait until a process works on that stage."""

        def is_at() -> bool:
            status = index.status()
            assert not status.status.is_final, status
            return status.progress is not None and status.progress.stage == stage and bool(self.server.decoders())

        until(is_at, f"the analysis is at {stage}")

    def folders(self) -> set[str]:
        """The folders of stored outputs, on disk."""
        return {
            str(folder.relative_to(self.server.data_dir / "managed"))
            for folder in (self.server.data_dir / "managed").glob("outputs/*/*")
        }

    def known_folders(self) -> set[str]:
        """The folders of stored outputs that the database knows."""
        return {folder for (folder,) in self.server.rows("SELECT folder FROM stage_outputs")}

    def _restart(self, environment: dict[str, str]) -> None:
        self.server.stop()
        self.server.environment = environment
        self.server.start()


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Generator[Studio]:
    with running(Server(tmp_path_factory.mktemp("stages") / "data", SOON)) as server, open_desk(server) as desk:
        yield Studio(server, desk)


def moving(seed: int, frames: int) -> bytes:
    """A film in which everything moves: there is a still to look at twice a second."""
    target = io.BytesIO()
    form = SampleFormat(width=640, height=360, container="mp4")
    write_video(target, [Take(frames, drifting(seed, 640, 360))], form)
    return target.getvalue()


def spoken() -> bytes:
    """A film of which most is in the sound."""
    speech = np.tile(real_sound("jfk-11s.flac"), 4)
    return film([Stretch(Fraction(0), speech)], seconds=len(speech) // 16_000, size=(640, 360))


def visual(outputs: Sequence[StoredStage]) -> list[StoredStage]:
    return [output for output in outputs if output.stage == "visual"]


def test_a_killed_worker_goes_on_after_the_last_finished_stage(studio: Studio) -> None:
    index = studio.desk.index(studio.asset("killed.mp4", moving(1, 300)))
    index.request(WITHOUT_PERSONS)
    studio.until_at(index, "text")
    before = visual(studio.server.outputs())
    seen = [index.status().progress]

    studio.server.kill(studio.server.workers_of())
    until(lambda: studio.server.decoders() == [], "the child has followed its worker")
    studio.until_at(index, "text")

    assert [output.is_transient for output in before] == [False, True]
    assert visual(studio.server.outputs()) == before
    index.wait(timeout=ANALYSIS_PATIENCE_S, poll=0.1, on_progress=lambda status: seen.append(status.progress))
    percents = [progress.percent for progress in seen if progress is not None and progress.percent is not None]
    assert percents[0] > 0
    assert percents == sorted(percents)
    assert [output for output in studio.server.outputs() if output.is_transient] == []


@pytest.mark.parametrize(("stage", "options"), [("faces", WITH_PERSONS), ("text", WITHOUT_PERSONS)])
def test_a_cancel_while_pictures_are_looked_at(stage: str, options: AnalysisOptions, studio: Studio) -> None:
    asset = studio.with_index_of_shots("cancelled.mp4", moving(2, 500))

    cancel_at(stage, studio, asset, options)


def test_a_cancel_while_speech_is_listened_to(studio: Studio) -> None:
    asset = studio.with_index_of_shots("spoken.mkv", spoken())

    cancel_at("speech", studio, asset, WITHOUT_PERSONS)


def cancel_at(stage: str, studio: Studio, asset: int, options: AnalysisOptions) -> None:
    index = studio.desk.index(asset)
    former, kept = index.get(), studio.server.outputs()
    index_id = index.request(options).index_id
    studio.until_at(index, stage)
    assert index_id in {output.made_for for output in studio.server.outputs()}

    index.cancel()

    until(lambda: studio.server.decoders() == [], "the child is gone", seconds=SECONDS_TO_CANCEL)
    assert index.status().status is AnalysisStatus.ANALYZE_CANCEL
    assert index.get().index_id == former.index_id
    until(lambda: studio.server.outputs() == kept, "what it made is gone")
    until(lambda: studio.folders() <= studio.known_folders(), "so are the files")


def test_a_cancel_while_the_film_is_decoded(studio: Studio) -> None:
    index = studio.desk.index(studio.asset("long.mp4", moving(3, 3000)))
    index_id = index.request(WITHOUT_PERSONS).index_id
    studio.until_at(index, "visual")

    index.cancel()

    until(lambda: studio.server.decoders() == [], "the decoder is gone", seconds=SECONDS_TO_CANCEL)
    with pytest.raises(Conflict):
        index.get()
    assert index_id not in {output.made_for for output in studio.server.outputs()}
    until(lambda: studio.folders() <= studio.known_folders(), "so are the files")


def test_a_stage_that_cannot_run_is_named_and_holds_nobody_up(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("poison")
    entry = CATALOG.entry("yunet-sface")
    weights = folder / "weights" / entry.id
    weights.mkdir(parents=True)
    for file in entry.files:
        with (weights / file.name).open("wb") as damaged:
            damaged.truncate(file.size_bytes)
    environment = {"SCENEDEX_WEIGHTS": str(weights.parent)}
    with running(Server(folder / "data", environment)) as server, open_desk(server) as desk:
        server.put("film.mp4", moving(4, 25))
        failing, next_ = desk.imported("film.mp4"), desk.imported("film.mp4")
        desk.index(failing).request(WITH_PERSONS)
        desk.index(next_).request(WITH_PERSONS)

        for asset in (failing, next_):
            with pytest.raises(AnalysisFailed) as failed:
                desk.index(asset).wait(timeout=ANALYSIS_PATIENCE_S, poll=0.1)

            assert failed.value.status.status is AnalysisStatus.ANALYZE_FAIL
            message = failed.value.status.message or ""
            assert message.startswith("faces: ")
            assert "scenedex weights verify" in message
            assert "Traceback" not in message
        assert desk.imported("film.mp4") > next_
