"""The bill of materials and the notices of third parties, written for this installation."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[3]
COPYLEFT = re.compile(r"\b(?:GPL|LGPL|AGPL|MPL)-[\w.-]+")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sbom")
    command = [ROOT / "deploy" / "sbom" / "write.py", "--lock", ROOT / "requirements.lock", "--into", folder]
    subprocess.run([sys.executable, *command], check=True)
    return folder


@pytest.fixture(scope="module")
def bill(written: Path) -> dict[str, Any]:
    return json.loads((written / "sbom.cdx.json").read_text())


def components(parent: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for component in parent.get("components", ()):
        yield component
        yield from components(component)


def licences(component: dict[str, Any]) -> str:
    return " AND ".join(
        found.get("expression") or found["license"].get("id") or found["license"]["name"]
        for found in component["licenses"]
    )


def test_the_bill_follows_its_schema(written: Path) -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str((written / "sbom.cdx.json").read_text()) is None


def test_every_part_has_a_licence(bill: dict[str, Any]) -> None:
    assert [part["bom-ref"] for part in components(bill) if "unknown" in licences(part)] == []


def test_codecs_under_the_gpl_are_named(bill: dict[str, Any], written: Path) -> None:
    gpl = {
        part["bom-ref"].rpartition("/")[0]
        for part in components(bill)
        if {"name": "scenedex:gpl", "value": "true"} in part.get("properties", ())
    }
    notices = (written / "third-party-notices.txt").read_text()

    assert {"av/x264", "av/x265", "pillow-heif/x265"} <= gpl
    assert "x264 (GPL-2.0-or-later), inside av" in notices
    assert "x265 (GPL-2.0-or-later), inside pillow-heif" in notices


def test_landmarks_that_may_not_be_used_commercially_are_named(bill: dict[str, Any]) -> None:
    (found,) = [part for part in components(bill) if part["name"].startswith("shape_predictor_68")]

    assert "non-commercial" in licences(found)


def test_the_product_needs_no_tool_of_developers(bill: dict[str, Any]) -> None:
    names = {part["name"] for part in components(bill)}

    assert names.isdisjoint({"pytest", "ruff", "cyclonedx-python-lib", "basedpyright"})
    assert {"av", "pillow-heif", "litestar", "psycopg"} <= names


def test_the_label_of_the_image_names_every_licence_with_duties(bill: dict[str, Any]) -> None:
    label = re.search(r'image\.licenses="([^"]*)"', (ROOT / "deploy" / "docker" / "Dockerfile").read_text())
    assert label is not None
    duties = {
        found
        for part in components(bill)
        if " OR " not in licences(part) and " WITH " not in licences(part)
        for found in COPYLEFT.findall(licences(part))
    }

    assert duties <= set(COPYLEFT.findall(label.group(1).replace("\\\n", "")))


def test_the_texts_of_licences_are_in_the_notices(written: Path) -> None:
    notices = (written / "third-party-notices.txt").read_text()

    assert "Permission is hereby granted, free of charge" in notices
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in notices
