import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chatpulse.domain.chat import ChatMessage, ModerationKind, TimeKind, Topic
from chatpulse.errors import ConnectionLostError, InputError, StorageFullError
from chatpulse.lake import TableWriter, mark_deleted
from chatpulse.lake.export import Picked, Selection
from chatpulse.pipelines.export import FORMATS, ExportReport, Request, export
from chatpulse.pipelines.exports import Exports, sha256_of
from chatpulse.settings import Settings
from chatpulse.twitch.formats.readers import READERS
from chatpulse.twitch.formats.record import Head
from tests.lake.builders import SECOND_US, START_US, STORED_US, message, messages, moderation, raid
from tests.twitch.formats.reading import messages as said_in
from tests.twitch.formats.reading import read_all


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Tables with a hundred live messages, and a recording of three that has no dates."""
    url = str(tmp_path / "chat")
    undated = [
        message(500 + n, ts_us=n * SECOND_US, time_kind=TimeKind.OFFSET, video_id="v9", channel="aurora")
        for n in range(3)
    ]
    store(url, [*messages(0, 99), *undated, message(1, id="b1", channel="bramble", ts_us=7, time_kind=TimeKind.OFFSET)])
    return Settings(data=url)


def store(url: str, said: list[ChatMessage]) -> None:
    TableWriter(url, record_id="r").write(Topic.CHAT_MESSAGES, said, offsets=(0, len(said) - 1), stored_us=STORED_US)


def write(settings: Settings, target: Path, **wishes: Any) -> ExportReport:
    chosen = {name: wishes.pop(name) for name in list(wishes) if name in Selection.__dataclass_fields__}
    selection = Selection(**({"table": "messages", "channel": "aurora"} | chosen))
    return export(settings, Request(selection=selection, target=target, **wishes))


@pytest.mark.parametrize(
    ("name", "format_name", "rows"),
    [
        pytest.param("chat.json", "twitchdownloader", 100, id="TwitchDownloader"),
        pytest.param("chat.ndjson", "ndjson", 103, id="JSON lines"),
        pytest.param("chat.JSONL", "ndjson", 103, id="JSON lines by their other name"),
        pytest.param("chat.csv", "csv", 103, id="CSV"),
        pytest.param("chat.parquet", "parquet", 103, id="Parquet"),
        pytest.param("chat.irc", "irc", 100, id="tcd"),
    ],
)
def test_the_ending_of_the_name_says_the_format(
    name: str, format_name: str, rows: int, settings: Settings, tmp_path: Path
) -> None:
    report = write(settings, tmp_path / name)

    assert (report.format, report.rows, report.size_bytes) == (format_name, rows, (tmp_path / name).stat().st_size)
    assert report.sha256 == sha256_of(tmp_path / name)
    assert (report.path, report.channel, report.table) == (str(tmp_path / name), "aurora", "messages")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([name, "chat"])


def test_a_file_of_one_recording_says_what_it_leaves_out(settings: Settings, tmp_path: Path) -> None:
    report = write(settings, tmp_path / "chat.irc")

    assert report.left_out == {"offset": 3}
    assert (report.time, report.first, report.last) == (
        "epoch",
        "2026-09-21T14:13:20.000Z",
        "2026-09-21T14:14:59.000Z",
    )
    assert (tmp_path / "chat.irc").read_text().splitlines()[-1] == "[0:01:39] <viewer9> what a save number 99"


def test_a_recording_without_dates_counts_from_its_start(settings: Settings, tmp_path: Path) -> None:
    report = write(settings, tmp_path / "chat.json", video_id="v9")

    head = Head()
    found = said_in(read_all(READERS["twitchdownloader"], (tmp_path / "chat.json").read_bytes(), head))
    assert [one.ts_us for one in found] == [0, SECOND_US, 2 * SECOND_US]
    assert (head.start_us, head.video_id, head.channel) == (None, "v9", "aurora")
    assert (report.time, report.first, report.last, report.left_out) == ("offset", "0:00:00", "0:00:02", {})


def test_a_known_start_puts_messages_where_they_belong(settings: Settings, tmp_path: Path) -> None:
    write(settings, tmp_path / "chat.json", start_us=START_US + 10 * SECOND_US + 5)

    head = Head()
    found = said_in(read_all(READERS["twitchdownloader"], (tmp_path / "chat.json").read_bytes(), head))
    assert (found[0].id, found[0].ts_us, head.start_us) == ("m000011", 999_995, START_US + 10 * SECOND_US + 5)


def test_all_rows_of_any_time_go_into_files_with_every_column(settings: Settings, tmp_path: Path) -> None:
    report = write(settings, tmp_path / "chat.ndjson")

    found = said_in(read_all(READERS["chatpulse-ndjson"], (tmp_path / "chat.ndjson").read_bytes()))
    assert [one.id for one in found] == ["m000500", "m000501", "m000502", *(one.id for one in messages(0, 99))]
    assert (report.time, report.first, report.last, report.left_out) == ("mixed", None, None, {})


def test_a_span_without_chat_makes_a_file_without_rows(settings: Settings, tmp_path: Path) -> None:
    for name in ("a.json", "a.ndjson", "a.csv", "a.parquet", "a.irc"):
        report = write(settings, tmp_path / name, until_us=START_US)

        assert (report.rows, report.time, report.first, (tmp_path / name).exists()) == (0, "", None, True)
    assert read_all(READERS["twitchdownloader"], (tmp_path / "a.json").read_bytes()) == []


@pytest.mark.parametrize(
    ("wishes", "said"),
    [
        pytest.param({"channel": "nobody"}, "there are aurora, bramble", id="a channel that is not there"),
        pytest.param({"video_id": "v1"}, "there are v9", id="a recording that is not there"),
        pytest.param({"channel": "bramble", "video_id": "v1"}, "live chat only", id="a channel without recordings"),
        pytest.param({"target": "chat.doc"}, "--format takes", id="an ending that says nothing"),
        pytest.param({"format": "srt"}, "format 'srt'", id="a format that is none"),
        pytest.param({"table": "events"}, "messages only", id="a table that the format cannot hold"),
        pytest.param({"channel": "bramble", "format": "irc"}, "--video-id", id="no dates and no recording chosen"),
        pytest.param({"target": "there.json"}, "--force", id="a file that is there"),
        pytest.param({"target": "chat", "force": True, "format": "csv"}, "exists", id="a folder, even by force"),
    ],
)
def test_what_cannot_be_written_is_said_in_one_line(
    wishes: dict[str, Any], said: str, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "there.json").write_text("mine")
    before = sorted(tmp_path.iterdir())

    with pytest.raises(InputError, match=said):
        write(settings, tmp_path / wishes.pop("target", "chat.json"), **wishes)

    assert sorted(tmp_path.iterdir()) == before
    assert (tmp_path / "there.json").read_text() == "mine"
    assert Exports(settings.state_folder()).entries() == []


def test_a_folder_that_is_not_there_is_named(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(StorageFullError, match=r"gone/chat\.csv cannot be written"):
        write(settings, tmp_path / "gone" / "chat.csv")


def test_force_replaces_a_file(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "chat.irc").write_text("old")

    write(settings, tmp_path / "chat.irc", force=True)

    assert (tmp_path / "chat.irc").read_text().startswith("[0:00:00] <viewer0> ")


def test_what_breaks_in_the_middle_leaves_the_old_file(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "chat.csv").write_text("old")
    monkeypatch.setattr(Picked, "rows", lambda *_: 1 // 0)

    with pytest.raises(ZeroDivisionError):
        write(settings, tmp_path / "chat.csv", force=True)

    assert {path.name: path.is_file() and path.read_text() for path in tmp_path.iterdir()} == {
        "chat": False,
        "chat.csv": "old",
    }


def test_a_file_and_the_list_belong_to_their_owner_alone(settings: Settings, tmp_path: Path) -> None:
    write(settings, tmp_path / "chat.csv")

    files = [tmp_path / "chat.csv", *settings.state_folder().glob("exports.*")]
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in files} == dict.fromkeys(
        ["chat.csv", "exports.jsonl", "exports.lock"], 0o600
    )


def test_every_export_is_on_the_list_once(settings: Settings, tmp_path: Path) -> None:
    write(settings, tmp_path / "a.csv")
    write(settings, tmp_path / "b.json", video_id="v9")
    report = write(settings, tmp_path / "a.csv", since_us=START_US + 98 * SECOND_US, force=True)

    first, second = Exports(settings.state_folder()).entries()

    assert (first.path, first.format, first.video_id, first.rows) == (
        str(tmp_path / "b.json"), "twitchdownloader", "v9", 3,
    )  # fmt: skip
    assert (second.path, second.rows, second.sha256) == (str(tmp_path / "a.csv"), 2, report.sha256)
    assert (second.first_us, second.last_us) == (START_US + 98 * SECOND_US, START_US + 99 * SECOND_US)


def test_an_export_during_which_somebody_is_forgotten_is_refused(settings: Settings, tmp_path: Path) -> None:
    def forget(rows: int) -> None:
        assert rows == 100
        Exports(settings.state_folder()).rewrite(lambda row: row)

    selection = Selection(table="messages", channel="aurora")
    request = Request(selection=selection, target=tmp_path / "chat.irc")

    with pytest.raises(ConnectionLostError, match="forgotten"):
        export(settings, request, count=forget)

    assert not (tmp_path / "chat.irc").exists()
    assert export(settings, replace(request, selection=selection)).rows == 100


def test_messages_that_a_moderator_removed_are_counted_as_left_out(settings: Settings, tmp_path: Path) -> None:
    ban = moderation(1, ModerationKind.DELETE, after_s=200, message_id="m000001")
    TableWriter(settings.data, record_id="r").write(Topic.MODERATION, [ban], offsets=(0, 0), stored_us=STORED_US)
    mark_deleted(settings.data)

    found = write(settings, tmp_path / "a.irc"), write(settings, tmp_path / "b.irc", with_deleted=True)

    assert [report.rows for report in found] == [99, 100]
    assert [report.left_out for report in found] == [{"offset": 3, "deleted": 1}, {"offset": 3}]


@pytest.mark.parametrize("name", ["e.ndjson", "e.csv", "e.parquet"])
def test_other_tables_are_written_with_every_column(name: str, settings: Settings, tmp_path: Path) -> None:
    TableWriter(settings.data, record_id="r").write(
        Topic.EVENTS, [raid(1), raid(2)], offsets=(0, 1), stored_us=STORED_US
    )

    report = write(settings, tmp_path / name, table="events")

    assert (report.rows, report.table) == (2, "events")
    if name == "e.ndjson":
        found = read_all(READERS["chatpulse-ndjson"], (tmp_path / name).read_bytes())
        assert [(type(one).__name__, getattr(one, "viewers", 0)) for one in found] == [("Raid", 9), ("Raid", 9)]


def test_every_format_is_named(settings: Settings, tmp_path: Path) -> None:
    assert FORMATS == ("twitchdownloader", "ndjson", "csv", "parquet", "irc")
    assert {write(settings, tmp_path / name, format=name).format for name in FORMATS} == set(FORMATS)
