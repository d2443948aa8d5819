from __future__ import annotations

import os
import pwd
import shutil
import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

import scenedex
from scenedex.db.embedded.errors import FolderOfAnotherUser, RootRefused
from scenedex.db.embedded.identity import can_reach
from scenedex.db.embedded.placement import RootPolicy

if TYPE_CHECKING:
    from collections.abc import Callable

    from clusters import Folder

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="only root can change accounts, and /proc names them"
)

UNNAMED = 12345


def account_of(pid: int | None) -> int:
    return Path(f"/proc/{pid}").stat().st_uid


def ownership(folder: Path) -> list[tuple[int, int, int]]:
    return [(s.st_mode, s.st_uid, s.st_gid) for s in (path.stat() for path in folder.parents)]


@pytest.fixture
def ordinary_python() -> list[str]:
    """An interpreter with our packages that every account can run."""
    program = shutil.which("python3", path="/usr/bin:/usr/local/bin")
    packages = [Path(scenedex.__file__).parent.parent, Path(sysconfig.get_path("purelib"))]
    here = Path(__file__).parent
    if program is None or not all(can_reach(path, UNNAMED, UNNAMED) for path in (Path(program), here, *packages)):
        pytest.skip("an ordinary account can reach no Python with these packages")
    code = f"import runpy, sys; sys.path[:0] = {[str(path) for path in packages]!r}; sys.argv = sys.argv[1:]"
    return [program, "-c", f"{code}; runpy.run_path(sys.argv[0], run_name='__main__')"]


@pytest.fixture
def ordinary_environment() -> dict[str, str]:
    packages = [str(Path(scenedex.__file__).parent.parent), sysconfig.get_path("purelib")]
    return {"PATH": os.defpath, "PYTHONPATH": os.pathsep.join(packages)}


def test_root_uses_a_private_folder_without_touching_those_above(folder: Folder) -> None:
    folder.path.parent.chmod(0o700)
    before = ownership(folder.control)

    database = folder.open()

    assert account_of(folder.postmaster()) == 0
    database.close()
    assert ownership(folder.control) == before
    assert {path.stat().st_uid for path in folder.control.rglob("*")} == {0}


def test_root_without_namespaces_gives_the_server_its_own_folder(public_folder: Folder) -> None:
    policy = RootPolicy(use_namespace=False, fallback_folder=public_folder.path.parent / "fallback")
    before = ownership(public_folder.path)

    database = public_folder.open(policy=policy)

    with psycopg.connect(database.conninfo) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert account_of(public_folder.postmaster()) == public_folder.server.stat().st_uid != 0
    assert (public_folder.control / "password").stat().st_uid == 0
    assert public_folder.server.stat().st_mode & 0o077 == 0
    database.close()
    assert ownership(public_folder.path) == before
    assert public_folder.open().conninfo == database.conninfo


def test_a_cluster_made_in_a_namespace_goes_on_without(
    public_folder: Folder, template: Path, notes: Callable[[str], list[str]]
) -> None:
    shutil.copytree(template, public_folder.path)
    public_folder.path.chmod(0o755)
    policy = RootPolicy(use_namespace=False, fallback_folder=public_folder.path.parent / "fallback")

    database = public_folder.open(policy=policy)

    assert notes(database.conninfo) == ["kept"]
    assert account_of(public_folder.postmaster()) != 0


def test_root_without_namespaces_goes_elsewhere_from_a_private_folder(
    empty_folder: Folder, public_folder: Folder
) -> None:
    empty_folder.path.parent.chmod(0o700)
    policy = RootPolicy(use_namespace=False, fallback_folder=public_folder.path.parent / "fallback")
    before = ownership(empty_folder.path)

    database = empty_folder.open(policy=policy)
    elsewhere = Path((empty_folder.control / "location").read_text(encoding="utf-8").strip())

    assert elsewhere.parent == policy.fallback_folder
    assert elsewhere.stat().st_uid != 0
    assert elsewhere.stat().st_mode & 0o077 == 0
    with psycopg.connect(database.conninfo) as connection:
        connection.execute("CREATE TABLE kept ()")
    database.close()
    assert ownership(empty_folder.path) == before
    with empty_folder.open() as again, psycopg.connect(again.conninfo) as connection:
        connection.execute("TABLE kept")


def test_root_without_any_way_is_told_what_to_do(empty_folder: Folder) -> None:
    empty_folder.path.parent.chmod(0o700)
    policy = RootPolicy(use_namespace=False, fallback_folder=empty_folder.path.parent / "fallback")

    with pytest.raises(RootRefused, match="SCENEDEX_DATABASE_URL"):
        empty_folder.open(policy=policy)


def test_a_system_that_forbids_namespaces_is_noticed(public_folder: Folder) -> None:
    wrapper = Path(__file__).with_name("without_namespaces.py")
    policy = RootPolicy(fallback_folder=public_folder.path.parent / "fallback")

    user = public_folder.user(policy, python=(sys.executable, str(wrapper), sys.executable))

    conninfo = user.answer()
    if user.process.poll() == 77:
        pytest.skip("no user namespace to forbid others in")
    with psycopg.connect(conninfo) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert public_folder.server.stat().st_uid != 0


@pytest.mark.parametrize("account", [pwd.getpwnam("daemon").pw_uid, UNNAMED], ids=["named", "unnamed"])
def test_an_ordinary_account_needs_nothing_special(
    public_folder: Folder, account: int, ordinary_python: list[str], ordinary_environment: dict[str, str]
) -> None:
    public_folder.path.mkdir(mode=0o700)
    os.chown(public_folder.path, account, account)

    user = public_folder.user(python=ordinary_python, account=account, environment=ordinary_environment)

    with psycopg.connect(user.answer()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert account_of(public_folder.postmaster()) == account
    assert user.say("close") == "done"
    assert public_folder.is_stopped()


def test_root_and_the_owner_of_a_folder_share_its_server(
    public_folder: Folder, ordinary_python: list[str], ordinary_environment: dict[str, str]
) -> None:
    owner = pwd.getpwnam("daemon")
    public_folder.path.mkdir(mode=0o700)
    os.chown(public_folder.path, owner.pw_uid, owner.pw_gid)
    database = public_folder.open()

    user = public_folder.user(python=ordinary_python, account=owner.pw_uid, environment=ordinary_environment)

    assert user.answer() == database.conninfo
    assert account_of(public_folder.postmaster()) == owner.pw_uid
    assert {path.stat().st_uid for path in public_folder.control.rglob("*")} == {owner.pw_uid}


def test_the_folder_of_someone_else_is_refused(
    public_folder: Folder, ordinary_python: list[str], ordinary_environment: dict[str, str]
) -> None:
    public_folder.open().close()

    user = public_folder.user(python=ordinary_python, account=UNNAMED, environment=ordinary_environment)

    assert user.answer().startswith(FolderOfAnotherUser.__name__)
