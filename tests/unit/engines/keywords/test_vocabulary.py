from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scenedex.engines.keywords import VocabularyUnreadable, bundled_vocabulary, read_vocabulary

if TYPE_CHECKING:
    from pathlib import Path


def test_the_bundled_vocabulary_has_hundreds_of_different_labels() -> None:
    labels = bundled_vocabulary()

    assert 300 <= len(labels) <= 500
    assert len({label.casefold() for label in labels}) == len(labels)
    assert {"beach", "interview", "snow", "dog"} <= set(labels)
    assert not any(label.startswith("#") or label != label.strip() for label in labels)


def test_a_file_has_one_label_a_line(tmp_path: Path) -> None:
    file = tmp_path / "words.txt"
    file.write_bytes("\ufeff# ours\nsea\r\n\n  old   town \nsea\n바다\n".encode())

    assert read_vocabulary(file) == ("sea", "old town", "바다")


@pytest.mark.parametrize(
    "content",
    [b"", b"# nothing\n\n", b"\xff\xfe\x00", b"x" * 101, b"\n".join(b"%d" % number for number in range(5001))],
    ids=["empty", "comments", "no text", "long label", "many labels"],
)
def test_what_is_no_vocabulary_is_refused(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "words.txt"
    file.write_bytes(content)

    with pytest.raises(VocabularyUnreadable):
        read_vocabulary(file)


def test_an_absent_file_is_refused_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(VocabularyUnreadable, match=r"words\.txt"):
        read_vocabulary(tmp_path / "words.txt")
