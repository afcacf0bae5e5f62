"""A person who is forgotten is in no byte of the data folder, whatever else goes on."""

import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import PROGRAM
from tests.faults.program import Program
from tests.faults.traces import kinds, traces
from tests.faults.twitch import simulated

Answer = Callable[..., Any]

NAMES = ("quill_otter7", "月見うどん食堂")
TABLES = {"messages", "subscriptions", "events", "moderation", "quarantine"}
BUCKETS = ("messages", "subscriptions", "events", "moderation", "room", "protocol", "quarantined", "duplicates")
pytestmark = pytest.mark.slow
START_MS = 1_790_000_000_000


def line(number: int, *, text: str, user: str = "juno", user_id: str = "9", name: str = "", more: str = "") -> str:
    """A message, with all tags that Twitch sends."""
    return (
        f"@badge-info=;badges=;color=;display-name={name or user.title()};emotes=;first-msg=0;flags=;id=m-{number};"
        f"mod=0;{more}room-id=77;subscriber=0;tmi-sent-ts={START_MS + 1_000 * number};turbo=0;user-id={user_id};"
        f"user-type= :{user}!{user}@{user}.tmi.twitch.tv PRIVMSG #reef :{text}"
    )


def notice(number: int, kind: str, said: str, *, login: str = "juno", user_id: str = "9", more: str = "") -> str:
    return (
        f"@badge-info=;badges=;color=;display-name={login};emotes=;id=n-{number};login={login};mod=0;msg-id={kind};"
        f"{more}room-id=77;subscriber=0;system-msg={said};tmi-sent-ts={START_MS + 1_000 * number};user-id={user_id};"
        "user-type= :tmi.twitch.tv USERNOTICE #reef :ten months"
    )


def moderated(number: int, target: str, target_id: str) -> str:
    return (
        f"@ban-duration=600;room-id=77;target-user-id={target_id};tmi-sent-ts={START_MS + 1_000 * number} "
        f":tmi.twitch.tv CLEARCHAT #reef :{target}"
    )


def evening() -> list[str]:
    """Invented chat in which a person stands in every place where a person can stand."""
    own = {"user": "quill_otter7", "user_id": "424242", "name": "月見うどん食堂"}
    them = {"login": "quill_otter7", "user_id": "424242"}
    reply = (
        "reply-parent-display-name=月見うどん食堂;reply-parent-msg-body=see\\s@Quill_Otter7;reply-parent-msg-id=m-1;"
        "reply-parent-user-id=424242;reply-parent-user-login=quill_otter7;"
    )
    gift = (
        "msg-param-months=3;msg-param-recipient-display-name=月見うどん食堂;msg-param-recipient-id=424242;"
        "msg-param-recipient-user-name=quill_otter7;msg-param-sub-plan=1000;"
    )
    return [
        line(1, text="what a reef", **own),
        line(2, text="hello @Quill_Otter7 how are you"),
        line(3, text="@月見うどん食堂 see you", more=reply),
        line(4, text="quill_otter7 was here"),
        line(5, text="nobody is named here"),
        notice(6, "subgift", "juno\\sgifted\\sa\\ssub\\sto\\s月見うどん食堂!", more=gift),
        notice(7, "resub", "月見うどん食堂\\ssubscribed", **them),
        notice(8, "raid", "9\\sraiders\\sfrom\\s月見うどん食堂", **them),
        notice(9, "newkind", "juno\\smet\\squill_otter7", more="msg-param-who=Quill_Otter7;"),
        moderated(10, "quill_otter7", "424242"),
        f"@login=quill_otter7;room-id=77;target-msg-id=m-1;tmi-sent-ts={START_MS + 11_000} "
        ":tmi.twitch.tv CLEARMSG #reef :what a reef",
        ":quill_otter7!quill_otter7@quill_otter7.tmi.twitch.tv PRIVMSG #reef :no UTF-8: \udce9",
        *(line(number, text=f"talk number {number}", **(own if number % 3 == 0 else {})) for number in range(20, 320)),
        moderated(400, "somebody_else", "5"),
    ]


def told(path: Path, lines: list[str]) -> Path:
    path.write_bytes("".join(f"{text}\n" for text in lines).encode("utf-8", "surrogateescape"))
    return path


def stored(answer: Answer, data: Path, tmp_path: Path) -> None:
    """Store an evening in two runs, each with a compaction at its end, so that there are older versions."""
    lines = evening()
    for part in range(2):
        path = told(tmp_path / f"part-{part}.irc", lines[part::2])
        answer("replay", path, "--speed", "max", "--no-web", "--data", data)


def rows(answer: Answer, data: Path, sql: str) -> list[list[Any]]:
    return [list(row.values()) for row in answer("sql", sql, "--data", data)]


def test_every_place_where_a_name_can_stand_is_searched(answer: Answer, tmp_path: Path) -> None:
    stored(answer, tmp_path / "chat", tmp_path)

    found = traces(tmp_path / "chat", *NAMES)

    assert kinds(found) == {"record.db", *TABLES}
    assert sum(path.startswith("messages/") for path in found) >= 3


def test_a_forgotten_person_is_in_no_byte(answer: Answer, tmp_path: Path) -> None:
    data = tmp_path / "chat"
    stored(answer, data, tmp_path)
    others = rows(answer, data, "select count(*) from messages where user_login <> 'quill_otter7'")

    report = answer("forget", "quill_otter7", "--data", data)

    assert traces(data, *NAMES) == set()
    assert traces(data, "424242") == set()
    assert report["tables"]["messages"] == {"removed": 101, "renamed": 3}
    assert {name: counts["removed"] for name, counts in report["tables"].items() if counts["removed"]} == {
        "messages": 101, "subscriptions": 1, "events": 1, "moderation": 2, "quarantine": 1,
    }  # fmt: skip
    assert rows(answer, data, "select count(*) from messages") == others
    assert report["left"] == []


def test_what_others_said_stays_with_a_mark(answer: Answer, tmp_path: Path) -> None:
    data = tmp_path / "chat"
    stored(answer, data, tmp_path)

    answer("forget", "424242", "--id", "--data", data)

    said = rows(answer, data, "select id, text from messages where id in ('m-2', 'm-3', 'm-4', 'm-5') order by id")
    assert said == [
        ["m-2", "hello @_forgotten_ how are you"],
        ["m-3", "@_forgotten_ see you"],
        ["m-4", "_forgotten_ was here"],
        ["m-5", "nobody is named here"],
    ]
    assert rows(answer, data, "select user_login, recipient_id, recipient_login, system_text from subscriptions") == [
        ["juno", None, None, "juno gifted a sub to _forgotten_!"]
    ]
    assert rows(answer, data, "select kind, tags['msg-param-who'], system_text from events") == [
        ["unknown", "_forgotten_", "juno met _forgotten_"]
    ]


def test_a_dry_run_counts_and_changes_nothing(answer: Answer, tmp_path: Path) -> None:
    data = tmp_path / "chat"
    stored(answer, data, tmp_path)
    before = traces(data, *NAMES)

    expected = answer("forget", "quill_otter7", "--dry-run", "--data", data)

    assert traces(data, *NAMES) == before
    found = answer("forget", "quill_otter7", "--data", data)
    assert (expected["tables"], expected["record"]) == (found["tables"], found["record"])


def test_who_was_forgotten_is_not_stored_again(answer: Answer, tmp_path: Path) -> None:
    data = tmp_path / "chat"
    stored(answer, data, tmp_path)
    answer("forget", "quill_otter7", "--data", data)
    again = told(tmp_path / "again.irc", [text.replace("id=m-", "id=again-") for text in evening()[:5]])

    summary = answer("replay", again, "--speed", "max", "--no-web", "--data", data)

    assert (summary["messages"], summary["opted_out"], summary["stored"], summary["dropped"]) == (5, 1, 4, 0)
    assert traces(data, *NAMES) == set()
    assert rows(answer, data, "select text from messages where id = 'again-2'") == [["hello @_forgotten_ how are you"]]


def test_exports_lose_the_person_too(answer: Answer, chatpulse: Callable[..., Any], tmp_path: Path) -> None:
    data, out = tmp_path / "chat", tmp_path / "out"
    stored(answer, data, tmp_path)
    out.mkdir()
    for name in ("chat.ndjson", "chat.csv", "chat.parquet", "chat.irc"):
        done = chatpulse("export", "chat", "--channel", "reef", "--to", out / name, "--data", data)
        assert done.returncode == 0, done.stderr
    assert len(traces(out, *NAMES)) == 4

    report = answer("forget", "quill_otter7", "--data", data)

    assert traces(out, *NAMES) == set()
    assert {one["outcome"] for one in report["exports"]} == {"rewritten"}


def test_a_forgetting_that_was_killed_is_ended_by_the_next_one(
    answer: Answer, tmp_path: Path, environment: dict[str, str]
) -> None:
    for number, after_s in enumerate((0.7, 0.9, 1.1, 1.4, 1.8)):
        data = tmp_path / f"chat-{number}"
        stored(answer, data, tmp_path)
        child = subprocess.Popen(
            [PROGRAM, "forget", "quill_otter7", "--data", data, "--json"],
            env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(after_s)
        child.send_signal(signal.SIGKILL)
        child.wait()

        answer("forget", "quill_otter7", "--data", data)

        assert traces(data, *NAMES) == set()


def test_a_person_is_forgotten_beside_a_collector(answer: Answer, tmp_path: Path, environment: dict[str, str]) -> None:
    data = tmp_path / "chat"
    with simulated(per_s=60) as server:
        arguments = ("live", "reef", "bay", "--server", server.address, "--data", data, "--json")
        with Program(*arguments, env=environment) as run:
            run.until(lambda: run.totals()["stored"] > 100, within_s=30)
            assert "ana" in run.get("/api/frame?channel=reef").text

            report = answer("forget", "ana", "--data", data)

            assert report["tables"]["messages"]["removed"] > 100
            assert traces(data, "hello 1", "ana!ana") == set()
            assert run.get("/api/messages?channel=reef").json() == []
            heard = run.totals()["messages"]
            run.until(lambda: run.totals()["messages"] > heard + 30, within_s=20)
            server.hush(run)
            summary = run.leave()

    assert summary["opted_out"] > 30
    assert (summary["dropped"], summary["lines"]) == (0, sum(summary[name] for name in BUCKETS))
    assert rows(answer, data, "select count(*) from messages") == [[0]]
    assert traces(data, "ana!ana", "hello ") == set()


def test_list_and_audit_name_nobody_and_the_key_is_the_owners(answer: Answer, tmp_path: Path) -> None:
    data = tmp_path / "chat"
    stored(answer, data, tmp_path)

    answer("forget", "quill_otter7", "--data", data)

    state = data / "state"
    assert {path.name for path in state.iterdir()} >= {"key", "opt-out.json", "audit.jsonl"}
    assert not (state / "forgetting.json").exists()
    assert (state / "key").stat().st_mode & 0o777 == 0o600
    assert (state / "audit.jsonl").stat().st_mode & 0o777 == 0o600


def test_the_record_keeps_its_offsets(answer: Answer, tmp_path: Path) -> None:
    data = tmp_path / "chat"
    stored(answer, data, tmp_path)

    def ends() -> list[tuple[int, int]]:
        with sqlite3.connect(data / "record.db") as db:
            return list(db.execute("select max(offset), sum(count) from chat_messages"))

    before = ends()
    answer("forget", "quill_otter7", "--data", data)

    assert ends() == before
