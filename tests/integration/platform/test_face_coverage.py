"""Persons that an engine of faces can recognise, as the doctor counts them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from people_samples import ENGINE, Cast, Seen
from scenedex.persons.coverage import FaceCoverage, face_coverage

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Service, Serving, Site


def test_persons_with_faces_of_other_engines_alone_are_counted(
    serving: Serving, new_site: Callable[[Service], Site]
) -> None:
    with serving() as service:
        cast = Cast.of(new_site(service))
        _, (ada, _grace, both, deleted) = cast.film(Seen(0), Seen(1), Seen(2), Seen(3))
        cast.rows("UPDATE persons SET name = 'Ada' WHERE person_id = %s RETURNING 1", ada)
        cast.rows("UPDATE persons SET deleted_time = now() WHERE person_id = %s RETURNING 1", deleted)
        cast.rows(
            "INSERT INTO person_faces (person_id, workspace_id, engine, embedding, quality)"
            " SELECT person_id, workspace_id, 'engine 2', embedding, quality FROM person_faces WHERE person_id = %s"
            " RETURNING 1",
            both,
        )

        assert service.transact(lambda tx: face_coverage(tx, ENGINE)) == FaceCoverage(3, 3, 0, [])
        assert service.transact(lambda tx: face_coverage(tx, "engine 2")) == FaceCoverage(3, 1, 1, [ENGINE])
