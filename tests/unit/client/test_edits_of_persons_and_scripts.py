from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scenedex.client import AnalysisOptions, Client, Conflict, NotFound

if TYPE_CHECKING:
    from scenedex.client.indexes import AssetIndex
    from scenedex.client.testing import FakeService, People


@pytest.fixture
def people(service: FakeService) -> People:
    return service.people["archive"]


@pytest.fixture
def index(client: Client) -> AssetIndex:
    """The index of an asset with three lines of one speaker."""
    assets = client.assets("archive", 1001)
    asset_id = assets.register("footage", "interview.mp4").asset_id
    assets.wait_import(asset_id)
    index = client.index("archive", 1001, asset_id)
    index.request(AnalysisOptions(analysis_person_count=3))
    index.wait()
    return index


def test_a_person_of_a_scene_becomes_another(index: AssetIndex, people: People) -> None:
    ada = people.register("Ada", seen=[(index.asset_id, 1), (index.asset_id, 2)])
    grace = people.register("Grace")

    first = index.correct_person(1, ada.person_id, to_person_id=grace.person_id)
    second = index.correct_person(2, ada.person_id, name="Joan")

    assert [person.name for person in first.persons] == ["Grace"]
    assert [person.name for person in second.persons] == ["Joan"]
    assert second.updated_user_name == "fake"
    with pytest.raises(NotFound):
        index.correct_person(2, ada.person_id, name="Joan")


def test_a_line_gets_another_text_or_speaker(index: AssetIndex) -> None:
    assert index.correct_script(2, text="Good evening.").text == "Good evening."
    edited = index.correct_script(2, speaker="Anchor")

    assert (edited.text, edited.speaker, edited.updated_user_name) == ("Good evening.", "Anchor", "fake")
    lines = [line.text for scene in index.get().scenes for line in scene.scripts]
    assert lines == ["Line 1.", "Good evening.", "Line 3."]
    with pytest.raises(NotFound):
        index.correct_script(9, text="Good evening.")


def test_a_speaker_is_renamed_in_all_lines(index: AssetIndex) -> None:
    edited = index.rename_speaker("Speaker 1", "Anchor / left")

    assert (edited.speaker, edited.script_count) == ("Anchor / left", 3)
    assert index.rename_speaker("Anchor / left", "Anchor").speaker == "Anchor"
    with pytest.raises(NotFound):
        index.rename_speaker("Speaker 1", "Anchor")


def test_a_speaker_is_linked_to_a_person_and_unlinked(index: AssetIndex, people: People, service: FakeService) -> None:
    ada = people.register("Ada")

    assert index.link_speaker("Speaker 1", ada.person_id).person_id == ada.person_id
    assert index.get().scenes[0].scripts[0].speaker_person_id == ada.person_id
    assert index.link_speaker("Ada", None).person_id is None
    assert service.received[-1].body == b'{"personId":null}'
    with pytest.raises(NotFound):
        index.link_speaker("Ada", 99)


def test_an_index_that_is_not_there_is_not_corrected(client: Client) -> None:
    asset_id = client.assets("archive", 1001).register("footage", "interview.mp4").asset_id

    with pytest.raises(Conflict):
        client.index("archive", 1001, asset_id).correct_script(1, text="Good evening.")


def test_corrections_name_only_what_is_corrected(index: AssetIndex, people: People, service: FakeService) -> None:
    ada = people.register("Ada", seen=[(index.asset_id, 1), (index.asset_id, 2)]).person_id

    index.correct_script(1, text="Good evening.")
    index.correct_script(1, speaker="Anchor")
    index.rename_speaker("Anchor", "Host")
    index.correct_person(1, ada, name="Grace")
    index.correct_person(2, ada, to_person_id=ada)

    assert [it.body for it in service.received[-5:]] == [
        b'{"text":"Good evening."}',
        b'{"speaker":"Anchor"}',
        b'{"name":"Host"}',
        b'{"name":"Grace"}',
        b'{"personId":%d}' % ada,
    ]
