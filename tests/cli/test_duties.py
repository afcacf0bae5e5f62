"""Retention, purging, pseudonyms and the opt-out list as the commands have them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chatpulse.pipelines.privacy import UserKeys
from tests.faults.traces import traces

pytestmark = pytest.mark.slow
Answer = Callable[..., Any]

LINES = (
    "@display-name=Quill_7;id=m1;room-id=77;tmi-sent-ts=1790000001000;user-id=4242424 "
    ":quill_7!quill_7@quill_7.tmi.twitch.tv PRIVMSG #reef :hello everybody",
    "@display-name=Juno;id=m2;reply-parent-display-name=Quill_7;reply-parent-msg-id=m1;reply-parent-user-id=4242424;"
    "reply-parent-user-login=quill_7;room-id=77;tmi-sent-ts=1790000002000;user-id=9 "
    ":juno!juno@juno.tmi.twitch.tv PRIVMSG #reef :@Quill_7 welcome",
    "@login=juno;room-id=77;target-msg-id=m2;tmi-sent-ts=1790000003000 :tmi.twitch.tv CLEARMSG #reef :@Quill_7 welcome",
)


@pytest.fixture
def data(answer: Answer, tmp_path: Path) -> Path:
    replayed(answer, tmp_path)
    return tmp_path / "chat"


def replayed(answer: Answer, tmp_path: Path, **variables: str) -> Any:
    path = tmp_path / "said.irc"
    path.write_text("".join(f"{line}\n" for line in LINES))
    return answer("replay", path, "--speed", "max", "--no-web", "--data", tmp_path / "chat", **variables)


def rows(answer: Answer, data: Path, sql: str) -> list[list[Any]]:
    return [list(row.values()) for row in answer("sql", sql, "--data", data)]


def test_old_chat_leaves_and_days_without_end_are_warned_of(
    answer: Answer, chatpulse: Callable[..., Any], data: Path
) -> None:
    young = answer("lake", "retain", "--days", "1", "--data", data)
    endless = chatpulse("lake", "retain", "--data", data, CHATPULSE_RETENTION_DAYS="0")
    kept = rows(answer, data, "select count(*) from messages")

    assert (young["days"], young["tables"]["messages"]["dropped"], kept) == (1, 0, [[2]])
    assert endless.returncode == 0
    assert "developer agreement" in endless.stderr


def test_removed_messages_lose_their_words_in_tables_and_record(answer: Answer, data: Path) -> None:
    before = traces(data, "welcome")

    report = answer("lake", "compact", "--purge-deleted", "--data", data)

    assert {name: counts["renamed"] for name, counts in report["purged"].items()} == {
        "messages": 1, "moderation": 1, "record": 2,
    }  # fmt: skip
    assert before
    assert traces(data, "welcome") == set()
    assert rows(answer, data, "select id, text, deleted_us > 0 from messages order by id") == [
        ["m1", "hello everybody", None],
        ["m2", "", True],
    ]


def test_hashed_users_are_stored_by_pseudonym_only(answer: Answer, tmp_path: Path) -> None:
    summary = replayed(answer, tmp_path, CHATPULSE_PRIVACY_USERS="hash")
    data = tmp_path / "chat"

    keys = UserKeys.load(data / "state")
    quill = f"user_{keys.of_name('quill_7')}"
    assert summary["stored"] == 3
    assert traces(data, "quill_7", "juno", "4242424") == set()
    assert rows(answer, data, "select user_id, user_login, user_name, text from messages order by id") == [
        [keys.of_id("4242424"), quill, quill, "hello everybody"],
        [keys.of_id("9"), f"user_{keys.of_name('juno')}", f"user_{keys.of_name('juno')}", f"@{quill} welcome"],
    ]


def test_a_setting_may_stand_in_a_table_of_the_file(answer: Answer, tmp_path: Path) -> None:
    (tmp_path / "chatpulse.toml").write_text('[privacy]\nusers = "hash"\n')

    replayed(answer, tmp_path)

    assert traces(tmp_path / "chat", "quill_7") == set()


def test_an_import_skips_who_opted_out(answer: Answer, data: Path, tmp_path: Path) -> None:
    answer("opt-out", "quill_7", "--data", data)
    later = tmp_path / "later.irc"
    later.write_text("".join(f"{line}\n" for line in LINES[:2]).replace("id=m", "id=n"))

    (report,) = answer("import", later, "--channel", "reef", "--data", data)["files"]

    assert (report["read"], report["stored"], report["skipped"]) == (2, 1, {"opted-out": 1})
    assert rows(answer, data, "select text from messages where id = 'n2'") == [["@_forgotten_ welcome"]]
