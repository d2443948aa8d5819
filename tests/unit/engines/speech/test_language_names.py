"""Names of languages."""

from __future__ import annotations

from scenedex.engines.speech.language_names import language_name


def test_a_language_has_its_english_name() -> None:
    assert [language_name(code) for code in ("de", "yue", "haw")] == ["German", "Cantonese", "Hawaiian"]


def test_an_unknown_language_has_its_code() -> None:
    assert language_name("xx") == "xx"
