"""Work folders: empty at the start, removed at the end, without leftovers of killed workers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.analysis.work_folders import WorkFolders

if TYPE_CHECKING:
    from pathlib import Path


def test_a_folder_is_empty_and_goes_with_its_try(tmp_path: Path) -> None:
    with WorkFolders(tmp_path / "work").folder(7) as folder:
        assert list(folder.iterdir()) == []
        (folder / "stills.pack").touch()

    assert list((tmp_path / "work").iterdir()) == []


def test_a_try_removes_what_broken_off_tries_left(tmp_path: Path) -> None:
    (tmp_path / "analysis-7-old").mkdir()
    (tmp_path / "analysis-77-other").mkdir()

    with WorkFolders(tmp_path).folder(7):
        assert not (tmp_path / "analysis-7-old").exists()

    assert (tmp_path / "analysis-77-other").exists()


def test_folders_of_analyses_that_are_over_go(tmp_path: Path) -> None:
    for name in ("analysis-1-a", "analysis-2-b", "something else"):
        (tmp_path / name).mkdir()

    work = WorkFolders(tmp_path)
    work.remove(work.index_ids() - {2})

    assert sorted(path.name for path in tmp_path.iterdir()) == ["analysis-2-b", "something else"]


def test_no_folder_yet_is_nothing_to_tidy(tmp_path: Path) -> None:
    assert WorkFolders(tmp_path / "none").index_ids() == set()
