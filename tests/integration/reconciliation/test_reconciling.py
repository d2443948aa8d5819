"""Kinds of damage: each is found once, repaired where possible, and absent from the next report."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from scenedex.cli import app
from scenedex.reconciliation import machine
from scenedex.reconciliation.records import FindingKind
from whole_system import FILM, PICTURE, THUMBNAIL

if TYPE_CHECKING:
    from collections.abc import Callable

    from whole_system import System

    Damage = Callable[[System], object]

PROXY = b"proxy"
MANY = 1010  # more than are looked up at a time, and than are listed
_JOB = (
    "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status)"
    " VALUES ('import', 'import', '{{\"subject\": {subject}}}', '{status}') RETURNING id"
)


def waiting_import(system: System) -> None:
    item = system.site.base.register()
    system.service.rows("UPDATE assets SET created_time = now() - interval '1 hour' WHERE asset_id = %s", item.asset_id)


def lost_import(system: System) -> None:
    waiting_import(system)
    system.service.rows("DELETE FROM procrastinate_jobs")


def lost_analysis(system: System) -> None:
    system.service.rows("UPDATE analyses SET status = 'ANALYZING', created_time = now() - interval '1 hour'")


def lost_search(system: System) -> None:
    system.service.rows(
        "INSERT INTO searches (search_id, workspace_id, user_name, request, expires_time)"
        " SELECT 'lost', workspace_id, 'alice', '{}', now() + interval '1 day' FROM workspaces"
    )


def lost_reindexing(system: System) -> None:
    system.service.rows("INSERT INTO reindexings (workspace_id) SELECT workspace_id FROM workspaces")


def dead_worker(system: System) -> None:
    waiting_import(system)
    system.service.rows("UPDATE procrastinate_jobs SET status = 'doing'")


def left_output(system: System) -> None:
    system.service.rows("UPDATE stage_outputs SET content_hash = 'of a deleted asset'")


def unwritten_words(system: System) -> None:
    system.service.rows("UPDATE scenes SET words = NULL")
    system.service.rows("DELETE FROM search_terms")


def miscounted_words(system: System) -> None:
    system.service.rows("UPDATE search_terms SET scene_count = 7 WHERE right(term, 1) = ':'")
    system.service.rows("INSERT INTO search_terms VALUES ('1:ghost', 1, '{}')")


def proxy_without_file(system: System) -> None:
    ready_proxy(system)
    system.delete(proxy_of(system))


def cut_proxy(system: System) -> None:
    ready_proxy(system)
    system.item.put(proxy_of(system), PROXY[:3])


def lost_proxy(system: System) -> None:
    insert_proxy(system, "RUNNING", None)


def proxy_of(system: System) -> str:
    return f"assets/{system.item.asset_id}/proxy-2/proxy.webm"


def ready_proxy(system: System) -> None:
    insert_proxy(system, "READY", proxy_of(system))
    system.item.put(proxy_of(system), PROXY)


def insert_proxy(system: System, status: str, key: str | None) -> None:
    """Insert a proxy that was changed an hour ago."""
    system.service.rows(
        "INSERT INTO proxies (asset_id, status, attempt, object_key, size_bytes, user_name, updated_time)"
        " VALUES (%s, %s, 2, %s, %s, 'alice', now() - interval '1 hour')",
        system.item.asset_id,
        status,
        key,
        len(PROXY),
    )


def half_a_write(system: System) -> None:
    place = system.data_dir / "managed" / ".incoming"
    place.mkdir(parents=True, exist_ok=True)
    (place / "half").write_bytes(b"half")


def left_folders(system: System) -> None:
    work = system.data_dir / "work"
    (work / f"analysis-{system.index_id}-cafe").mkdir(parents=True)
    (work / "job-picture-7-cafe").mkdir()
    os.utime(work / "job-picture-7-cafe", (0, 0))


MENDED: dict[str, tuple[Damage, dict[FindingKind, int]]] = {
    "objects of an asset that is gone": (
        lambda system: [system.item.put(f"assets/999999/{name}") for name in ("source-1", "source-2")],
        {FindingKind.ORPHANED_OBJECT: 2},
    ),
    "a second copy": (
        lambda system: system.item.put(f"assets/{system.item.asset_id}/source-2"),
        {FindingKind.ORPHANED_OBJECT: 1},
    ),
    "keyframes of a former index": (
        lambda system: system.item.put(f"assets/{system.item.asset_id}/index-999/1.jpg"),
        {FindingKind.ORPHANED_OBJECT: 1},
    ),
    "an output without a row": (
        lambda system: system.item.put(f"outputs/1/{'c' * 32}/1.jpg"),
        {FindingKind.ORPHANED_OBJECT: 1},
    ),
    "a copy of an import that failed": (
        lambda system: system.service.rows("UPDATE assets SET import_status = 'FAILED', managed_key = NULL"),
        {FindingKind.ORPHANED_OBJECT: 1},
    ),
    "a file of a stage": (
        lambda system: system.delete(f"{system.output.folder}/face.jpg"),
        {FindingKind.MISSING_OUTPUT: 1},
    ),
    "a proxy": (proxy_without_file, {FindingKind.MISSING_PROXY: 1}),
    "a cut proxy": (cut_proxy, {FindingKind.MISSING_PROXY: 1}),
    "a proxy without a job": (lost_proxy, {FindingKind.PROXY_WITHOUT_JOB: 1}),
    "a picture": (lambda system: system.delete(f"pictures/{PICTURE}/1/picture.jpg"), {FindingKind.MISSING_PICTURE: 1}),
    "an output of a deleted asset": (left_output, {FindingKind.LEFT_OUTPUT: 1}),
    "an erasure without a job": (
        lambda system: system.service.rows("INSERT INTO erasures (prefix) VALUES ('assets/999999/')"),
        {FindingKind.STUCK_ERASURE: 1},
    ),
    "an import without a job": (lost_import, {FindingKind.IMPORT_WITHOUT_JOB: 1}),
    "an analysis without a job": (lost_analysis, {FindingKind.ANALYSIS_WITHOUT_JOB: 1}),
    "a picture without a job": (
        lambda system: system.service.rows("UPDATE pictures SET state = 'CHECKING'"),
        {FindingKind.PICTURE_WITHOUT_JOB: 1},
    ),
    "a search without a job": (lost_search, {FindingKind.SEARCH_WITHOUT_JOB: 1}),
    "a reindexing without a job": (lost_reindexing, {FindingKind.REINDEXING_WITHOUT_JOB: 1}),
    "a job without a row": (
        lambda system: system.service.rows(_JOB.format(subject=999_999, status="todo")),
        {FindingKind.JOB_WITHOUT_ROW: 1},
    ),
    "a second job of a row": (
        lambda system: (
            waiting_import(system),
            system.service.rows(_JOB.format(subject=system.item.asset_id, status="todo")),
        ),
        {FindingKind.JOB_WITHOUT_ROW: 1},
    ),
    "a job of a dead worker": (dead_worker, {FindingKind.JOB_OF_DEAD_WORKER: 1}),
    "scenes without words": (unwritten_words, {FindingKind.SCENE_WITHOUT_WORDS: 2}),
    "a vector without a scene": (lambda system: system.stray_vector(), {FindingKind.STRAY_VECTOR: 1}),
    "words counted wrongly": (miscounted_words, {FindingKind.MISCOUNTED_WORD: 2}),
    "half a write": (half_a_write, {FindingKind.UNFINISHED_WRITE: 1}),
    "work folders": (left_folders, {FindingKind.LEFT_FOLDER: 2}),
}
LOST: dict[str, tuple[Damage, dict[FindingKind, int]]] = {
    "a copy": (lambda system: system.delete(system.copy), {FindingKind.MISSING_COPY: 1}),
    "a cut copy": (lambda system: system.item.put(system.copy, b"bytes"), {FindingKind.MISSING_COPY: 1}),
    "a keyframe": (lambda system: system.delete(system.keyframe), {FindingKind.MISSING_KEYFRAME: 1}),
    "a thumbnail": (lambda system: system.delete(f"{THUMBNAIL}/face.jpg"), {FindingKind.MISSING_THUMBNAIL: 1}),
    "an object of others": (lambda system: system.item.put("logs/today.txt"), {FindingKind.FOREIGN_OBJECT: 1}),
}


def test_a_system_that_is_whole_has_no_findings(system: System) -> None:
    report = system.reconcile()

    assert (report.left, report.objects, report.pending.objects) == (0, 7, 0)


@pytest.mark.parametrize(("damage", "expected"), MENDED.values(), ids=MENDED)
def test_what_nothing_is_lost_by_is_mended(damage: Damage, expected: dict[FindingKind, int], system: System) -> None:
    whole = system.listed()
    damage(system)

    assert system.found() == expected
    mended = system.reconcile(repair=True)
    assert mended.left == 0
    assert system.found() == {}
    system.erase()
    assert system.found() == {}
    if FindingKind.ORPHANED_OBJECT in expected:
        assert system.listed() <= whole


@pytest.mark.parametrize(("damage", "expected"), LOST.values(), ids=LOST)
def test_what_is_lost_stays_a_finding_and_nothing_else_goes(
    damage: Damage, expected: dict[FindingKind, int], system: System
) -> None:
    damage(system)
    left = system.listed()

    assert system.found() == expected
    assert system.found(repair=True) == expected
    assert system.found() == expected
    assert system.listed() == left


def test_a_finding_names_the_asset(system: System) -> None:
    system.delete(system.copy)

    [example] = system.reconcile().tallies[FindingKind.MISSING_COPY].examples

    assert example == f"asset {system.item.asset_id} (sample-video.mp4): {system.copy}"


def test_a_copy_with_other_bytes_is_found_by_reading_it(system: System) -> None:
    assert system.found(deep=True) == {FindingKind.ALTERED_COPY: 1}, "the hash of the system's film is made up"

    system.service.rows(
        "UPDATE assets SET content_hash = encode(sha256(%s::bytea), 'hex') WHERE asset_id = %s",
        FILM,
        system.item.asset_id,
    )
    system.service.rows("UPDATE stage_outputs o SET content_hash = a.content_hash FROM assets a")
    assert system.found(deep=True) == {}


def test_lost_keyframes_are_made_anew_by_the_next_analysis_once_that_is_asked_for(system: System) -> None:
    shown = f"{system.output.folder}/1.jpg"
    system.service.rows("UPDATE scenes SET keyframe_key = %s", shown)

    assert system.found(repair=True) == {FindingKind.MISSING_KEYFRAME: 1}

    [(address,)] = system.service.rows("SELECT address FROM stage_outputs")
    assert address == f"lost-{system.output.output_id}"


def test_the_file_of_a_proxy_is_kept_and_that_of_a_former_attempt_is_not(system: System) -> None:
    ready_proxy(system)
    whole = system.listed()
    system.item.put(f"assets/{system.item.asset_id}/proxy-1/proxy.webm", PROXY)

    assert system.found() == {FindingKind.ORPHANED_OBJECT: 1}
    assert system.reconcile(repair=True).left == 0
    assert system.listed() == whole


def test_a_proxy_whose_file_is_missing_can_be_requested_again(system: System) -> None:
    proxy_without_file(system)

    system.reconcile(repair=True)

    found = system.item.call("GET", "/playback").json()["result"]["playback"]["proxy"]
    assert (found["status"], found["reason"]) == ("FAILED", "The file of the proxy is missing. Request it again.")
    assert system.item.call("POST", "/playback").json()["result"]["playback"]["proxy"]["status"] == "WAITING"


def test_objects_that_wait_for_their_erasure_are_no_findings(system: System) -> None:
    system.item.call("DELETE")

    report = system.reconcile()

    assert report.left == 0
    assert report.pending.objects == 4
    assert report.pending.oldest is not None


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "of an import that goes on"])
def test_what_is_being_written_is_no_finding(announced: bool, system: System) -> None:
    folder = f"outputs/1/{'d' * 32}"
    if announced:
        statement = "INSERT INTO erasures (prefix, not_before) VALUES (%s, now() + interval '1 day')"
        system.service.rows(statement, f"{folder}/")
    else:
        folder = f"assets/{system.site.base.register().asset_id}"
    system.item.put(f"{folder}/source-1")

    assert system.found() == {}


def test_what_was_written_recently_is_given_time(system: System) -> None:
    system.item.put("assets/999999/source-1")
    half_a_write(system)

    assert system.found(age=timedelta(minutes=1)) == {}


def test_more_than_a_page_of_everything_is_found(system: System) -> None:
    for number in range(MANY):
        file = system.data_dir / "managed" / "persons" / "1" / f"{number:032x}" / "face.jpg"
        file.parent.mkdir(parents=True)
        file.touch()
    system.service.rows(
        "INSERT INTO person_thumbnails (person_id, folder, key) SELECT person_id, folder, folder || '/face.jpg'"
        " FROM persons,"
        " (SELECT 'persons/2/' || lpad(to_hex(n), 32, '0') AS folder FROM generate_series(1, %s) n) made",
        MANY,
    )

    assert system.found() == {FindingKind.ORPHANED_OBJECT: MANY, FindingKind.MISSING_THUMBNAIL: MANY}
    report = system.reconcile(repair=True)
    assert report.tallies[FindingKind.ORPHANED_OBJECT].repaired == MANY
    assert system.reconcile().pending.objects == MANY


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows processes as files")
def test_a_media_process_without_its_worker_is_found() -> None:
    child = [sys.executable, "-c", "import time; time.sleep(60)", "scenedex.media.launch"]
    program = f"import subprocess; print(subprocess.Popen({child!r}, stdout=-3, stderr=-3).pid)"
    pid = int(subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout)
    try:
        deadline = time.monotonic() + 60
        while (
            Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1] != "1" and time.monotonic() < deadline
        ):
            time.sleep(0.02)
        assert f"process {pid}" in machine.left_processes(older_than_seconds=0)
        assert f"process {pid}" not in machine.left_processes()
    finally:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def command(system: System, *options: str) -> tuple[int, str]:
    """Run the command and return its exit status and its output."""
    url = system.service.platform.settings.database.url
    assert url is not None
    environment = {"SCENEDEX_DATABASE_URL": url.get_secret_value(), "SCENEDEX_DATA_DIR": str(system.data_dir)}
    ended = CliRunner().invoke(app, ["reconcile", "--min-age", "0", *options], env=environment)
    return ended.exit_code, ended.stdout


def test_the_command_prints_a_line_for_each_kind_and_succeeds_where_all_is_well(system: System) -> None:
    status, said = command(system)

    assert status == 0
    assert [line for line in said.splitlines() if line.startswith("        0  ")] == [
        f"        0  {kind.title}" for kind in FindingKind
    ]


def test_the_command_fails_while_something_is_wrong_and_says_what_to_do(system: System) -> None:
    system.item.put(f"assets/{system.item.asset_id}/source-2")
    time.sleep(0.01)

    status, said = command(system)
    assert status == 1
    assert f"        1  {FindingKind.ORPHANED_OBJECT.title}\n             assets/" in said
    assert "scenedex reconcile --data-dir " in said
    assert " --repair has them erased" in said

    status, said = command(system, "--repair", "--json")
    told = json.loads(said)
    assert (status, told["left"]) == (0, 0)
    assert told["findings"]["orphaned_object"]["repaired"] == 1
    assert set(told["findings"]) == {kind.name.lower() for kind in FindingKind}
    # Only the repair is a change, so only it is audited.
    assert system.service.rows("SELECT DISTINCT event FROM audit_events WHERE access_key IS NULL") == [
        ("Repair Store",)
    ]
