"""What scene summaries are made of: persons, lines and pictures that change before, during and after a run."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from edited_indexes import new_person, put, rename, scenes_with
from index_samples import SCRIPT
from scenedex.engines.summaries.scripted import ScriptedPause, SummaryScript
from scenedex.jobs.errors import GivenUp
from scenedex.summaries.run import EvidenceChanged
from search_samples import Archive
from summary_samples import OWN_IDS, attempts, drafts, handler, requested, status, summarised, texts, until, with_scenes

if TYPE_CHECKING:
    from tests.conftest import Site


def test_what_a_failed_run_made_is_not_used_if_the_evidence_has_changed(site: Site) -> None:
    item, service = site.base.imported(), site.service
    person = new_person(site, "Ann")
    index = item.made_index(OWN_IDS + item.asset_id)
    put(item, replace(index, scenes=scenes_with(item, person)))
    summary_id = requested(item)
    made = attempts(service, handler(service, SummaryScript(failures={2: 9})), max_attempts=1)
    with pytest.raises(GivenUp):
        service.run(lambda: made.run(summary_id))
    assert drafts(item) == [1]

    rename(site, person, "Bea")
    script = SummaryScript()
    summarised(item, script=script)

    assert script.said == [1, 2]
    assert "Bea is there." in texts(item)[1]


def test_what_a_failed_run_made_is_not_used_in_another_language(site: Site) -> None:
    item, service = with_scenes(site, 2), site.service
    summary_id = requested(item)
    made = attempts(service, handler(service, SummaryScript(failures={2: 9})), max_attempts=1)
    with pytest.raises(GivenUp):
        service.run(lambda: made.run(summary_id))

    script = SummaryScript()
    summarised(item, {"locale": "ko-KR"}, script)

    assert script.said == [1, 2]


def test_names_of_others_are_known_to_be_absent(site: Site) -> None:
    item = site.base.imported()
    persons = [new_person(site, name) for name in ("Ann", "Bea", "Carl")]
    index = item.made_index(OWN_IDS + item.asset_id)
    put(item, replace(index, scenes=scenes_with(item, persons[0])))
    script = SummaryScript()

    summarised(item, script=script)

    assert script.absent_names == [{"Bea", "Carl"}] * 2


def test_pictures_are_read_as_far_as_they_are_there(site: Site) -> None:
    item, service = with_scenes(site, 3), site.service
    service.run(
        lambda: service.platform.managed.delete(f"assets/{item.asset_id}/index-{OWN_IDS + item.asset_id}/2.jpg")
    )
    script = SummaryScript(pictures_per_scene=4)

    summarised(item, script=script)

    assert script.pictures == [(500,), (), (2500,)]
    assert status(item)["progress"]["usage"]["pictures"] == 2


def test_a_partial_run_knows_the_summaries_before_its_scenes(site: Site) -> None:
    item = with_scenes(site)
    summarised(item)
    script = SummaryScript()

    summarised(item, {"sceneIds": [2, 4]}, script)

    assert (script.said, script.preceding) == ([2, 4], [1, 3])


def test_a_person_who_is_renamed_meanwhile_is_named_as_at_the_end(site: Site) -> None:
    item, service = site.base.imported(), site.service
    person = new_person(site, "Ann")
    put(item, replace(item.made_index(OWN_IDS + item.asset_id), scenes=scenes_with(item, person)))
    summary_id = requested(item)
    pause = ScriptedPause(2)
    script = SummaryScript(pause=pause)
    made = attempts(service, handler(service, script))

    async def renamed() -> None:
        work = asyncio.create_task(made.run(summary_id))
        await until(service, item, 1)
        await asyncio.to_thread(rename, site, person, "Bea")
        pause.is_over.set()
        with pytest.raises(EvidenceChanged):
            await work

    service.run(renamed)
    service.run(lambda: made.run(summary_id))

    assert script.said == [1, 2, 1, 2]
    assert all("Bea is there." in text and "Ann" not in text for text in texts(item).values())


def test_the_erasure_of_a_person_erases_the_summaries_of_its_scenes(site: Site) -> None:
    item, archive = site.base.imported(), Archive(site)
    person = new_person(site, "Annabel")
    index = item.made_index(OWN_IDS + item.asset_id, scenes=3)
    first, second, third = index.scenes
    shown, _ = scenes_with(item, person)
    # The second scene has a line of a speaker who is linked to the person. The third has neither.
    said = replace(second, scripts=(replace(SCRIPT, script_id=9, speaker="Speaker 7", start_ms=1100, end_ms=1500),))
    put(item, replace(index, scenes=(replace(first, persons=shown.persons), said, third)))
    link = item.call("PATCH", "/index/speakers/Speaker%207", {"personId": person})
    assert link.status_code == 200, link.text
    summarised(item)
    assert archive.found('"Annabel is there"') == [(item.asset_id, 1)]
    tag = item.call("GET", "/index").headers["etag"]

    answer = site.api("DELETE", f"{site.path}/persons/{person}?erase=true")

    assert {one["kind"]: one["count"] for one in answer.json()["result"]["removed"]}["SUMMARY"] == 2
    assert list(texts(item)) == [3]
    assert archive.found('"Annabel is there"') == []
    assert archive.found('"this is scene 3"') == [(item.asset_id, 3)]
    assert item.call("GET", "/index").headers["etag"] != tag


def test_an_erasure_in_the_middle_of_a_run_leaves_no_name(site: Site) -> None:
    item, service = site.base.imported(), site.service
    person = new_person(site, "Annabel")
    put(item, replace(item.made_index(OWN_IDS + item.asset_id), scenes=scenes_with(item, person)))
    summary_id = requested(item)
    pause = ScriptedPause(2)
    made = attempts(service, handler(service, SummaryScript(pause=pause)))

    async def erased() -> None:
        work = asyncio.create_task(made.run(summary_id))
        await until(service, item, 1)
        await asyncio.to_thread(site.api, "DELETE", f"{site.path}/persons/{person}?erase=true")
        pause.is_over.set()
        with pytest.raises(EvidenceChanged):
            await work

    service.run(erased)
    service.run(lambda: made.run(summary_id))

    assert not any("Annabel" in text for text in texts(item).values())
    assert drafts(item) == []
