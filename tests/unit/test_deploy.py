"""What deploy/ names exists, and what it promises about walls and limits is in every file."""

from __future__ import annotations

import base64
import re
import runpy
import shlex
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from pydantic import BaseModel

from scenedex.cli import app
from scenedex.settings import Settings, WorkerSettings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose" / "compose.yaml").read_text())
MANIFESTS: list[Any] = list(yaml.safe_load_all((DEPLOY / "kubernetes" / "scenedex.yaml").read_text()))
DOCKERFILE = (DEPLOY / "docker" / "Dockerfile").read_text()
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
FILES = [path for path in sorted(DEPLOY.rglob("*")) if path.is_file() and path.suffix not in {".py", ".md"}]
ENGINE_MEMORY = 8 * 1024**3


def shown(path: Path) -> str:
    return str(path.relative_to(DEPLOY))


def variables_of(settings: type[BaseModel], path: str = "SCENEDEX") -> set[str]:
    found: set[str] = set()
    for name, field in settings.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            found |= variables_of(kind, f"{path}_{name.upper()}")
        else:
            found.add(f"{path}_{name.upper()}")
    return found


def seconds(text: object) -> int:
    return int(str(text).removesuffix("s"))


def memory(text: str) -> int:
    number, unit = re.fullmatch(r"(\d+)([mgMG])i?", text, re.ASCII).groups()  # type: ignore[union-attr]  # or it fails
    return int(number) * 1024 ** {"m": 2, "g": 3}[unit.lower()]


@pytest.mark.parametrize("file", FILES, ids=shown)
def test_every_setting_that_is_named_exists(file: Path) -> None:
    own = {"SCENEDEX_HOST"} if file.parent.name == "compose" else set[str]()

    assert set(re.findall(r"SCENEDEX_[A-Z_]+", file.read_text())) - own <= variables_of(Settings)


COMMANDS = [
    *[
        pytest.param(service["command"], id=f"compose {name}")
        for name, service in COMPOSE["services"].items()
        if service["image"].startswith("scenedex:")
    ],
    *[
        pytest.param(container["args"], id=f"kubernetes {container['name']}")
        for manifest in MANIFESTS
        if manifest["kind"] == "Deployment"
        for container in manifest["spec"]["template"]["spec"]["containers"]
    ],
    *[
        pytest.param(shlex.split(line.rpartition("/bin/scenedex ")[2]), id=unit.name)
        for unit in UNITS
        for line in re.findall(r"^ExecStart=(.*)$", unit.read_text(), re.MULTILINE)
    ],
    pytest.param(yaml.safe_load(DOCKERFILE.rpartition("\nCMD ")[2]), id="image"),
]


@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_is_one_that_scenedex_takes(words: list[str]) -> None:
    commands: Any = typer.main.get_command(app)
    command = commands.commands[words[0]]

    command.make_context(command.name, words[1:])


def test_the_image_runs_as_a_numbered_user_who_is_not_root() -> None:
    last_stage = DOCKERFILE.rpartition("\nFROM ")[2]

    assert re.findall(r"^USER (.*)$", last_stage, re.MULTILINE) == ["10001:10001"]
    assert last_stage.index("\nUSER ") < last_stage.index("\nENTRYPOINT ")
    assert "STOPSIGNAL SIGTERM" in last_stage
    assert "/healthz" in last_stage.partition("HEALTHCHECK ")[2]


def test_the_image_is_built_of_files_that_are_there() -> None:
    sent = set((DEPLOY / "docker" / "Dockerfile.dockerignore").read_text().split())
    copied = [
        source
        for line in re.findall(r"^COPY (?!--from)(.*)$", DOCKERFILE, re.MULTILINE)
        for source in line.split()[:-1]
    ]

    assert [source for source in copied if not (ROOT / source).exists()] == []
    assert [source for source in copied if f"!{source}" not in sent] == []


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
    """All that a distribution needs on this machine, as its metadata and theirs say."""
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


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_a_service_of_compose_is_confined(name: str) -> None:
    service = COMPOSE["services"][name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    if service["restart"] != "no":
        assert memory(service["deploy"]["resources"]["limits"]["memory"]) > 0
        assert "healthcheck" in service or name == "api"  # that of the image


def test_services_of_compose_use_what_is_declared() -> None:
    services = COMPOSE["services"].values()
    secrets = {secret for service in services for secret in service.get("secrets", ())}
    read = {path.rpartition("/")[2] for path in re.findall(r"/run/secrets/[\w-]+", yaml.safe_dump(COMPOSE["services"]))}
    volumes = {volume.split(":")[0] for service in services for volume in service.get("volumes", ()) if ":" in volume}

    assert secrets == read == set(COMPOSE["secrets"])
    assert {volume for volume in volumes if "/" not in volume} == set(COMPOSE["volumes"])


def test_compose_has_the_parts_of_the_grown_set_up() -> None:
    services = COMPOSE["services"]

    assert services["api"]["deploy"]["replicas"] == 2
    assert services["api"]["command"] == ["serve", "--no-workers"]
    assert {"database", "s3", "proxy", "worker"} <= set(services)
    grace = seconds(services["worker"]["environment"]["SCENEDEX_WORKERS_SHUTDOWN_GRACE_SECONDS"])
    assert seconds(services["worker"]["stop_grace_period"]) > grace + 10
    assert memory(services["worker"]["deploy"]["resources"]["limits"]["memory"]) >= ENGINE_MEMORY


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


def test_pods_are_restricted() -> None:
    pods = [manifest["spec"]["template"]["spec"] for manifest in MANIFESTS if manifest["kind"] == "Deployment"]

    assert len(pods) == 2
    for pod in pods:
        (container,) = pod["containers"]
        assert pod["securityContext"]["runAsUser"] == 10001
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert {mount["name"] for mount in container["volumeMounts"]} == {volume["name"] for volume in pod["volumes"]}
        assert "memory" in container["resources"]["limits"]


def test_pods_find_what_they_name() -> None:
    kinds = {(manifest["kind"], manifest["metadata"]["name"]): manifest for manifest in MANIFESTS}
    settings = kinds["ConfigMap", "scenedex"]["data"]
    api, worker = (kinds["Deployment", f"scenedex-{name}"]["spec"]["template"] for name in ("api", "worker"))
    grace = float(settings["SCENEDEX_WORKERS_SHUTDOWN_GRACE_SECONDS"])

    assert worker["spec"]["terminationGracePeriodSeconds"] > grace + 10
    for pod in (api, worker):
        assert pod["spec"]["containers"][0]["envFrom"] == [{"configMapRef": {"name": "scenedex"}}]
    for name in ("Service", "PodDisruptionBudget"):
        (found,) = [manifest for (kind, _), manifest in kinds.items() if kind == name]
        selector = found["spec"]["selector"]
        assert selector.get("matchLabels", selector).items() <= api["metadata"]["labels"].items()
    assert {
        path
        for probe in ("startupProbe", "livenessProbe", "readinessProbe")
        for path in [api["spec"]["containers"][0][probe]["httpGet"]["path"]]
    } == {"/healthz", "/readyz"}


def test_manifests_fit_the_schemas_of_kubernetes() -> None:
    checker = pytest.importorskip("kubernetes_validate", reason="kubernetes-validate is not installed")

    for manifest in MANIFESTS:
        checker.validate(manifest, checker.latest_version(), strict=True)


@pytest.mark.parametrize("unit", UNITS, ids=shown)
def test_a_unit_of_systemd_is_confined(unit: Path) -> None:
    lines = unit.read_text().splitlines()

    assert {
        "DynamicUser=yes", "NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes",
        "CapabilityBoundingSet=", "SystemCallArchitectures=native",
    } <= set(lines)  # fmt: skip
    assert any(line.startswith("MemoryMax=") for line in lines)
    # The children that open media put up walls of their own.
    assert any("seccomp landlock_create_ruleset" in line for line in lines)
    grace = re.search(r"SHUTDOWN_GRACE_SECONDS=(\d+)", unit.read_text())
    stop = re.search(r"^TimeoutStopSec=(\d+)s$", unit.read_text(), re.MULTILINE)
    assert stop is not None
    default = WorkerSettings().shutdown_grace_seconds
    assert int(stop.group(1)) > (float(grace.group(1)) if grace else default) + 10


@pytest.mark.parametrize("unit", UNITS, ids=shown)
def test_a_unit_has_the_credentials_that_it_names(unit: Path) -> None:
    loaded = re.findall(r"^LoadCredential=([\w-]+):", unit.read_text(), re.MULTILINE)

    assert re.findall(r"_FILE=%d/([\w-]+)$", unit.read_text(), re.MULTILINE) == loaded


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_units_are_valid(tmp_path: Path) -> None:
    copies = [tmp_path / unit.name.replace("@", "@1") for unit in UNITS]
    for unit, copy in zip(UNITS, copies, strict=True):
        copy.write_text(unit.read_text().replace("/opt/scenedex/bin/scenedex", "/bin/true"))

    checked = subprocess.run(
        [shutil.which("systemd-analyze") or "", "verify", "--man=no", *copies],
        check=False,
        capture_output=True,
        text=True,
    )

    assert (checked.returncode, checked.stderr) == (0, "")


def test_the_script_of_the_image_reads_the_lock_as_it_is() -> None:
    script = runpy.run_path(str(DEPLOY / "docker" / "requirements_of.py"))
    lock = (ROOT / "requirements.lock").read_text()

    assert len(script["read_lock"](lock)) == len(re.findall(r"^[A-Za-z0-9._-]+==", lock, re.MULTILINE))
