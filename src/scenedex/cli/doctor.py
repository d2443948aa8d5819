"""``scenedex doctor``: checks of everything that a server needs, with advice."""

from __future__ import annotations

import asyncio
import json
import resource
import shutil
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Literal

import typer

from scenedex.cli.folders import absence_of
from scenedex.cli.invocation import Invocation
from scenedex.cli.options import AsJson, DataDir, settings_with_engines

if TYPE_CHECKING:
    from psycopg import AsyncConnection

    from scenedex.engines.registry import EngineRegistry
    from scenedex.engines.selection import Selected
    from scenedex.settings import Settings
    from scenedex.wiring import Platform

_FEW_FREE_BYTES = 5 * 1000**3
_FEW_OPEN_FILES = 1024


@dataclass(frozen=True, slots=True)
class Finding:
    """Result of one check."""

    subject: str
    state: Literal["ok", "warning", "error"]
    text: str
    advice: str = ""


def doctor(data_dir: DataDir = None, *, as_json: AsJson = False) -> None:
    """Check database, storage, engines, weights and limits. Exit status 1 if something does not work."""
    settings = settings_with_engines(data_dir)
    invocation = Invocation.of_process(settings.data_dir)
    findings = [
        replace(finding, advice=invocation.typed(finding.advice)) for finding in asyncio.run(_examine(settings))
    ]
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings], indent=2))
    else:
        for finding in findings:
            mark = {"ok": "✓", "warning": "!", "error": "✗"}[finding.state]
            typer.echo(f"{mark} {finding.subject}: {finding.text}")
            if finding.advice:
                typer.echo(f"    → {finding.advice}")
    if any(finding.state == "error" for finding in findings):
        raise typer.Exit(1)


async def _examine(settings: Settings) -> list[Finding]:
    from scenedex.auth.secrets import SecretKeyUnusable, SecretUnreadable
    from scenedex.db.database import DatabaseUnavailable
    from scenedex.db.embedded.errors import EmbeddedPostgresError
    from scenedex.db.schema import DatabaseUnsuitable, SchemaTooNew
    from scenedex.engines.registry import EngineRegistry
    from scenedex.settings import SettingsInvalid
    from scenedex.storage.errors import StorageError
    from scenedex.wiring import open_platform

    registry = EngineRegistry.installed()
    findings: list[Finding] = []
    absence = absence_of(settings)
    if absence is not None:
        folder = Finding("data folder", "error", absence.problem, absence.advice)
        return [folder, *_engines(settings, registry), *_vocabulary(settings), *_machine(settings)]
    try:
        async with open_platform(settings) as platform:
            findings += await _database(platform)
            try:
                findings += [await _storage(platform), await _uploads(platform)]
            except StorageError as error:
                findings.append(
                    Finding("storage", "error", str(error), "Check the [storage] settings: scenedex config")
                )
            findings += [await _keys(platform), await _buckets(platform)]
            findings += [*await _persons(platform, registry), *await _search(platform, registry)]
    except SettingsInvalid as error:
        findings.append(
            Finding("settings", "error", str(error), "Correct the setting. The settings in force: scenedex config")
        )
    except (SecretKeyUnusable, SecretUnreadable) as error:
        text = str(error) or " ".join((type(error).__doc__ or "").split())
        findings.append(
            Finding("secrets", "error", text, "Set SCENEDEX_SECRETS_KEY to the key that encrypted the secrets")
        )
    except (DatabaseUnavailable, DatabaseUnsuitable, EmbeddedPostgresError, SchemaTooNew) as error:
        text = str(error) or " ".join((type(error).__doc__ or "").split())
        is_embedded = settings.database.url is None
        advice = "Check the folder postgres in the data folder" if is_embedded else "Check the [database] settings"
        findings.append(Finding("database", "error", text, f"{advice}: scenedex config"))
    return [
        *findings,
        *_engines(settings, registry),
        *await _model(settings, registry),
        *await _isolation(settings),
        *await _provider(settings),
        *_vocabulary(settings),
        *_machine(settings),
    ]


async def _database(platform: Platform) -> list[Finding]:
    async with platform.database.transaction() as tx:
        version = await tx.value("SHOW server_version")
        schema = await tx.value("SELECT version_num FROM alembic_version")
        vector = await tx.value("SELECT default_version FROM pg_available_extensions WHERE name = 'vector'")
        connection = _connection(tx.connection)
    kind = "embedded" if platform.settings.database.url is None else "external"
    return [
        Finding("database", "ok", f"PostgreSQL {version}, {kind}, schema {schema}"),
        connection,
        Finding("pgvector", "ok", f"version {vector}")
        if vector
        else Finding("pgvector", "warning", "not available", "Install the pgvector extension on the database server"),
    ]


def _connection(connection: AsyncConnection[Any]) -> Finding:
    """Check the protection of the connection to the database."""
    subject, info = "connection to the database", connection.info
    is_encrypted = bool(connection.pgconn.ssl_in_use)
    said = "encrypted" if is_encrypted else "not encrypted"
    if info.host.startswith("/"):
        return Finding(subject, "ok", "by a socket of this machine")
    if info.hostaddr and ip_address(info.hostaddr).is_loopback:
        return Finding(subject, "ok", f"{said}, within this machine")
    advice = "Add sslmode=verify-full and sslrootcert=FILE to SCENEDEX_DATABASE_URL"
    if not is_encrypted:
        return Finding(subject, "warning", f"{said}, to {info.host}", advice)
    if not info.get_parameters().get("sslmode", "").startswith("verify-"):
        return Finding(subject, "warning", f"{said}, but the certificate of {info.host} is not checked", advice)
    return Finding(subject, "ok", f"{said}, to {info.host}, whose certificate is checked")


async def _storage(platform: Platform) -> Finding:
    from scenedex.reconciliation import ownership
    from scenedex.storage.store import check_store

    await ownership.check(platform.database, platform.managed)
    await check_store(platform.managed)
    where = platform.settings.storage.endpoint or f"local folders in {platform.settings.data_dir}"
    return Finding("storage", "ok", f"{where}: written, read, deleted")


async def _uploads(platform: Platform) -> Finding:
    url = await platform.managed.sign_put("trials/doctor", expires=timedelta(seconds=1))
    if url is not None:
        return Finding("uploads", "ok", "go to the storage, by URLs that copy no other object")
    if platform.settings.storage.endpoint is None:
        return Finding("uploads", "ok", "go through the server")
    advice = "Use an S3 service that refuses headers that are not signed, or expect the load on the API"
    return Finding("uploads", "warning", "go through the server: URLs of the storage may copy other objects", advice)


async def _keys(platform: Platform) -> Finding:
    from scenedex.auth.keys import AccessKeys

    keys = AccessKeys(platform.database, platform.box)
    await keys.require_readable()
    async with platform.database.transaction() as tx:
        count = await keys.count(tx)
    if not count:
        return Finding("access keys", "warning", "none", "Create one: scenedex keys create --user NAME --role manager")
    return Finding("access keys", "ok", f"{count} in force")


async def _buckets(platform: Platform) -> Finding:
    from scenedex.workspaces.grants import bucket_grants

    async with platform.database.transaction() as tx:
        count = len(await bucket_grants(tx))
    if platform.settings.storage.open_buckets:
        text = f"keys without limits import from every bucket but the managed one, others from {count} granted ones"
    else:
        text = f"all keys import from {count} granted ones alone"
    return Finding("buckets", "ok", f"{text} (storage.open_buckets)")


async def _persons(platform: Platform, registry: EngineRegistry) -> list[Finding]:
    """Check that the selected engine of faces can recognise all persons."""
    from scenedex.engines.faces import FACES
    from scenedex.engines.selection import select_engines
    from scenedex.persons.coverage import face_coverage

    settings = platform.settings
    choice = select_engines(settings.engines, settings.weights_folder, "ENKO", registry=registry).choice(FACES.name)
    if choice is None:
        return []
    async with platform.database.transaction() as tx:
        found = await face_coverage(tx, str(choice.engine))
    text = f"{found.comparable} of {found.persons} can be recognised by {choice.engine}"
    if not found.unknown:
        return [Finding("persons", "ok", text)]
    others = f"{found.unknown}, {found.named} of them named, have only faces of {', '.join(found.engines)}"
    advice = (
        "Analyse their assets again and merge the persons that this finds into them, or add pictures to them "
        "(docs/how-to/persons.md)"
    )
    return [Finding("persons", "warning", f"{text}. {others}", advice)]


async def _search(platform: Platform, registry: EngineRegistry) -> list[Finding]:
    """Check that every scene has its words, and a vector of the selected engine in each space."""
    from scenedex.analysis.vectors import vector_engines
    from scenedex.search.coverage import search_coverage

    settings = platform.settings
    engines = {
        space: str(choice.engine)
        for space, choice in vector_engines(settings.engines, settings.weights_folder, registry).items()
    }
    async with platform.database.transaction() as tx:
        words, spaces = await search_coverage(tx, engines)
    findings = [_coverage("search words", f"{words.complete} of {words.scenes} scenes", is_well=words.is_complete)]
    for space, count in spaces.items():
        subject = f"search vectors of {'pictures' if space == 'PICTURE' else 'words'}"
        others = f", {count.of_others} of other engines, which serve until then" if count.of_others else ""
        parts = "shot" if space == "PICTURE" else "passage"
        whole = f", {count.whole} have one vector for the whole scene and none for each {parts}" if count.whole else ""
        text = f"{count.complete} of {count.scenes} scenes by {engines[space]}{others}{whole}"
        findings.append(_coverage(subject, text, is_well=count.is_complete and not count.of_others))
    return findings


def _coverage(subject: str, text: str, *, is_well: bool) -> Finding:
    return (
        Finding(subject, "ok", text) if is_well else Finding(subject, "warning", text, "Run: scenedex search reindex")
    )


async def _provider(settings: Settings) -> list[Finding]:
    """Check that the OpenID provider answers, and can do what a sign-in needs."""
    from scenedex.auth.openid.refusals import SignInRefused
    from scenedex.console.provider_sign_in import provider_of

    subject, provider = "sign-in", provider_of(settings)
    if provider is None:
        return []
    try:
        known = await provider.known()
    except SignInRefused as refused:
        return [Finding(subject, "error", refused.detail, "Check the [oidc] settings. Users sign in by key meanwhile")]
    methods, scopes = known.discovery.code_challenge_methods_supported, known.discovery.scopes_supported
    missing = sorted(set(settings.oidc.scopes.split()).difference(scopes)) if scopes is not None else []
    findings = [
        Finding(
            subject,
            "ok",
            f"{settings.oidc.name}, {provider.issuer}: sends users back to {provider.redirect_uri}. "
            f"{len(settings.oidc.groups)} groups have a role",
        )
    ]
    if not known.keys.keys:
        findings.append(Finding(subject, "error", "the provider publishes no key that signs tokens"))
    if methods is not None and "S256" not in methods:
        findings.append(Finding(subject, "error", "the provider knows no PKCE with S256", "Switch it on there"))
    if missing:
        text = f"the provider does not name the scopes {', '.join(missing)}"
        findings.append(Finding(subject, "warning", text, "Check SCENEDEX_OIDC_SCOPES"))
    if settings.oidc.client_secret is None:
        text = "without oidc.client_secret anyone can use the id of this server at the provider"
        findings.append(Finding(subject, "warning", text, "Create one there, for oidc.client_secret_file"))
    return findings


def _vocabulary(settings: Settings) -> list[Finding]:
    from scenedex.engines.keywords import VocabularyUnreadable
    from scenedex.engines.selection import vocabulary_of

    try:
        words = vocabulary_of(settings.engines)
    except VocabularyUnreadable as error:
        return [Finding("vocabulary", "error", str(error), "Check SCENEDEX_ENGINES_VOCABULARY")]
    return [Finding("vocabulary", "ok", f"{len(words)} labels")]


def _engines(settings: Settings, registry: EngineRegistry) -> list[Finding]:
    from scenedex.engines.selection import Selected, select_engines
    from scenedex.media.versions import decoder_versions

    findings = [
        Finding("engine", "ok", f"{port.name}: {spec.engine.name} {spec.engine.version}, no weights needed")
        for port in registry.ports
        for spec in registry.specs(port)
        if not port.has_choice and spec.weights is None
    ]
    findings += [
        Finding("engine", "warning", f"{plugin.distribution}: {plugin.reason}", "Update or uninstall the package")
        for plugin in registry.rejected
    ]
    folder = settings.weights_folder
    for result in select_engines(settings.engines, folder, "ENKO", registry=registry):
        if isinstance(result, Selected):
            findings.append(_selected_engine(result))
        else:
            text = f"{result.port}: not analysed, {result.reason}"
            findings.append(Finding("engine", "warning", text, result.command))
    findings.append(Finding("weights", "ok", f"{folder}: {'present' if folder.is_dir() else 'absent'}"))
    findings.append(Finding("decoder", "ok", ", ".join(f"{name} {version}" for name, version in decoder_versions())))
    return findings


async def _model(settings: Settings, registry: EngineRegistry) -> list[Finding]:
    """Check the service of scene summaries, if the selected engine calls one with the API of OpenAI."""
    from scenedex.cli.model_check import check_model
    from scenedex.engines.selection import select_engines
    from scenedex.engines.summaries import SUMMARIES, VISION_LANGUAGE_MODEL

    selection = select_engines(settings.engines, settings.weights_folder, "ENKO", registry=registry)
    choice = selection.choice(SUMMARIES.name)
    if choice is None or choice.address is None or choice.engine != VISION_LANGUAGE_MODEL:
        return []
    return [Finding("scene summaries", *await check_model(choice.address, settings.summaries))]


async def _isolation(settings: Settings) -> list[Finding]:
    """Name the walls around media on this machine, and what is open without those that are missing."""
    from scenedex.media.inspection import inspect_isolation
    from scenedex.worker.options import inspected_limits

    subject = "isolation of media"
    found = await inspect_isolation(inspected_limits(settings))
    if found.failure:
        return [Finding(subject, "error", f"no process can be started: {found.failure}", "Check the [media] settings")]
    is_refused = settings.media.isolation == "required"
    findings = [
        Finding(
            subject,
            "error" if is_refused else "warning",
            f"without {wall.name}: {wall.open_without}"
            + (". Workers open no media, because media.isolation is required" if is_refused else ""),
            wall.remedy,
        )
        for wall in found.missing_required
    ]
    optional = [wall for wall in found.missing if not wall.is_required]
    behind = "".join(f". Without {wall.name}, which is optional: {wall.open_without}" for wall in optional)
    standing = ", ".join(wall.means for wall in found.standing)
    advice = ". ".join(wall.remedy for wall in optional)
    return [Finding(subject, "ok", f"{standing}{behind}", advice), *findings]


def _selected_engine(selected: Selected) -> Finding:
    choice = selected.choice
    weights = (
        "no weights needed"
        if choice.weights is None
        else f"weights {choice.weights} {'inside its package' if choice.folder is None else f'in {choice.folder}'}"
    )
    advice = f"A better engine: {selected.better}" if selected.better else ""
    return Finding("engine", "ok", f"{selected.port}: {choice.name} {choice.version}, {weights}", advice)


def _machine(settings: Settings) -> list[Finding]:
    folder = next(path for path in (settings.data_dir, *settings.data_dir.parents) if path.is_dir())
    free = shutil.disk_usage(folder).free
    soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return [
        Finding("disk", "ok", f"{free / 1000**3:.1f} GB free")
        if free > _FEW_FREE_BYTES
        else Finding(
            "disk", "warning", f"only {free / 1000**3:.1f} GB free", "Imports copy each file. Free some space"
        ),
        Finding("open files", "ok", f"at most {soft}")
        if soft >= _FEW_OPEN_FILES
        else Finding("open files", "warning", f"at most {soft}", f"Raise the limit: ulimit -n {_FEW_OPEN_FILES}"),
    ]
