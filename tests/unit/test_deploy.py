"""Facts of the files in deploy/: names that exist, and confinement and limits in every file."""

from __future__ import annotations

import re
import runpy
import shlex
from pathlib import Path
from typing import Any

import typer
import yaml
from click import UsageError
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


def test_every_setting_that_is_named_exists() -> None:
    known = variables_of(Settings)
    unknown: list[str] = []
    for file in FILES:
        own = {"SCENEDEX_HOST"} if file.parent.name == "compose" else set[str]()
        found = set(re.findall(r"SCENEDEX_[A-Z_]+", file.read_text())) - own - known
        unknown += [f"{shown(file)}: {name}" for name in found]

    assert unknown == []


COMMANDS: dict[str, list[str]] = {
    **{
        f"compose {name}": service["command"]
        for name, service in COMPOSE["services"].items()
        if service["image"].startswith("scenedex:")
    },
    **{
        f"kubernetes {container['name']}": container["args"]
        for manifest in MANIFESTS
        if manifest["kind"] == "Deployment"
        for container in manifest["spec"]["template"]["spec"]["containers"]
    },
    **{
        unit.name: shlex.split(line.rpartition("/bin/scenedex ")[2])
        for unit in UNITS
        for line in re.findall(r"^ExecStart=(.*)$", unit.read_text(), re.MULTILINE)
    },
    "image": yaml.safe_load(DOCKERFILE.rpartition("\nCMD ")[2]),
}


def test_every_command_is_one_that_scenedex_takes() -> None:
    commands: Any = typer.main.get_command(app)
    refused: list[str] = []
    for place, words in COMMANDS.items():
        command = commands.commands[words[0]]
        try:
            command.make_context(command.name, words[1:])
        except UsageError as error:
            refused.append(f"{place}: {error.format_message()}")

    assert len(COMMANDS) > 5
    assert refused == []


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


def test_services_of_compose_are_confined() -> None:
    for name, service in COMPOSE["services"].items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        if service["restart"] != "no":
            assert memory(service["deploy"]["resources"]["limits"]["memory"]) > 0, name
            assert "healthcheck" in service or name == "api", name  # that of the image


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


def test_units_of_systemd_are_confined() -> None:
    walls = {
        "DynamicUser=yes", "NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes",
        "CapabilityBoundingSet=", "SystemCallArchitectures=native",
    }  # fmt: skip
    for unit in UNITS:
        lines = unit.read_text().splitlines()
        assert walls <= set(lines), unit.name
        assert any(line.startswith("MemoryMax=") for line in lines), unit.name
        # The children that open media put up walls of their own.
        assert any("seccomp landlock_create_ruleset" in line for line in lines), unit.name


def test_workers_everywhere_open_media_only_behind_all_required_walls() -> None:
    setting = "SCENEDEX_MEDIA_ISOLATION"
    (config_map,) = [manifest for manifest in MANIFESTS if manifest["kind"] == "ConfigMap"]
    workers = [unit for unit in UNITS if "--no-workers" not in unit.read_text()]

    assert config_map["data"][setting] == "required"
    assert COMPOSE["services"]["worker"]["environment"][setting] == "required"
    assert f"{setting}=required" in (DEPLOY / "docker" / "Dockerfile").read_text()
    assert len(workers) == 2
    for unit in workers:
        lines = unit.read_text().splitlines()
        assert f"Environment={setting}=required" in lines, unit.name
        assert "RestrictNamespaces=user pid net ipc uts" in lines, unit.name


def test_units_of_systemd_wait_until_jobs_have_ended() -> None:
    for unit in UNITS:
        grace = re.search(r"SHUTDOWN_GRACE_SECONDS=(\d+)", unit.read_text())
        stop = re.search(r"^TimeoutStopSec=(\d+)s$", unit.read_text(), re.MULTILINE)
        assert stop is not None, unit.name
        default = WorkerSettings().shutdown_grace_seconds
        assert int(stop.group(1)) > (float(grace.group(1)) if grace else default) + 10, unit.name


def test_units_of_systemd_have_the_credentials_that_they_name() -> None:
    for unit in UNITS:
        loaded = re.findall(r"^LoadCredential=([\w-]+):", unit.read_text(), re.MULTILINE)
        assert re.findall(r"_FILE=%d/([\w-]+)$", unit.read_text(), re.MULTILINE) == loaded, unit.name


def test_the_script_of_the_image_reads_the_lock_as_it_is() -> None:
    script = runpy.run_path(str(DEPLOY / "docker" / "requirements_of.py"))
    lock = (ROOT / "requirements.lock").read_text()

    assert len(script["read_lock"](lock)) == len(re.findall(r"^[A-Za-z0-9._-]+==", lock, re.MULTILINE))


def test_images_of_others_are_pinned_by_digest() -> None:
    named = re.findall(r"^ARG PYTHON=(.*)$", DOCKERFILE, re.MULTILINE)
    named += [service["image"] for service in COMPOSE["services"].values()]
    others = [image for image in named if not image.startswith("scenedex:")]

    assert len(others) > 4
    assert [image for image in others if not re.fullmatch(r"[a-z0-9./-]+:[\w.-]+@sha256:[0-9a-f]{64}", image)] == []
    assert set(re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)) == {"${PYTHON}"}


def test_the_image_has_no_landmarks_of_68_points() -> None:
    install, *_ = DOCKERFILE.partition("\nCOPY pyproject.toml")

    assert "--requirement product.txt" in install
    assert re.search(r"&& rm \S+/face_recognition_models/models/shape_predictor_68_face_landmarks\.dat$", install)


def test_the_proxy_of_compose_is_trusted() -> None:
    (pool,) = COMPOSE["networks"]["inside"]["ipam"]["config"]

    assert COMPOSE["services"]["api"]["environment"]["SCENEDEX_SERVER_TRUSTED_PROXIES"] == pool["subnet"]
