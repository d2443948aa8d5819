"""Operators' commands about the buckets and keys of workspaces."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING

import pytest

from operators import operate

if TYPE_CHECKING:
    from newsroom import Desk
    from operators import Ended
    from processes import Server


def run(server: Server, *words: str) -> Ended:
    return operate(*words, data_dir=server.data_dir, environment=server.settings)


def test_grants_are_listed_and_revoked(server: Server, desk: Desk) -> None:
    grant = ("buckets", "grant", server.bucket, "--workspace", desk.workspace)

    granted, again = run(server, *grant), run(server, *grant)

    assert granted.stderr == f"Workspace {desk.workspace} may import bucket {server.bucket}.\n"
    assert (again.returncode, "may already import" in again.stderr) == (0, True)
    table = run(server, "buckets", "list", "--workspace", desk.workspace).stdout
    assert server.bucket in table
    revoke = ("buckets", "revoke", server.bucket, "--workspace", desk.workspace)
    revoked, missed = run(server, *revoke), run(server, *revoke)
    assert revoked.returncode == 0
    assert (missed.returncode, missed.stderr) == (
        1, f"scenedex: Workspace {desk.workspace} has no grant of bucket {server.bucket}.\n"
    )  # fmt: skip


def test_a_bucket_that_does_not_exist_is_granted_with_a_warning(server: Server, desk: Desk) -> None:
    absent = f"absent-{secrets.token_hex(4)}"

    granted = run(server, "buckets", "grant", absent, "--workspace", desk.workspace)

    assert granted.returncode == 0
    assert f'Warning: there is no bucket "{absent}" yet.' in granted.stderr


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("Films",), '"Films" is no well-formed bucket name'),
        (("films", "--prefix", "clips/../secret/"), "'.' or '..'"),
        (("films", "--prefix", "clips/%2e%2e/"), "'.' or '..'"),
        (("films", "--prefix", "x" * 1025), "at most 1024 bytes"),
    ],
)
def test_what_no_object_can_have_is_refused(words: tuple[str, ...], named: str, server: Server, desk: Desk) -> None:
    refused = run(server, "buckets", "grant", *words, "--workspace", desk.workspace)

    assert (refused.returncode, named in refused.stderr) == (2, True), refused.stderr


@pytest.mark.parametrize("command", [("grant", "films"), ("revoke", "films"), ("list",)])
def test_an_absent_workspace_is_refused_with_names_like_it(
    command: tuple[str, ...], server: Server, desk: Desk
) -> None:
    refused = run(server, "buckets", *command, "--workspace", f"{desk.workspace}x")

    assert refused.returncode == 2
    assert f'There is no workspace "{desk.workspace}x". Names like it: ' in refused.stderr
    assert desk.workspace in refused.stderr.partition("Names like it")[2]


def test_a_key_of_an_absent_workspace_is_created_with_a_warning(server: Server, desk: Desk) -> None:
    words = ("keys", "create", "--user", "kim", "--role", "manager", "--json", "--workspace")

    present, absent = run(server, *words, desk.workspace), run(server, *words, f"{desk.workspace}x")

    assert (present.returncode, present.stderr) == (0, "")
    assert json.loads(absent.stdout)["accessKey"]
    assert f'Warning: There is no workspace "{desk.workspace}x". Names like it: ' in absent.stderr


def test_the_doctor_says_which_buckets_are_open(server: Server) -> None:
    found = json.loads(run(server, "doctor", "--json").stdout)

    (finding,) = [one for one in found if one["subject"] == "buckets"]
    assert "every bucket but the managed one" in finding["text"]
    assert [one["state"] for one in found if one["subject"] == "uploads"] == ["ok"]
