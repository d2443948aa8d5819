"""Files of deploy/, checked by the programs that read them."""

from __future__ import annotations

import base64
import re
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[3]
DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose" / "compose.yaml").read_text())


def test_the_image_has_what_the_product_needs_and_no_more() -> None:
    script = str(DEPLOY / "docker" / "requirements_of.py")
    printed = subprocess.run(
        [sys.executable, script, str(ROOT / "requirements.lock"), "scenedex"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    picked = {canonicalize_name(name) for name in re.findall(r"^([A-Za-z0-9._-]+)==", printed, re.MULTILINE)}

    assert needed("scenedex") <= picked
    assert {"--hash=sha256:" in entry for entry in re.split(r"(?m)^(?=\w)", printed) if entry} == {True}
    assert not picked & {"pytest", "ruff", "hypothesis", "schemathesis", "basedpyright"}


def needed(root: str) -> set[str]:
    """Return all direct and indirect dependencies of a distribution on this machine."""
    found: set[str] = set()
    pending: list[tuple[str, frozenset[str]]] = [(root, frozenset())]
    while pending:
        name, extras = pending.pop()
        for line in metadata.requires(name) or ():
            requirement = Requirement(line)
            wanted = [
                requirement.marker is None or requirement.marker.evaluate({"extra": extra})
                for extra in (extras or {""})
            ]
            if any(wanted) and (key := canonicalize_name(requirement.name)) not in found:
                found.add(key)
                pending.append((key, frozenset(requirement.extras)))
    return found


def test_compose_fits_its_schema() -> None:
    checker = pytest.importorskip("check_jsonschema", reason="check-jsonschema is not installed")
    command = [sys.executable, "-m", checker.__name__, "--builtin-schema", "vendor.compose-spec"]
    checked = subprocess.run(
        [*command, str(DEPLOY / "compose" / "compose.yaml")], check=False, capture_output=True, text=True
    )

    assert checked.returncode == 0, checked.stdout


def test_prepare_makes_secrets_that_fit(tmp_path: Path) -> None:
    script = shutil.copy(DEPLOY / "compose" / "prepare.sh", tmp_path)

    subprocess.run([script, "media.example"], check=True, capture_output=True)
    first = {file.name: file.read_text() for file in (tmp_path / "secrets").iterdir()}
    subprocess.run([script], check=True, capture_output=True)

    assert (tmp_path / ".env").read_text() == "SCENEDEX_HOST=media.example\n"
    assert set(first) == set(COMPOSE["secrets"])
    assert {file.name: file.read_text() for file in (tmp_path / "secrets").iterdir()} == first
    assert len(base64.urlsafe_b64decode(first["secrets-key"])) == 32
    ((identity,),) = yaml.safe_load(first["storage-identities"]).values()
    assert identity["credentials"] == [
        {"accessKey": first["storage-access-key"], "secretKey": first["storage-secret-key"]}
    ]
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700


def test_manifests_fit_the_schemas_of_kubernetes() -> None:
    checker = pytest.importorskip("kubernetes_validate", reason="kubernetes-validate is not installed")

    for manifest in yaml.safe_load_all((DEPLOY / "kubernetes" / "scenedex.yaml").read_text()):
        checker.validate(manifest, checker.latest_version(), strict=True)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_units_are_valid(tmp_path: Path) -> None:
    units = sorted((DEPLOY / "systemd").glob("*.service"))
    copies = [tmp_path / unit.name.replace("@", "@1") for unit in units]
    for unit, copy in zip(units, copies, strict=True):
        copy.write_text(unit.read_text().replace("/opt/scenedex/bin/scenedex", "/bin/true"))

    checked = subprocess.run(
        [shutil.which("systemd-analyze") or "", "verify", "--man=no", *copies],
        check=False,
        capture_output=True,
        text=True,
    )

    # Versions of systemd before 254 ignore this key.
    said = [line for line in checked.stderr.splitlines() if "Unknown key 'DelegateSubgroup'" not in line]
    assert (checked.returncode, said) == (0, [])
