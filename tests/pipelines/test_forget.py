"""Who somebody is, and what is done beside the tables; every byte is searched in tests/faults/test_forget.py."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from chatpulse.domain.chat import ChatMessage, Raid, Recorded, Topic
from chatpulse.errors import ConnectionLostError, InputError
from chatpulse.eventlog import GONE, by_topic, decode, encode_many
from chatpulse.eventlog.backends.sqlite import SqliteEventLog
from chatpulse.lake import TableWriter, query
from chatpulse.pipelines import forget as forgetting
from chatpulse.pipelines.forget import forget, opt_out
from chatpulse.pipelines.persons import Someone, identify
from chatpulse.pipelines.privacy import OptOut, Privacy
from chatpulse.runtime.lock import FileLock
from chatpulse.settings import Settings
from tests.lake.builders import STORED_US, message, messages


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=str(tmp_path / "chat"))


def store(settings: Settings, *events: ChatMessage, offset: int = 1) -> None:
    to = TableWriter(settings.data, record_id="record-1")
    to.write(Topic.CHAT_MESSAGES, events, offsets=(offset, offset + len(events) - 1), stored_us=STORED_US)


def record(settings: Settings, *events: Recorded) -> None:
    async def append() -> None:
        log = SqliteEventLog.open(settings.record_url())
        await log.append(encode_many(by_topic(events)))
        await log.close()

    asyncio.run(append())


def recorded(settings: Settings, topic: Topic = Topic.CHAT_MESSAGES) -> list[bytes]:
    async def read() -> list[bytes]:
        log = SqliteEventLog.open(settings.record_url(), read_only=True)
        entries = await log.entries(topic, after=0, limit=1_000)
        await log.close()
        return [entry.body for entry in entries]

    return asyncio.run(read())


def ids(settings: Settings) -> list[Any]:
    return [row[0] for row in query(settings.data, "select id from messages order by id").rows()]


def test_a_login_leads_to_the_id_and_all_names_of_tables_and_record(settings: Settings) -> None:
    store(settings, message(1, user_id="42", user_login="old_name"), message(2, user_id="7", user_login="other"))
    record(settings, message(3, user_id="42", user_login="new_name", user_name="新しい名前"))

    found = identify(settings, Someone(names=frozenset({"new_name"}), logins=frozenset({"new_name"})))

    assert found.ids == frozenset({"42"})
    assert found.names == frozenset({"new_name", "old_name", "新しい名前"})


def test_an_old_name_that_somebody_else_has_now_stays_theirs(settings: Settings) -> None:
    said = [message(1, user_id="42", user_login="name_1"), message(2, user_id="43", user_login="name_1")]
    store(settings, *said, message(3, user_id="42", user_login="name_2"))

    forget(settings, "42", by_id=True)

    assert ids(settings) == ["m000002"]


def test_a_login_takes_all_who_have_borne_it(settings: Settings) -> None:
    store(settings, message(1, user_id="42", user_login="name_1"), message(2, user_id="", user_login="Name_1"))

    report = forget(settings, "@NAME_1")

    assert (ids(settings), report.ids) == ([], 1)


def test_entries_go_and_those_of_others_lose_the_name(settings: Settings) -> None:
    store(settings, message(1))
    raw = "@user-id=9 :juno!juno@juno.tmi.twitch.tv PRIVMSG #aurora :hi @viewer_7"
    other = message(8, user_id="9", user_login="juno", text="hi @viewer_7", raw=raw)
    raid = Raid(id="r", channel="aurora", ts_us=1, received_us=1, user_id="42", user_login="viewer_7")
    record(settings, message(7, user_id="42", user_login="viewer_7", raw="x"), other, raid)

    report = forget(settings, "viewer_7")

    gone, said = recorded(settings)
    left = decode(Topic.CHAT_MESSAGES, said)
    assert (gone, recorded(settings, Topic.EVENTS)) == (GONE, [GONE])
    assert isinstance(left, ChatMessage)
    assert (left.text, left.raw.partition("#")[2]) == ("hi @_forgotten_", "aurora :hi @_forgotten_")
    assert (report.record.removed, report.record.renamed) == (2, 1)


def test_a_body_that_nobody_can_read_goes_when_it_names_them(settings: Settings) -> None:
    store(settings, message(1))

    async def append() -> None:
        log = SqliteEventLog.open(settings.record_url())
        await log.append({Topic.CHAT_MESSAGES: [b'{"v":1,"user":"viewer_7"', b'{"v":1,"user":"other"']})
        await log.close()

    asyncio.run(append())
    forget(settings, "viewer_7")

    assert recorded(settings) == [GONE, b'{"v":1,"user":"other"']


def test_who_was_stored_under_a_pseudonym_is_found_by_the_real_name(settings: Settings) -> None:
    privacy = Privacy.open(settings.state_folder(), users="hash")
    said = [message(1, user_id="42", user_login="viewer_7"), message(2, text="hi @Viewer_7")]
    store(settings, *(event for event in privacy.admit(said) if isinstance(event, ChatMessage)))

    forget(settings, "viewer_7")

    assert query(settings.data, "select id, text from messages").rows() == [("m000002", "hi @_forgotten_")]
    assert OptOut.open(settings.state_folder()).covers(said[0])


def test_a_channel_keeps_its_name_and_is_named_in_the_report(settings: Settings) -> None:
    store(settings, message(1, user_login="aurora", user_id="77"), message(2))
    record(settings, message(2))

    report = forget(settings, "aurora")

    assert report.channel
    assert query(settings.data, "select id, channel from messages").rows() == [("m000002", "aurora")]


def test_what_was_begun_is_ended_by_whoever_is_forgotten_next(settings: Settings) -> None:
    store(settings, *messages(1, 20))
    state = settings.state_folder()
    state.mkdir(parents=True)
    (state / "forgetting.json").write_text(json.dumps({"ids": ["u3"], "names": ["viewer3"], "logins": []}))

    forget(settings, "viewer5")

    rows = query(settings.data, "select distinct user_id from messages").rows()
    assert {user for (user,) in rows} == {f"u{number}" for number in (0, 1, 2, 4, 6, 7, 8, 9)}
    assert not (state / "forgetting.json").exists()


def test_files_that_nobody_knows_are_named_when_they_hold_the_name(settings: Settings) -> None:
    store(settings, message(7))
    mine, other = Path(settings.data) / "notes.txt", Path(settings.data) / "other.txt"
    mine.write_text("ask viewer7 tomorrow")
    other.write_text("ask viewer77 tomorrow")

    assert forget(settings, "viewer7").left == (str(mine),)


def test_a_collector_that_does_not_let_go_is_named(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    store(settings, message(7))
    monkeypatch.setattr(forgetting, "HEEDED_S", 0.1)
    lock = FileLock(Path(settings.data) / "collector.lock", what="the tables")

    with pytest.raises(ConnectionLostError, match="did not let go"):
        forget(settings, "viewer7")
    lock.release()

    assert ids(settings) == ["m000007"]
    assert forget(settings, "nobody_else").tables["messages"].removed == 1


def test_opting_out_keeps_what_is_stored_and_can_be_undone(settings: Settings) -> None:
    store(settings, message(7))

    listed = opt_out(settings, "viewer7")
    covered = OptOut.open(settings.state_folder()).covers(message(17))

    assert (listed, covered, ids(settings)) == (2, True, ["m000007"])
    assert opt_out(settings, "viewer7", remove=True) == 0


def test_one_name_lets_somebody_in_again_of_whom_nothing_is_stored(settings: Settings) -> None:
    store(settings, message(7), message(8))
    forget(settings, "viewer7")
    opt_out(settings, "viewer8")

    assert opt_out(settings, "viewer7", remove=True) == 2
    listed = OptOut.open(settings.state_folder())
    assert [listed.covers(message(number)) for number in (7, 8)] == [False, True]


def test_the_audit_says_what_was_done_and_for_no_name(settings: Settings) -> None:
    store(settings, message(7), message(8, text="@viewer7"))

    forget(settings, "viewer7")
    opt_out(settings, "viewer7", remove=True)

    text = (settings.state_folder() / "audit.jsonl").read_text()
    noted = [json.loads(line) for line in text.splitlines()]
    assert [(one["what"], len(one["people"])) for one in noted] == [("forget", 2), ("opt-in", 1)]
    assert noted[0]["rows"] == 2
    assert "viewer7" not in text


@pytest.mark.parametrize("user", ["", "@", "two words", "a\0b"])
def test_what_is_no_name_is_wrong_use(settings: Settings, user: str) -> None:
    store(settings, message(1))

    with pytest.raises(InputError, match="is wanted"):
        forget(settings, user)


def test_tables_elsewhere_and_tables_that_are_not_there_are_wrong_use(tmp_path: Path) -> None:
    for data, said in (("s3://bucket/chat", "local tables only"), (str(tmp_path / "nowhere"), "no folder")):
        with pytest.raises(InputError, match=said):
            forget(Settings(data=data), "somebody")
    assert list(tmp_path.iterdir()) == []
