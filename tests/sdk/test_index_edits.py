"""Corrections of persons, lines and speakers in an index."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from edited_indexes import indexed, new_person
from scenedex.client import Client, Conflict, NotFound

if TYPE_CHECKING:
    from tests.conftest import Site

    from edited_indexes import Edited
    from scenedex.client.indexes import AssetIndex


@pytest.fixture
def edited(site: Site) -> Edited:
    """An asset with three lines of two speakers, and a person in each of its two scenes."""
    return indexed(site)


@pytest.fixture
def index(client: Client, site: Site, edited: Edited) -> AssetIndex:
    return client.index(site.name, site.base_project, edited.item.asset_id)


def test_a_person_of_a_scene_becomes_another(index: AssetIndex, edited: Edited, site: Site) -> None:
    grace = new_person(site, "Grace")

    first = index.correct_person(1, edited.person_id, to_person_id=grace)
    second = index.correct_person(2, edited.person_id, name="Joan")

    assert [person.name for person in first.persons] == ["Grace"]
    assert [person.name for person in second.persons] == ["Joan"]
    assert second.updated_user_name == "alice"
    with pytest.raises(NotFound):
        index.correct_person(2, edited.person_id, name="Joan")


def test_a_line_gets_another_text_or_speaker(index: AssetIndex) -> None:
    assert index.correct_script(2, text="Good evening.").text == "Good evening."
    corrected = index.correct_script(2, speaker="Anchor")

    assert (corrected.text, corrected.speaker, corrected.updated_user_name) == ("Good evening.", "Anchor", "alice")
    lines = [line.text for scene in index.get().scenes for line in scene.scripts]
    assert lines == ["Good morning.", "Good evening.", "It is me."]
    with pytest.raises(NotFound, match="40411"):
        index.correct_script(9, text="Good evening.")


def test_a_speaker_is_renamed_in_all_lines(index: AssetIndex) -> None:
    renamed = index.rename_speaker("Speaker 1", "Anchor left")

    assert (renamed.speaker, renamed.script_count) == ("Anchor left", 2)
    assert index.rename_speaker("Anchor left", "한국").speaker == "한국"
    with pytest.raises(NotFound, match="40412"):
        index.rename_speaker("Speaker 1", "Anchor")


def test_a_speaker_is_linked_to_a_person_and_unlinked(index: AssetIndex, site: Site) -> None:
    ada = new_person(site, "Ada")

    assert index.link_speaker("Speaker 1", ada).person_id == ada
    assert index.get().scenes[0].scripts[0].speaker_person_id == ada
    assert index.link_speaker("Ada", None).person_id is None
    with pytest.raises(NotFound):
        index.link_speaker("Speaker 1", ada + 1)


def test_an_asset_without_index_is_not_corrected(client: Client, site: Site) -> None:
    asset_id = site.base.imported().asset_id

    with pytest.raises(Conflict):
        client.index(site.name, site.base_project, asset_id).correct_script(1, text="Good evening.")
