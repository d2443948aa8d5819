"""Indexes that tests edit, and their state after edits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from index_samples import SCRIPT, with_findings
from scenedex.index.records import IndexedAppearance, IndexedPerson
from scenedex.index.service import publish
from signed_calls import result

if TYPE_CHECKING:
    import httpx2
    from tests.conftest import Folder, Item, Site

    from scenedex.index.records import IndexedScene, NewIndex

SCRIPTS = (
    replace(SCRIPT, script_id=1, speaker="Speaker 1", text="Good morning."),
    replace(SCRIPT, script_id=2, speaker="Speaker 2", text="Who is there?", start_ms=200),
    replace(SCRIPT, script_id=3, speaker="Speaker 1", text="It is me.", start_ms=300),
)
ABSENT = 999_999_999


def new_person(site: Site, name: str | None = None) -> int:
    [(person_id,)] = site.service.rows(
        "INSERT INTO persons (workspace_id, name, created_user_name, updated_user_name)"
        " SELECT workspace_id, %s, 'alice', 'alice' FROM workspaces WHERE workspace_name = %s RETURNING person_id",
        name,
        site.name,
    )
    return person_id


def rename(site: Site, person_id: int, name: str | None) -> None:
    result(site.api("PATCH", f"{site.path}/persons/{person_id}", {"name": name or ""}))


def merge(site: Site, person_id: int, into: int) -> None:
    result(site.api("POST", f"{site.path}/persons/{into}/merge", {"personIds": [person_id]}))


def undo_merge(site: Site, person_id: int, into: int) -> None:
    result(site.api("POST", f"{site.path}/persons/{into}/split", {"mergedPersonId": person_id}))


def delete(site: Site, person_id: int) -> None:
    result(site.api("DELETE", f"{site.path}/persons/{person_id}"))


@dataclass(frozen=True, slots=True)
class Edited:
    """An asset with an index of two scenes that show a person, and three lines of two speakers in the first."""

    item: Item
    index_id: int
    person_id: int

    @property
    def site(self) -> Site:
        return self.item.folder.site

    def index(self) -> dict[str, Any]:
        return result(self.item.call("GET", "/index"))

    def persons(self, scene: int = 1) -> list[tuple[int, str | None, int]]:
        """Return id, name and number of appearances of each person in a scene."""
        found = self.index()["scenes"][scene - 1]["persons"]
        return [(one["personId"], one.get("name"), len(one["appearances"])) for one in found]

    def scripts(self) -> list[dict[str, Any]]:
        return self.index()["scenes"][0]["scripts"]

    def speakers(self) -> list[str]:
        return [line["speaker"] for line in self.scripts()]

    def give(self, body: object, *, scene: object = 1, person_id: object = None) -> httpx2.Response:
        whom = self.person_id if person_id is None else person_id
        return self.item.call("PATCH", f"/index/scenes/{scene}/persons/{whom}", body)

    def correct(self, body: object, *, script: object = 1) -> httpx2.Response:
        return self.item.call("PATCH", f"/index/scripts/{script}", body)

    def change(self, speaker: str, body: object) -> httpx2.Response:
        return self.item.call("PATCH", f"/index/speakers/{quote(speaker, safe='')}", body)

    def edit_count(self) -> int:
        [(count,)] = self.item.service.rows("SELECT edit_count FROM indexes WHERE index_id = %s", self.index_id)
        return count

    def counts(self, person_id: int) -> tuple[int, int]:
        """Return the numbers of assets and scenes that show a person."""
        [counts] = self.item.service.rows(
            "SELECT asset_count, scene_count FROM persons WHERE person_id = %s", person_id
        )
        return counts[0], counts[1]


def put(item: Item, index: NewIndex) -> int:
    """Publish an index and return the number of edits that it replaced."""
    return item.service.transact(lambda tx: publish(tx, index))


def scenes_with(item: Item, person_id: int) -> tuple[IndexedScene, ...]:
    first, second = item.made_index(1, scenes=2).scenes
    elsewhere = IndexedPerson(person_id, (IndexedAppearance(1200, 1700, 0.9),))
    return replace(with_findings(first, person_id), scripts=SCRIPTS), replace(second, persons=(elsewhere,))


def indexed(site: Site, folder: Folder | None = None) -> Edited:
    """An asset with an index to edit, in the base project or in another one."""
    item = (folder or site.base).imported()
    person_id = new_person(site)
    index_id = item.request_analysis()
    index = replace(item.made_index(index_id), scenes=scenes_with(item, person_id))
    put(item, index)
    return Edited(item, index_id, person_id)


def publish_again(edited: Edited) -> int:
    """Publish the index of the next analysis and return the number of edits that it replaced."""
    item = edited.item
    index = replace(item.made_index(edited.index_id + 1_000_000), scenes=scenes_with(item, edited.person_id))
    return put(item, index)
