"""Naming and correcting a person that an index shows."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn
from unicodedata import normalize

import typer

from scenedex.cli.user.exit_codes import ExitCode
from scenedex.cli.user.session import WorkspaceSession
from scenedex.client import Conflict, EditedPersons

if TYPE_CHECKING:
    from scenedex.cli.user.session import ProjectSession
    from scenedex.client import Scene, ScenePerson
    from scenedex.client.indexes import AssetIndex


@dataclass(frozen=True, slots=True)
class Correction:
    """A person in a scene of an index.

    Attributes:
        session: access to the project.
        asset_id: id of the asset.
        scene_id: id of the scene.
        person_id: id of the person in the index.
    """

    session: ProjectSession
    asset_id: int
    scene_id: int
    person_id: int

    def give(self, right_id: int) -> tuple[EditedPersons, str]:
        """Replace the person of the scene by another. Return the persons of the scene, and what was done."""
        edited = self._index.correct_person(self.scene_id, self.person_id, to_person_id=right_id)
        return edited, self._replaced(f"person {right_id}", right_id)

    def name(self, name: str) -> tuple[EditedPersons, str]:
        """Name an anonymous person everywhere, or replace the person of the scene by the person of that name.

        Raises:
            typer.Exit: the scene does not show the person. An error has been printed.
        """
        name = normalize("NFC", name)
        if self._find(self._scene()).name is None:
            # A conflict means that another person has this name.
            with suppress(Conflict):
                self.session.client.persons(self.session.workspace).rename(self.person_id, name)
                scene = self._scene()
                named = EditedPersons(scene_id=self.scene_id, persons=scene.persons)
                return named, f"Person {self.person_id} is named {name} in all indexes."
        edited = self._index.correct_person(self.scene_id, self.person_id, name=name)
        right_id = next((person.person_id for person in edited.persons if person.name == name), None)
        return edited, self._replaced(name if right_id is None else f"{name} (person {right_id})", right_id)

    @property
    def _index(self) -> AssetIndex:
        return self.session.client.index(self.session.workspace, self.session.project_id, self.asset_id)

    def _scene(self) -> Scene:
        found = next((scene for scene in self._index.get().scenes if scene.scene_id == self.scene_id), None)
        return found or self._refuse(f"The index of asset {self.asset_id} has no scene {self.scene_id}.")

    def _find(self, scene: Scene) -> ScenePerson:
        found = next((person for person in scene.persons if person.person_id == self.person_id), None)
        return found or self._refuse(
            f"Scene {self.scene_id} of asset {self.asset_id} shows no person {self.person_id}."
        )

    def _refuse(self, reason: str) -> NoReturn:
        self.session.screen.error(reason)
        raise typer.Exit(ExitCode.NOT_FOUND)

    def _replaced(self, whom: str, right_id: int | None) -> str:
        done = f"In scene {self.scene_id}, person {self.person_id} is replaced by {whom}. Other scenes are unchanged."
        if right_id is None:
            return done
        merge = WorkspaceSession.hint(self.session, f"persons merge {right_id} {self.person_id}")
        return f"{done} If both are one person everywhere, merge them: {merge}"
