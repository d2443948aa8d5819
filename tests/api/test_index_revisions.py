"""The tag of an index changes with everything that the index shows, wherever the change is made."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from edited_indexes import Edited, delete, indexed, merge, new_person, publish_again, rename, undo_merge
from person_samples import change, create, given
from signed_calls import result

if TYPE_CHECKING:
    from tests.conftest import Site


@pytest.fixture
def edited(site: Site) -> Edited:
    return indexed(site)


def shown(edited: Edited) -> tuple[str, str]:
    """Return the index without the queries of its URLs, and its tag."""
    answer = edited.item.call("GET", "/index")
    return re.sub(r'\?expires=[^"]*', "", answer.text), answer.headers["etag"]


def status_with(edited: Edited, tag: str) -> int:
    site = edited.site
    return site.api("GET", f"{edited.item.path}/index", headers={"if-none-match": tag}).status_code


def post(edited: Edited, person_id: int, below: str, body: dict[str, Any]) -> dict[str, Any]:
    return result(edited.site.api("POST", f"{edited.site.path}/persons/{person_id}/{below}", body))


def test_each_change_gives_another_tag(edited: Edited) -> None:
    site, person = edited.site, edited.person_id
    pictured = create(site, "Zoe", pictures=2)
    zoe, pictures = pictured["personId"], [one["id"] for one in pictured["thumbnails"]]
    other, jane = new_person(site, "Other"), new_person(site, "Jane")
    place = {"assetId": edited.item.asset_id, "sceneId": 2}
    steps = {
        "name a person": lambda: rename(site, person, "Ada"),
        "take a name away": lambda: rename(site, person, None),
        "name it again": lambda: rename(site, person, "Ada"),
        "correct a line": lambda: result(edited.correct({"text": "Another line."})),
        "give a line to a speaker": lambda: result(edited.correct({"speaker": "Anchor"})),
        "rename a speaker": lambda: result(edited.change("Anchor", {"name": "Host"})),
        "link a speaker": lambda: result(edited.change("Host", {"personId": jane})),
        "rename the linked person": lambda: rename(site, jane, "Jane Doe"),
        "merge the linked person": lambda: merge(site, jane, other),
        "undo that merge": lambda: undo_merge(site, jane, other),
        "unlink the speaker": lambda: result(edited.change("Jane Doe", {"personId": 0})),
        "give a scene to another person": lambda: result(edited.give({"personId": zoe})),
        "choose another thumbnail": lambda: result(change(site, zoe, primaryThumbnailId=pictures[1])),
        "add a primary thumbnail": lambda: post(
            edited, zoe, "person-thumbnail", {"thumbnails": [{**given(site)[0], "isPrimaryThumbnail": True}]}
        ),
        "merge a seen person": lambda: merge(site, zoe, other),
        "undo the merge": lambda: undo_merge(site, zoe, other),
        "move appearances": lambda: post(edited, person, "split", {"appearances": [place], "name": "Eve"}),
        "delete a seen person": lambda: delete(site, zoe),
        "analyse again": lambda: publish_again(edited),
    }
    former, tag = shown(edited)
    unseen: list[str] = []
    for name, step in steps.items():
        assert status_with(edited, tag) == 304, f"before: {name}"
        step()
        body, next_tag = shown(edited)
        if body == former:
            unseen.append(name)
        assert (next_tag != tag) or body == former, name
        assert status_with(edited, tag) == (200 if next_tag != tag else 304), name
        former, tag = body, next_tag
    assert unseen == []


def test_a_change_elsewhere_leaves_the_tag(edited: Edited) -> None:
    _, tag = shown(edited)
    somebody = new_person(edited.site, "Somebody")

    rename(edited.site, somebody, "Somebody else")
    edited.item.folder.register()

    assert shown(edited)[1] == tag
