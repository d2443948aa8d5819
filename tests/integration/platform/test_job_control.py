"""Control of jobs in a real database, without a worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scenedex.analysis import queries as analysis_queries
from scenedex.assets import queries as asset_queries
from scenedex.assets.records import ImportStatus
from scenedex.job_control import JobName, JobState
from scenedex.job_control.records import JobControlRefused, NoSuchJob
from scenedex.job_control.service import JobControl
from scenedex.jobs import JobKind
from scenedex.workspaces.errors import WorkspaceNotFound

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import TypeVar

    from tests.conftest import Item, Site

    from scenedex.analysis.records import AnalysisClaim
    from scenedex.db.database import Transaction
    from scenedex.job_control import JobLine

    T = TypeVar("T")


def control_jobs(site: Site, use: Callable[[JobControl], Awaitable[T]]) -> T:
    platform = site.service.platform
    return site.service.run(lambda: use(JobControl(platform.database, platform.queue, user_name="olga")))


def queued(site: Site, kind: JobKind | None = None) -> list[JobLine]:
    return control_jobs(site, lambda control: control.queued(kind, site.name, 100))


def failed(site: Site) -> list[JobLine]:
    return control_jobs(site, lambda control: control.failed(None, site.name, 100))


def fail_import(item: Item) -> None:
    async def fail(tx: Transaction) -> None:
        claim = await asset_queries.claim_import(tx, item.asset_id)
        assert claim is not None
        await asset_queries.end_import(tx, claim, ImportStatus.FILE_NOT_EXIST, "No file", "There is no such object.")

    item.service.transact(fail)


def fail_analysis(item: Item, index_id: int) -> None:
    item.service.rows(
        "UPDATE analyses SET status = 'ANALYZE_FAIL', message = 'speech: out of memory' WHERE index_id = %s", index_id
    )


def test_lists_what_waits_with_its_file_and_the_request_that_asked_for_it(site: Site) -> None:
    item = site.base.register("film.mp4")

    (line,) = queued(site)

    assert (line.name, line.state, line.asset_id, line.file_name) == (
        JobName(JobKind.IMPORT, item.asset_id),
        JobState.WAITING,
        item.asset_id,
        "film.mp4",
    )
    assert line.trace_id is not None
    assert len(line.trace_id) == 32
    assert line.since is not None


def test_an_analysis_that_waits_for_memory_says_so_and_has_no_estimate(site: Site) -> None:
    item = site.base.imported()
    index_id = item.request_analysis()

    claim = site.service.transact(lambda tx: analysis_queries.claim(tx, index_id))
    assert claim is not None

    def tell(stage: str | None, claim: AnalysisClaim = claim) -> JobLine:
        site.service.transact(lambda tx: analysis_queries.note_waiting(tx, claim, stage))
        (line,) = queued(site, JobKind.ANALYSIS)
        return line

    site.service.rows("UPDATE procrastinate_jobs SET status = 'doing' WHERE task_name = 'analysis'")
    site.service.rows("UPDATE analyses SET percent = 50 WHERE index_id = %s", index_id)

    waiting, at_work = tell("faces"), tell(None)

    assert waiting.state is JobState.RUNNING
    assert waiting.reason == "its stage faces waits for memory of the machine, or for its turn"
    assert waiting.seconds_left is None
    assert at_work.reason is None
    assert at_work.seconds_left is not None


def test_lists_jobs_of_one_kind_and_of_one_workspace(site: Site, new_site: Callable[..., Site]) -> None:
    other = new_site(site.service)
    other.base.register()
    item = site.base.imported()
    index_id = item.request_analysis()

    assert [line.name for line in queued(site, JobKind.ANALYSIS)] == [JobName(JobKind.ANALYSIS, index_id)]
    assert {line.workspace_name for line in queued(other)} == {other.name}


def test_an_analysis_that_is_cancelled_is_over_for_its_users(site: Site) -> None:
    item = site.base.imported()
    name = JobName(JobKind.ANALYSIS, item.request_analysis())

    control_jobs(site, lambda control: control.cancel(name))

    assert item.call("GET", "/index/status").json()["result"]["status"] == "ANALYZE_CANCEL"
    assert queued(site, JobKind.ANALYSIS) == []


def test_an_import_that_is_cancelled_has_failed_and_says_who_did_it(site: Site) -> None:
    item = site.base.register()

    control_jobs(site, lambda control: control.cancel(JobName(JobKind.IMPORT, item.asset_id)))

    (line,) = failed(site)
    assert (line.name, line.state, line.reason) == (
        JobName(JobKind.IMPORT, item.asset_id),
        JobState.FAILED,
        "Canceled by olga.",
    )
    assert queued(site) == []


def test_what_is_done_is_told_in_its_workspace_with_a_trace_of_its_own(site: Site) -> None:
    item = site.base.imported()
    former = item.request_analysis()
    fail_analysis(item, former)
    again = control_jobs(site, lambda control: control.retry(JobName(JobKind.ANALYSIS, former)))
    (line,) = [line for line in queued(site, JobKind.ANALYSIS) if line.name == again]
    control_jobs(site, lambda control: control.cancel(again))
    control_jobs(site, lambda control: control.pause(JobKind.IMPORT, site.name))
    control_jobs(site, lambda control: control.resume(JobKind.IMPORT, site.name))

    told = site.service.rows(
        "SELECT event, resource, created_id, trace_id FROM audit_events"
        " WHERE workspace_name = %s AND user_name = 'olga' ORDER BY event_id",
        site.name,
    )

    assert [(event, resource, created) for event, resource, created, _ in told] == [
        ("Retry Job", f"jobs/analysis:{former}", str(again.subject)),
        ("Cancel Job", f"jobs/{again}", None),
        ("Pause Jobs", "jobs/import", None),
        ("Resume Jobs", "jobs/import", None),
    ]
    assert len({trace for *_, trace in told}) == len(told)
    assert line.trace_id == told[0][3]


def test_a_file_that_was_refused_says_why(site: Site) -> None:
    item = site.base.register()

    async def refuse(tx: Transaction) -> None:
        claim = await asset_queries.claim_import(tx, item.asset_id)
        assert claim is not None
        await asset_queries.end_import(
            tx, claim, ImportStatus.INVALID_METADATA, "Unsupported video length (up to 6 hours)", "It has 100 hours."
        )

    site.service.transact(refuse)

    assert [line.reason for line in failed(site)] == ["Unsupported video length (up to 6 hours). It has 100 hours."]


@pytest.mark.parametrize("kind", [JobKind.ANALYSIS, JobKind.IMPORT, JobKind.SEARCH, JobKind.REINDEXING])
def test_what_is_not_there_is_not_cancelled(kind: JobKind, site: Site) -> None:
    with pytest.raises(NoSuchJob, match=f"{kind.value}:987654321"):
        control_jobs(site, lambda control: control.cancel(JobName(kind, 987_654_321)))


@pytest.mark.parametrize("kind", [JobKind.ERASURE, JobKind.PICTURE])
def test_what_takes_a_moment_is_not_cancelled(kind: JobKind, site: Site) -> None:
    with pytest.raises(JobControlRefused):
        control_jobs(site, lambda control: control.cancel(JobName(kind, 1)))


def test_an_import_that_failed_is_begun_anew(site: Site) -> None:
    item = site.base.register()
    fail_import(item)
    name = JobName(JobKind.IMPORT, item.asset_id)

    assert control_jobs(site, lambda control: control.retry(name)) == name

    assert item.call("GET", "/import-status").json()["result"]["uploadStatus"] == "IN_PROGRESS"
    assert failed(site) == []
    assert name in [line.name for line in queued(site)]


def test_an_analysis_that_failed_is_begun_anew_as_it_was_asked_for(site: Site) -> None:
    item = site.base.imported()
    index_id = item.request_analysis()
    asked = item.service.rows("SELECT options FROM analyses WHERE asset_id = %s", item.asset_id)
    fail_analysis(item, index_id)
    assert [line.reason for line in failed(site)] == ["speech: out of memory"]

    again = control_jobs(site, lambda control: control.retry(JobName(JobKind.ANALYSIS, index_id)))

    assert again.subject != index_id
    assert item.service.rows("SELECT options FROM analyses WHERE asset_id = %s", item.asset_id) == asked
    assert item.call("GET", "/index/status").json()["result"]["status"] == "WAIT_ANALYZE"


def test_what_did_not_fail_is_not_begun_anew(site: Site) -> None:
    item = site.base.imported()
    index_id = item.request_analysis()

    for name in (JobName(JobKind.IMPORT, item.asset_id), JobName(JobKind.ANALYSIS, index_id)):
        with pytest.raises(NoSuchJob):
            control_jobs(site, lambda control, name=name: control.retry(name))


def test_what_is_paused_says_so_until_it_goes_on(site: Site) -> None:
    site.base.register()

    control_jobs(site, lambda control: control.pause(JobKind.IMPORT, site.name))
    (line,) = queued(site)
    assert line.state is JobState.PAUSED
    pauses = [one for one in control_jobs(site, lambda control: control.pauses()) if one.workspace_name == site.name]
    assert [one.kind for one in pauses] == [JobKind.IMPORT]

    assert control_jobs(site, lambda control: control.resume(None, site.name)) == 1
    (line,) = queued(site)
    assert line.state is JobState.WAITING


def test_a_workspace_that_is_not_there_is_not_paused(site: Site) -> None:
    with pytest.raises(WorkspaceNotFound):
        control_jobs(site, lambda control: control.pause(None, "nobody"))
