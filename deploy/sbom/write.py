"""Writes what an installation contains: a CycloneDX bill of materials, and the notices of third parties.

    python deploy/sbom/write.py --lock requirements.lock --into FOLDER [--site FOLDER]

Describes the packages that the product needs, without those of developers, and the native libraries inside them.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import runpy
import sysconfig
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import TYPE_CHECKING

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HERE = Path(__file__).parent
LICENCES = runpy.run_path(str(HERE / "licences.py"))
UNKNOWN = "LicenseRef-unknown"
_LIBRARY = re.compile(r"\.libs/lib([^/]+\.so[^/]*)$|\.dylibs/lib([^/]+\.dylib)$")
_TEXT = re.compile(r"(licen[cs]e|copying|notice|authors)", re.IGNORECASE)


@dataclass(frozen=True)
class Part:
    """Package, or library or data inside of one.

    Attributes:
        version: version of a package. Wheels do not tell those of what is inside of them.
        wheel: package that brings it, or `None` for a package itself.
        file: its file, or `None`.
        texts: files with licences and notices.
    """

    name: str
    licence: str
    version: str | None = None
    wheel: str | None = None
    file: Path | None = None
    texts: tuple[Path, ...] = ()


def parts_of(site: Path, names: Iterable[str]) -> list[Part]:
    """Return the parts of an installation, in the order of their names."""
    installed = {_normal(one.name): one for one in distributions(path=[str(site)])}
    found: list[Part] = []
    for name in sorted({_normal(name) for name in names} & installed.keys()):
        found += _parts_of_package(name, installed[name])
    return found


def _parts_of_package(name: str, package: Distribution) -> Iterator[Part]:
    files = [Path(str(package.locate_file(file))) for file in package.files or ()]
    texts = tuple(file for file in files if ".dist-info" in str(file) and _TEXT.search(file.name) and _is_text(file))
    yield Part(name, licence_of(package), package.version, texts=texts)
    for inner, licence in LICENCES["BROUGHT"].get(name, ()):
        yield Part(inner, licence, wheel=name)
    for file in files:
        if (found := _LIBRARY.search(file.as_posix())) is not None:
            title, licence = native(name, found.group(1) or found.group(2))
            yield Part(title, licence, wheel=name, file=file)
        elif file.name == LICENCES["NON_COMMERCIAL"] and file.exists():
            yield Part(file.name, "LicenseRef-non-commercial-data", wheel=name, file=file)


def native(wheel: str, file: str) -> tuple[str, str]:
    """Return the title and the licence of a library of a wheel by the name of its file, without "lib"."""
    table: dict[str, tuple[str, str]] = LICENCES["NATIVE"]
    starts = sorted((key for key in table if "[" not in key and file.startswith(key)), key=len)
    if not starts:
        return file, UNKNOWN
    return table.get(f"{starts[-1]} [{wheel}]", table[starts[-1]])


def licence_of(package: Distribution) -> str:
    """Return the licence of a package as an SPDX expression, as far as its metadata tells."""
    metadata, spellings = package.metadata, LICENCES["SPELLINGS"]
    expression = metadata.get("License-Expression")
    if expression:
        return expression
    named = (metadata.get("License") or "").strip().split("\n")[0].strip()
    named = spellings.get(named, named)
    if re.fullmatch(r"[A-Za-z0-9.+-]+( (AND|OR|WITH) [A-Za-z0-9.+-]+)*", named):
        return named
    classified = [
        spellings[title]
        for line in metadata.get_all("Classifier") or ()
        if line.startswith("License :: ") and (title := line.rpartition(" :: ")[2]) in spellings
    ]
    if not classified and named.startswith("MIT License"):
        return "MIT"
    return " AND ".join(classified) or UNKNOWN


def is_gpl(part: Part) -> bool:
    """Return whether a part can be had under the GPL only, without an exception for what is linked to it."""
    return part.licence.startswith("GPL-") and " OR " not in part.licence and " WITH " not in part.licence


def bill(parts: Iterable[Part], version: str) -> str:
    """Return the bill of materials as CycloneDX 1.6 in JSON."""
    licences, bom = LicenseFactory(), Bom()
    product = Component(
        name="scenedex",
        version=version,
        type=ComponentType.APPLICATION,
        bom_ref="scenedex",
        licenses=[licences.make_from_string("Apache-2.0")],
    )
    bom.metadata.component = product
    components: dict[str, Component] = {}
    for part in parts:
        reference = "/".join(filter(None, (part.wheel, part.name, part.file.name if part.file else "")))
        properties = [Property(name="scenedex:gpl", value="true")] if is_gpl(part) else []
        component = Component(
            name=part.name,
            version=part.version,
            type=ComponentType.LIBRARY if part.file is None or ".so" in part.file.name else ComponentType.FILE,
            bom_ref=reference,
            purl=PackageURL("pypi", name=part.name, version=part.version) if part.wheel is None else None,
            licenses=[licences.make_from_string(part.licence)],
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=_digest(part.file))] if part.file else (),
            properties=[*properties, *([Property(name="scenedex:file", value=part.file.name)] if part.file else ())],
        )
        if part.wheel is None:
            components[part.name] = component
            bom.components.add(component)
        else:
            components[part.wheel].components.add(component)
    bom.register_dependency(product, bom.components)
    return JsonV1Dot6(bom).output_as_string(indent=2)


def notices(parts: Iterable[Part]) -> str:
    """Return the notices of third parties: names, versions, licences and the texts of the packages."""
    parts = list(parts)
    gpl = sorted({f"{part.name} ({part.licence}), inside {part.wheel}" for part in parts if is_gpl(part)})
    lines = [
        "Notices of third parties",
        "========================",
        "",
        "Scenedex is licensed under Apache-2.0. It is installed together with the packages below, each under its own",
        "licence. Who distributes an installation or an image distributes these too.",
        "",
        "Under the GPL, and so with the duty to offer the source code to those who receive a copy:",
        "",
        *(f"  - {line}" for line in gpl),
        "",
        "Packages, and the libraries inside them:",
        "",
    ]
    for part in parts:
        line = f"  - {part.name} {part.version}" if part.wheel is None else f"      {part.name}"
        if (line := f"{line}: {part.licence}") != lines[-1]:
            lines.append(line)
    for part in parts:
        for text in part.texts:
            title = f"{part.name} {part.version}: {text.name}"
            lines += ["", "", title, "-" * len(title), "", text.read_text(encoding="utf-8", errors="replace").rstrip()]
    return "\n".join(lines) + "\n"


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _is_text(file: Path) -> bool:
    return file.is_file() and file.suffix not in {".py", ".pyc", ".json"}


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _product_version() -> str:
    found = re.search(r'^version = "(.+)"$', (HERE.parents[1] / "pyproject.toml").read_text(), re.MULTILINE)
    assert found is not None  # noqa: S101  # the file is that of this repository
    return found.group(1)


def main() -> None:
    """Write both files."""
    parser = argparse.ArgumentParser(description="Write the bill of materials and the notices of third parties.")
    parser.add_argument("--lock", type=Path, required=True)
    parser.add_argument("--into", type=Path, required=True)
    parser.add_argument("--site", type=Path, default=Path(sysconfig.get_path("purelib")))
    given = parser.parse_args()
    script = runpy.run_path(str(HERE.parent / "docker" / "requirements_of.py"))
    needed = script["needed_by"]({"scenedex"}, script["read_lock"](given.lock.read_text()))
    parts = parts_of(given.site, [entry.name for entry in needed])
    given.into.mkdir(parents=True, exist_ok=True)
    (given.into / "sbom.cdx.json").write_text(bill(parts, _product_version()))
    (given.into / "third-party-notices.txt").write_text(notices(parts))


if __name__ == "__main__":
    main()
