"""Changes of persons: names, descriptions, primary thumbnails, deletion."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from person_samples import change, create, delete, events, found, get, listed, merged, met, put_on, seen, tag, urls
from person_samples import given as thumbnails_of
from signed_calls import code, fields, result

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Service, Site


FORBIDDEN = [";", "|", "`", *map(chr, range(32)), "\x7f"]


@pytest.mark.parametrize("name", ["", " ", "\u3000", "\u200b", "a" * 51, "😀" * 51, *FORBIDDEN])
def test_a_name_that_is_none_is_refused(name: str, site: Site) -> None:
    person_id = met(site)

    for refused in (
        site.api("POST", f"{site.path}/persons", {"name": name, "thumbnails": thumbnails_of(site)}),
        *([change(site, person_id, name=name)] if name else []),  # an empty one takes the name away
    ):
        assert (code(refused), fields(refused)) == ((400, "10001"), ["name"])


@pytest.mark.parametrize("text", ["", " \n", "a" * 701, "a\x00b", "a\x1bb"])
def test_a_description_that_is_none_is_refused(text: str, site: Site) -> None:
    person_id = met(site)

    for refused in (
        site.api("POST", f"{site.path}/persons", {"description": text, "thumbnails": thumbnails_of(site)}),
        *([change(site, person_id, description=text)] if text else []),
    ):
        assert (code(refused), fields(refused)) == ((400, "10001"), ["description"])


@settings(max_examples=20, deadline=None)
@given(
    name=st.text(
        st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=";|`"), min_size=1, max_size=50
    ).filter(lambda name: any(character.isprintable() and not character.isspace() for character in name))
)
def test_a_person_bears_any_allowed_name_and_is_found_by_it(name: str, module_site: Site) -> None:
    person_id, borne = met(module_site), normalize("NFC", name.strip(" \u00a0\u3000"))

    changed = change(module_site, person_id, name=name)

    assert changed.status_code == 409 or changed.json()["result"]["name"] == borne
    if len(borne) > 1 and changed.status_code == 200:
        assert person_id in found(module_site, name=borne)


def test_a_name_belongs_to_one_person_of_the_workspace(
    service: Service, site: Site, new_site: Callable[[Service], Site]
) -> None:
    create(site, "Jane")
    other = met(site, "Bob")

    created = site.api("POST", f"{site.path}/persons", {"name": "Jane", "thumbnails": thumbnails_of(site)})
    renamed = change(site, other, name="Jane")

    assert (code(created), fields(created)) == ((409, "40910"), ["name"])
    assert (code(renamed), fields(renamed)) == ((409, "40910"), ["name"])
    assert create(new_site(service), "Jane")["name"] == "Jane"


def test_names_of_merged_and_deleted_persons_are_free(site: Site) -> None:
    absorbed, into, deleted = met(site, "Jane"), met(site, "Bob"), met(site, "Eve")
    merged(site, absorbed, into)
    result(delete(site, deleted))

    assert [create(site, name)["name"] for name in ("Jane", "Eve")] == ["Jane", "Eve"]


def test_of_creations_of_one_name_one_succeeds(site: Site) -> None:
    bodies = [{"name": "Jane", "thumbnails": thumbnails_of(site)} for _ in range(8)]

    answers = site.api.at_once(*[("POST", f"{site.path}/persons", body) for body in bodies])

    assert sorted(map(code, answers)) == [(200, "0"), *[(409, "40910")] * 7]


def test_of_persons_named_the_same_at_once_one_gets_the_name(site: Site) -> None:
    persons = [met(site) for _ in range(8)]

    answers = site.api.at_once(*[("PATCH", f"{site.path}/persons/{one}", {"name": "Jane"}) for one in persons])

    assert sorted(map(code, answers)) == [(200, "0"), *[(409, "40910")] * 7]


def test_a_person_that_was_met_is_named(site: Site) -> None:
    person_id = met(site)
    bob = site.service.api(user="bob")

    named = result(bob("PATCH", f"{site.path}/persons/{person_id}", {"name": "Jane"}))

    assert (named["name"], get(site, person_id)) == ("Jane", named)
    assert named["updatedTime"] > named["createdTime"]
    assert events(site, person_id) == [("NAMED", {"name": "Jane"}, "bob")]
    assert site.service.rows("SELECT updated_user_name FROM persons WHERE person_id = %s", person_id) == [("bob",)]


def test_a_person_may_be_given_its_own_name(site: Site) -> None:
    person_id = met(site, "Jane")

    assert result(change(site, person_id, name="Jane"))["name"] == "Jane"
    assert events(site, person_id) == []


def test_a_name_and_description_may_be_taken_away(site: Site) -> None:
    person = create(site, "Jane", description="Reporter")

    changed = result(change(site, person["personId"], name="", description=""))

    assert changed["name"] is None
    assert "description" not in changed
    assert events(site, person["personId"])[1:] == [("NAMED", {"former_name": "Jane"}, "alice")]


def test_null_equals_absence(site: Site) -> None:
    person = create(site, "Jane", description="Reporter")

    unchanged = result(change(site, person["personId"], name=None, description=None, primaryThumbnailId=None))

    assert unchanged == {**person, **urls(unchanged)}


def test_what_a_change_does_not_name_stays(site: Site) -> None:
    person = create(site, "Jane", description="Reporter")

    described = result(change(site, person["personId"], description="Editor"))

    assert {**described, "updatedTime": ""} == {**person, "description": "Editor", "updatedTime": "", **urls(described)}


def test_a_change_of_nothing_changes_nothing(site: Site) -> None:
    person = create(site, "Jane")

    unchanged = result(change(site, person["personId"]))

    assert unchanged == {**person, **urls(unchanged)}


def test_another_thumbnail_becomes_the_primary(site: Site) -> None:
    person = create(site, pictures=3)
    last = person["thumbnails"][2]["id"]

    changed = result(change(site, person["personId"], primaryThumbnailId=last))

    assert [one["id"] for one in changed["thumbnails"] if one["isPrimaryThumbnail"]] == [last]
    assert changed["thumbnails"][0]["id"] == last


def test_a_thumbnail_of_somebody_merged_into_the_person_may_be_the_primary(site: Site) -> None:
    person, absorbed = create(site), create(site)
    merged(site, absorbed["personId"], person["personId"])
    chosen = absorbed["thumbnails"][0]["id"]

    changed = result(change(site, person["personId"], primaryThumbnailId=chosen))

    assert [one["id"] for one in changed["thumbnails"]] == [chosen, person["thumbnails"][0]["id"]]


@pytest.mark.parametrize("thumbnail_id", [0, -1, 2**63, 10**40, "1", 1.5])
def test_a_primary_thumbnail_that_is_none_is_refused(thumbnail_id: object, site: Site) -> None:
    refused = change(site, create(site)["personId"], primaryThumbnailId=thumbnail_id)

    assert (code(refused), fields(refused)) == ((400, "10001"), ["primaryThumbnailId"])


def test_the_thumbnail_of_another_person_is_no_primary(site: Site) -> None:
    other = create(site)

    refused = change(site, create(site)["personId"], primaryThumbnailId=other["thumbnails"][0]["id"])

    assert (code(refused), fields(refused)) == ((400, "10001"), ["primaryThumbnailId"])


def test_deleting_a_person_answers_what_it_was(site: Site) -> None:
    person = create(site, "Jane")

    deleted = result(delete(site, person["personId"]))

    assert deleted == {**person, **urls(deleted)}
    assert code(site.api("GET", f"{site.path}/persons/{person['personId']}")) == (404, "40407")
    assert code(delete(site, person["personId"])) == (404, "40407")


def test_a_deleted_person_is_nameless_where_it_is_seen(site: Site) -> None:
    jane, absorbed = create(site, "Jane")["personId"], create(site, "J.", description="twin")["personId"]
    put_on(site, absorbed, tag(site, "reporters"))
    merged(site, absorbed, jane)
    item = site.base.imported()
    seen(item, jane, absorbed)

    result(delete(site, jane))

    persons = [one for scene in item.call("GET", "/index").json()["result"]["scenes"] for one in scene["persons"]]
    assert [one["personId"] for one in persons] == [jane, jane]
    assert all("name" not in one and "thumbnailUrl" not in one for one in persons)
    for table in ("person_faces", "person_thumbnails", "tags_of_persons", "persons_of_speakers"):
        assert site.service.rows(f"SELECT 1 FROM {table} WHERE person_id IN (%s, %s)", jane, absorbed) == []
    assert site.service.rows(
        "SELECT DISTINCT name, description, primary_thumbnail_id, deleted_time IS NULL FROM persons"
        " WHERE person_id IN (%s, %s)",
        jane,
        absorbed,
    ) == [(None, None, None, False)]
    assert listed(site) == found(site) == []


def test_the_pictures_of_a_deleted_person_are_erased(site: Site) -> None:
    person = create(site, pictures=2)
    folders = site.service.rows("SELECT folder || '/' FROM person_thumbnails WHERE person_id = %s", person["personId"])

    result(delete(site, person["personId"]))

    noted = site.service.rows("SELECT prefix FROM erasures WHERE prefix = ANY(%s)", [folder for (folder,) in folders])
    assert sorted(noted) == sorted(folders)
    assert events(site, person["personId"])[-1] == ("DELETED", {"asset_count": 0, "thumbnail_count": 2}, "alice")


def test_of_two_deletions_at_once_one_succeeds(site: Site) -> None:
    person_id = met(site, "Jane")

    answers = site.api.at_once(*[("DELETE", f"{site.path}/persons/{person_id}", None)] * 4)

    assert sorted(map(code, answers)) == [(200, "0"), *[(404, "40407")] * 3]
