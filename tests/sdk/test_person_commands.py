from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app_transport import CROWDED, NO_FACE
from lookalikes import FRONT, People, like
from person_samples import create, met, put_on, seen, tag

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Site

    from app_transport import Worker
    from command_line import CommandLine


@pytest.fixture
def face(tmp_path: Path) -> Path:
    """A picture of a face."""
    picture = tmp_path / "face.jpg"
    picture.write_bytes(b"face")
    return picture


def test_persons_are_listed_with_counts_and_tags(scenedex: CommandLine, site: Site) -> None:
    ada, unknown = met(site, "Ada"), met(site)
    seen(site.base.imported(), ada, ada, unknown)
    seen(site.base.imported(), ada)
    put_on(site, ada, tag(site, "pioneer"))

    listed = scenedex("persons", "list")

    assert listed.rows() == [[str(ada), "Ada", "2", "3", "pioneer"], [str(unknown), "(anonymous)", "1", "1", ""]]
    assert [it["personId"] for it in scenedex("persons", "list", "--json").lines()] == [ada, unknown]


def test_persons_are_filtered_and_sorted(scenedex: CommandLine, site: Site) -> None:
    met(site, "Ada")
    grace, unknown = met(site, "Grace"), met(site)
    seen(site.base.imported(), grace, unknown)
    seen(site.base.imported(), grace)
    put_on(site, grace, tag(site, "pioneer"))

    for words, names in (
        ("--named", ["Grace", "Ada"]),
        ("--anonymous", [None]),
        ("--name ada", ["Ada"]),
        ("--tag pioneer", ["Grace"]),
        ("--sort name", ["Ada", "Grace", None]),
        ("--sort person_id", ["Ada", "Grace", None]),
        ("--sort created_at", [None, "Grace", "Ada"]),
        ("--sort asset_count --reverse", ["Ada", None, "Grace"]),
    ):
        listed = scenedex("persons", "list", *words.split(), "--json").lines()
        assert [it["name"] for it in listed] == names, words


def test_an_unknown_tag_is_an_error(scenedex: CommandLine) -> None:
    error = scenedex("persons", "list", "--tag", "poet").error(3)

    assert error == "Error: There is no person tag poet in the workspace.\n"


def test_a_person_is_shown_with_similar_ones_and_the_latest_events(scenedex: CommandLine, site: Site) -> None:
    people = People(site)
    ada, grace = create(site, "Ada", pictures=2)["personId"], people.add(like(91), name="Grace")
    site.service.rows("DELETE FROM person_faces WHERE person_id = %s", ada)
    people.learn(ada, FRONT)
    scenedex("persons", "name", str(ada), "Ada Lovelace")

    shown = scenedex("persons", "show", str(ada))

    rows = shown.rows()
    assert "Ada Lovelace" in shown.out
    assert rows[0][:2] == [str(grace), "Grace"]
    assert float(rows[0][2]) == pytest.approx(91, abs=0.5)
    assert [row[2:4] for row in rows[1:]] == [["named", "Ada → Ada Lovelace"], ["registered", "Ada, 2 pictures"]]
    [document] = scenedex("persons", "show", str(ada), "--json").lines()
    assert len(document["thumbnails"]) == 2


def test_a_person_is_created_by_pictures_named_described_and_found_by_a_picture(
    scenedex: CommandLine, worker: Worker, face: Path
) -> None:
    worker.faces = {b"face": FRONT}
    picture = str(face)

    [created] = scenedex("persons", "create", picture, picture, "--description", "Wrote.", "--json").lines()

    person = str(created["personId"])
    assert (created["name"], created["description"], len(created["thumbnails"])) == (None, "Wrote.", 2)
    assert "Ada" in scenedex("persons", "name", person, "Ada").out
    assert "Countess" in scenedex("persons", "describe", person, "Countess").out
    [found] = scenedex("persons", "recommend", picture, "--count", "1", "--score", "90").rows()
    assert found[:2] == [person, "Ada"]
    assert "(anonymous)" in scenedex("persons", "name", person, "--clear").out
    assert "Countess" not in scenedex("persons", "describe", person, "--clear").out


def test_a_picture_without_a_face_is_named_with_the_reason(scenedex: CommandLine, face: Path) -> None:
    face.write_bytes(NO_FACE)

    error = scenedex("persons", "create", str(face), "--name", "Ada").error(1)

    assert error == "Error: The file was refused: face.jpg: NO_FACE: no face\n"
    assert scenedex("persons", "list").out == "There are none.\n"


def test_persons_are_merged_and_split(scenedex: CommandLine, site: Site) -> None:
    persons = [met(site, "Ada"), met(site), met(site)]
    for one in persons:
        seen(site.base.imported(), one)
    ada, other, third = map(str, persons)

    merged = scenedex("persons", "merge", ada, other, third, typed="y\n")
    assert merged.status == 0
    assert "persons split" in merged.err
    assert [row[2] for row in scenedex("persons", "list").rows()] == ["3"]
    assert scenedex("persons", "show", other).status == 3

    [split] = scenedex("persons", "split", ada, "--merged", other, "--json").lines()
    assert split["splitPersonId"] == int(other)
    assert "merged" in scenedex("persons", "history", ada).out
    scenedex("persons", "split", ada, "--merged", other).error(5)


def test_appearances_of_a_person_are_given_to_another(scenedex: CommandLine, site: Site) -> None:
    ada, grace = met(site, "Ada"), met(site, "Grace")
    items = [site.base.imported() for _ in range(3)]
    seen(items[0], ada, ada)
    seen(items[1], ada)
    seen(items[2], ada)
    person = str(ada)
    first, second, third = (str(item.asset_id) for item in items)

    to_grace = scenedex(
        "persons", "split", person, "--asset", first, "--scene", "1", "--scene", "2", "--to", str(grace)
    )
    to_joan = scenedex("persons", "split", person, "--asset", second, "--name", "Joan", "--json")
    rejected = scenedex("persons", "reject", person, "--asset", third, "--start", "500", "--json")

    assert "Grace" in to_grace.out
    assert to_joan.lines()[0]["name"] == "Joan"
    assert rejected.lines()[0]["movedAppearanceCount"] == 1


def test_a_rejected_person_is_not_similar_any_more(scenedex: CommandLine, site: Site) -> None:
    people = People(site)
    ada, grace = str(people.add(FRONT, name="Ada")), str(people.add(like(91), name="Grace"))

    [similar] = scenedex("persons", "similar", ada).rows()
    assert similar[:2] == [grace, "Grace"]
    assert grace in scenedex("persons", "reject", ada, grace).out
    assert scenedex("persons", "similar", ada).out == "There are none.\n"


def test_suggestions_are_listed_accepted_and_rejected(scenedex: CommandLine, site: Site) -> None:
    ada, other, third = met(site, "Ada"), met(site), met(site)
    asset_id = site.base.imported().asset_id
    accepted, rejected = (
        str(
            site.service.rows(
                "INSERT INTO person_suggestions (workspace_id, person_id, other_id, score, asset_id)"
                " SELECT workspace_id, person_id, %s, %s, %s FROM persons WHERE person_id = %s RETURNING suggestion_id",
                ada,
                score,
                asset_id,
                person,
            )[0][0]
        )
        for person, score in ((other, 72.5), (third, 60))
    )

    rows = scenedex("persons", "suggestions", "list").rows()
    assert [(row[0], row[1], row[3]) for row in rows] == [
        (accepted, str(other), str(ada)),
        (rejected, str(third), str(ada)),
    ]
    listed = scenedex("persons", "suggestions", "list", "--json").lines()
    assert [(str(one["suggestionId"]), one["score"]) for one in listed] == [(accepted, 72.5), (rejected, 60)]
    assert len(scenedex("persons", "suggestions", "list", "--person", str(third)).rows()) == 1
    unsure = scenedex("persons", "suggestions", "accept", accepted)
    assert (unsure.status, unsure.out.strip()) == (1, "")
    assert unsure.err.endswith("Error: there is no terminal to ask on. Answer with --yes\n")
    assert scenedex("persons", "suggestions", "accept", accepted, "--yes", "--json").lines()[0]["personId"] == ada
    assert str(ada) in scenedex("persons", "suggestions", "reject", rejected).out
    assert scenedex("persons", "suggestions", "list").out == "There are none.\n"
    assert scenedex("persons", "suggestions", "accept", accepted, "--yes").status == 3


def test_the_face_that_was_taken_of_several_is_named(scenedex: CommandLine, face: Path) -> None:
    face.write_bytes(CROWDED)

    created = scenedex("persons", "create", str(face), "--json")

    assert created.err == "Note: face.jpg: taken was the largest face\n"
    person = str(created.lines()[0]["personId"])
    for words in (("pictures", "add", person), ("recommend",)):
        assert "taken was the largest face" in scenedex("persons", *words, str(face)).err


def test_tags_are_created_when_they_are_put_on(scenedex: CommandLine, site: Site) -> None:
    tag(site, "poetry")
    person = str(met(site, "Ada"))

    given = scenedex("persons", "tag", person, "poet", "poet", "pioneer", "--json").lines()
    assert sorted(it["name"] for it in given) == ["pioneer", "poet"]
    assert [row[1] for row in scenedex("persons", "untag", person, "poet").rows()] == ["pioneer"]
    assert sorted(row[1] for row in scenedex("persons", "tags", "list").rows()) == ["pioneer", "poet", "poetry"]
    assert scenedex("persons", "tags", "delete", "pioneer", "--yes").out == "The tag pioneer is deleted.\n"
    assert scenedex("persons", "show", person, "--json").lines()[0]["tags"] == []
    scenedex("persons", "untag", person, "pioneer").error(3)


def test_pictures_are_added_chosen_and_removed(scenedex: CommandLine, site: Site, face: Path) -> None:
    ada = create(site, "Ada")
    person, former = str(ada["personId"]), str(ada["thumbnails"][0]["id"])

    added = scenedex("persons", "pictures", "add", person, str(face), "--primary", "--json").lines()

    first = str(added[0]["id"])
    assert [(str(it["id"]), it["isPrimaryThumbnail"]) for it in added] == [(first, True), (former, False)]
    assert scenedex("persons", "pictures", "choose", person, former).status == 0
    listed = scenedex("persons", "pictures", "list", person).rows()
    # A long URL takes several rows.
    assert [row[:2] for row in listed if row[0]] == [[former, "yes"], [first, ""]]
    remaining = scenedex("persons", "pictures", "remove", person, first, "--yes").rows()
    assert [row[0] for row in remaining if row[0]] == [former]
    scenedex("persons", "pictures", "remove", person, former, "--yes").error(6)


def test_a_person_is_deleted_or_erased(scenedex: CommandLine, site: Site) -> None:
    ada, grace = met(site, "Ada"), met(site, "Grace")

    assert scenedex("persons", "delete", str(ada), "-y").out == f"Person {ada} is deleted.\n"
    erased = scenedex("persons", "delete", str(grace), "--erase", "-y").rows()
    assert ["person", "1", str(grace)] in erased
    assert scenedex("persons", "list").out == "There are none.\n"


def test_refusals_are_one_line_and_an_exit_status(scenedex: CommandLine, site: Site) -> None:
    ada = str(met(site, "Ada"))
    met(site, "Grace")

    assert "[404 40407]" in scenedex("persons", "show", "999999999").error(3)
    assert "[409 40910]" in scenedex("persons", "name", ada, "Grace").error(5)
    assert "personIds: " in scenedex("persons", "merge", ada, ada, "-y").error(6)
