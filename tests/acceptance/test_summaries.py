"""Scene summaries by a language model, with kills, cancels and outages in the middle of them."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from model_service import ModelServer, Reply, model_server
from newsroom import ANALYSIS_PATIENCE_S, POLL_S, Desk, open_desk
from processes import ONLY_SHOTS, SOON, Server, running, until
from scenedex.client import AnalysisOptions, Conflict, NotFound, SceneRange, SummaryFailed, SummaryLocale, SummaryState
from scenedex.media.samples import SampleFormat, Take, drifting, write_video
from shared_servers import made_once

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from scenedex.client.summaries import AssetSummaries
    from sizes import Ground

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks processes up in /proc")
TAKES = 6
FRAMES_OF_TAKE = 25 * 12


@dataclass
class Model:
    """A model behind an endpoint, which answers after a pause, or not at all, or refuses.

    Attributes:
        seconds: time of an answer.
        answers: number of calls that it still answers before it refuses all, or `None` if it never does.
        hangs: whether calls have no answer until the end of the tests.
    """

    seconds: float = 0.0
    answers: int | None = None
    hangs: bool = False
    server: ModelServer = field(default_factory=ModelServer)

    def __post_init__(self) -> None:
        self.server.reply = self._reply

    def _reply(self, _request: dict[str, Any]) -> Reply:
        if self.hangs:
            return Reply(stalls_after=0)
        if self.answers is not None:
            if self.answers == 0:
                return Reply(status=503, error="The model is being loaded")
            self.answers -= 1
        time.sleep(self.seconds)
        return Reply()

    @property
    def calls(self) -> int:
        return len(self.server.requests)


@pytest.fixture(scope="module")
def model() -> Generator[Model]:
    made = Model()
    with model_server(made.server):
        yield made


@pytest.fixture(scope="module")
def site(
    new_ground: Callable[[Path], Ground], tmp_path_factory: pytest.TempPathFactory, model: Model
) -> Generator[Server]:
    """Server that detects shots only and calls the model. Its film has a scene for each take."""
    data_dir = tmp_path_factory.mktemp("summaries") / "data"
    settings = {
        "SCENEDEX_ENGINES_ADDRESSES": f'{{"vision-language-model": "{model.server.address}"}}',
        "SCENEDEX_SUMMARIES_PICTURES": "1",
    }
    film = made_once("places.mp4", tmp_path_factory, write_places)
    with running(Server(data_dir, new_ground(data_dir), SOON | ONLY_SHOTS | settings)) as server:
        server.put("film.mp4", film.read_bytes())
        yield server


def write_places(path: Path) -> None:
    takes = [Take(FRAMES_OF_TAKE, drifting(seed, 640, 360)) for seed in range(TAKES)]
    write_video(path, takes, SampleFormat(width=640, height=360))


@pytest.fixture
def desk(site: Server, model: Model) -> Generator[Desk]:
    model.seconds, model.answers, model.hangs = 0.0, None, False
    # Restart a killed worker if the server does not do so.
    site.start()
    with open_desk(site) as opened:
        yield opened


@pytest.fixture
def asset(desk: Desk) -> int:
    """An analysed asset with several scenes."""
    asset_id = desk.imported("film.mp4")
    index = desk.analysed(asset_id, AnalysisOptions(analysis_person_count=0, scene_range=SceneRange.EXTRA_SHORT))
    assert len(index.scenes) == TAKES
    return asset_id


@pytest.fixture
def summaries(desk: Desk, asset: int) -> AssetSummaries:
    return desk.client.summaries(desk.workspace, desk.project_id, asset)


def done(summaries: AssetSummaries) -> int:
    """Number of scenes that are done."""
    progress = summaries.status().progress
    return 0 if progress is None else progress.scenes_done


def kill_workers(site: Server) -> None:
    site.kill(site.workers_of())
    for worker in site.beside.values():
        worker.wait()
    # A server starts its own workers again.
    site.start()


def kill_everything(site: Server) -> None:
    site.kill_everything()
    site.start()


@pytest.mark.parametrize("kill", [kill_workers, kill_everything])
def test_a_summary_goes_on_after_its_last_finished_scene(
    site: Server, model: Model, summaries: AssetSummaries, kill: Callable[[Server], None]
) -> None:
    model.seconds, before = 0.4, model.calls
    summaries.request()
    until(lambda: done(summaries) >= 2, "two scenes are done")

    kill(site)

    last = summaries.wait(timeout=ANALYSIS_PATIENCE_S, poll=POLL_S)
    assert last.status is SummaryState.SUMMARIZE_COMPLETED
    assert [one.scene_id for one in summaries.get().scene_summaries] == [*range(1, TAKES + 1)]
    # Only the calls that a kill interrupts are made again: one for each worker that was killed at it.
    assert TAKES <= model.calls - before <= TAKES + 1


def test_a_cancel_ends_a_call_that_hangs(
    site: Server, desk: Desk, model: Model, summaries: AssetSummaries, asset: int
) -> None:
    model.hangs, before = True, model.calls
    index = desk.index(asset)
    summaries.request()
    until(lambda: model.calls > before, "the model is asked")
    with pytest.raises(Conflict, match="40919"):
        index.correct_script(1, text="Hello.")

    [(job,)] = site.rows("SELECT job_id FROM summary_runs WHERE status = 'SUMMARIZING'")

    assert site.rows("SELECT id FROM live_jobs WHERE id = %s", job)
    summaries.cancel()
    with pytest.raises(NotFound, match="40411"):
        index.correct_script(1, text="Hello.")
    # A call may take longer than this waits.
    until(lambda: not site.rows("SELECT id FROM live_jobs WHERE id = %s", job), "the worker has ended the job")

    assert summaries.status().status is SummaryState.SUMMARIZE_CANCELED
    model.hangs = False
    summaries.request()
    summaries.wait(timeout=ANALYSIS_PATIENCE_S, poll=POLL_S)


def test_a_model_that_is_away_fails_with_its_reason_and_the_next_request_goes_on(
    model: Model, summaries: AssetSummaries
) -> None:
    model.answers = 2
    summaries.request()
    with pytest.raises(SummaryFailed, match="503") as failed:
        summaries.wait(timeout=ANALYSIS_PATIENCE_S, poll=POLL_S)
    assert failed.value.status.status is SummaryState.SUMMARIZE_FAIL
    assert done(summaries) == 2

    asked, model.answers = model.calls, None
    summaries.request()
    summaries.wait(timeout=ANALYSIS_PATIENCE_S, poll=POLL_S)

    assert model.calls - asked == TAKES - 2
    assert len(summaries.get().scene_summaries) == TAKES


def test_without_a_model_summaries_are_composed_of_the_index(desk_without_model: Desk) -> None:
    desk = desk_without_model
    asset = desk.imported("film.mp4")
    desk.analysed(asset, AnalysisOptions(analysis_person_count=0))
    summaries = desk.client.summaries(desk.workspace, desk.project_id, asset)

    summaries.request(locale=SummaryLocale.KO_KR)
    last = summaries.wait(timeout=ANALYSIS_PATIENCE_S, poll=POLL_S)

    assert (last.engine, last.model) == ("composed 1", None)
    found = summaries.get().scene_summaries
    assert found
    assert all(one.summary and one.locale == "ko-KR" for one in found)
    assert [scene.summary for scene in desk.index(asset).get().scenes] == [one.summary for one in found]


@pytest.fixture
def desk_without_model(server: Server) -> Generator[Desk]:
    with open_desk(server) as opened:
        yield opened
