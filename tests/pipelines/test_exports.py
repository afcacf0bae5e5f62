import csv
import json
import re
import stat
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from chatpulse.domain.chat import ModerationKind, Topic
from chatpulse.domain.naming import Forgotten
from chatpulse.errors import DamagedError
from chatpulse.lake import TableWriter
from chatpulse.lake.export import Selection
from chatpulse.pipelines import exports as listing
from chatpulse.pipelines.export import Request, export
from chatpulse.pipelines.exports import Exports, Outcome, Rewritten, sha256_of, without
from chatpulse.settings import Settings
from tests.lake.builders import STORED_US, message, moderation

NAMES = ["a.json", "a.ndjson", "a.csv", "a.parquet", "a.irc"]


@pytest.fixture
def exports(tmp_path: Path) -> Exports:
    """A file in each format: five messages of mira, ten of others, one of which speaks to her."""
    settings = Settings(data=str(tmp_path / "chat"))
    said = [message(n, user_login="mira", user_name="Mira", user_id="4") for n in range(5)]
    said += [message(n, text="hi @mira" if n == 7 else "gg") for n in range(5, 15)]
    TableWriter(settings.data, record_id="r").write(Topic.CHAT_MESSAGES, said, offsets=(0, 14), stored_us=STORED_US)
    for name in NAMES:
        export(settings, Request(selection=Selection(table="messages", channel="aurora"), target=tmp_path / name))
    return Exports(settings.state_folder())


forget_mira = without(Forgotten(ids=["4"], names=["Mira"], logins=["mira"]))


def rows_in(path: Path) -> int:
    match path.suffix:
        case ".json":
            return len(json.loads(path.read_bytes())["comments"])
        case ".parquet":
            return int(pq.read_table(path).num_rows)
        case ".csv":
            return len(list(csv.DictReader(path.read_text().splitlines())))
        case _:
            return len(path.read_bytes().splitlines())


def test_a_person_leaves_files_of_every_format(exports: Exports, tmp_path: Path) -> None:
    found = exports.rewrite(forget_mira)

    assert found == [
        Rewritten(path=str(tmp_path / name), outcome=Outcome.REWRITTEN, dropped=5, changed=1) for name in NAMES
    ]
    assert [rows_in(tmp_path / name) for name in NAMES] == [10] * 5
    assert [name for name in NAMES if re.search(b"mira", (tmp_path / name).read_bytes(), re.IGNORECASE)] == []
    assert [(entry.rows, entry.sha256) for entry in exports.entries()] == [
        (10, sha256_of(tmp_path / name)) for name in NAMES
    ]
    assert {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in NAMES} == {0o600}
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*NAMES, "chat"])


def test_whom_a_moderator_silenced_leaves_as_well(tmp_path: Path) -> None:
    settings = Settings(data=str(tmp_path / "chat"))
    bans = [moderation(n, ModerationKind.BAN, after_s=n, target_login=login) for n, login in enumerate(["mira", "ivo"])]
    TableWriter(settings.data, record_id="r").write(Topic.MODERATION, bans, offsets=(0, 1), stored_us=STORED_US)
    selection = Selection(table="moderation", channel="aurora")
    export(settings, Request(selection=selection, target=tmp_path / "bans.ndjson"))

    (found,) = Exports(settings.state_folder()).rewrite(forget_mira)

    assert (found.outcome, found.dropped) == (Outcome.REWRITTEN, 1)
    assert [json.loads(line)["target_login"] for line in (tmp_path / "bans.ndjson").read_text().splitlines()] == ["ivo"]


def test_a_second_time_there_is_nothing_to_do(exports: Exports, tmp_path: Path) -> None:
    exports.rewrite(forget_mira)
    before = [(tmp_path / name).stat().st_mtime_ns for name in NAMES]

    found = exports.rewrite(forget_mira)

    assert {one.outcome for one in found} == {Outcome.NOTHING}
    assert [(tmp_path / name).stat().st_mtime_ns for name in NAMES] == before


def test_a_dry_run_counts_and_touches_nothing(exports: Exports, tmp_path: Path) -> None:
    before = [sha256_of(tmp_path / name) for name in NAMES]
    rewrites = exports.rewrites()

    found = exports.rewrite(forget_mira, dry_run=True)

    assert {(one.outcome, one.dropped, one.changed) for one in found} == {(Outcome.REWRITTEN, 5, 1)}
    assert [sha256_of(tmp_path / name) for name in NAMES] == before
    assert exports.rewrites() == rewrites


def test_files_that_are_not_as_they_were_are_reported_and_left_alone(exports: Exports, tmp_path: Path) -> None:
    (tmp_path / "a.json").unlink()
    with (tmp_path / "a.csv").open("a") as file:
        file.write("mine,too\n")
    (tmp_path / "a.irc").unlink()
    (tmp_path / "a.irc").mkdir()
    changed = sha256_of(tmp_path / "a.csv")

    found = {Path(one.path).name: one.outcome for one in exports.rewrite(forget_mira)}

    assert found == {
        "a.json": Outcome.GONE,
        "a.ndjson": Outcome.REWRITTEN,
        "a.csv": Outcome.CHANGED,
        "a.parquet": Outcome.REWRITTEN,
        "a.irc": Outcome.UNREADABLE,
    }
    assert sha256_of(tmp_path / "a.csv") == changed


def test_a_rewrite_that_is_killed_before_a_file_gets_its_name_is_done_the_next_time(
    exports: Exports, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    settle = listing._settle

    def die_at(made: Path, path: Path) -> None:
        if path.suffix == ".csv":
            raise Killed
        settle(made, path)

    monkeypatch.setattr(listing, "_settle", die_at)
    with pytest.raises(Killed):
        exports.rewrite(forget_mira)
    monkeypatch.setattr(listing, "_settle", settle)

    outcomes = [one.outcome for one in exports.rewrite(forget_mira)]

    assert outcomes == [Outcome.NOTHING] * 2 + [Outcome.REWRITTEN] * 3
    assert [rows_in(tmp_path / name) for name in NAMES] == [10] * 5


def test_a_list_that_is_broken_is_named(tmp_path: Path) -> None:
    (tmp_path / "exports.jsonl").write_text('{"path": 7}\n')

    with pytest.raises(DamagedError, match=r"exports\.jsonl"):
        Exports(tmp_path).rewrite(lambda row: row)


def test_rows_say_what_a_rewrite_needs(exports: Exports) -> None:
    seen: list[dict[str, Any]] = []

    exports.rewrite(lambda row: seen.append(dict(row)) or row, dry_run=True)  # type: ignore[func-returns-value]  # a list's

    mira = [row for row in seen if row["user_login"] == "mira"]
    assert len(mira) == 25
    assert {(row["user_name"], row.get("user_id", "4")) for row in mira} == {("Mira", "4")}
    assert all({"text", "action"} <= row.keys() for row in seen)
