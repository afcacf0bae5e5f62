"""Chat files become scored rows, each record in one place of the report, each message once."""

import gzip
import json
import signal
import subprocess
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from chatpulse.simulation.core.truth import Truth
from tests.conftest import PROGRAM

Answer = Callable[..., Any]
Recording = Callable[..., tuple[Path, Truth]]

START = "2026-03-01T18:00:00Z"
START_US = 1_772_388_000_000_000
S = 1_000_000
PEOPLE = ("juno", "mira", "olo", "tavi")


def comment(number: int, at_s: float, text: str, *, user: str = "juno") -> dict[str, Any]:
    """One comment as TwitchDownloader writes it."""
    return {
        "_id": f"c{number:04}",
        "created_at": START,
        "channel_id": "77",
        "content_type": "video",
        "content_id": "900100",
        "content_offset_seconds": at_s,
        "commenter": {"display_name": user.title(), "_id": f"8{PEOPLE.index(user)}", "name": user, "bio": None},
        "message": {
            "body": text,
            "bits_spent": 0,
            "fragments": [{"text": text, "emoticon": None}],
            "user_badges": [],
            "user_color": None,
            "emoticons": [],
        },
    }


def download(comments: Sequence[dict[str, Any]], *, start: str = START) -> dict[str, Any]:
    return {
        "FileInfo": {"Version": {"Major": 1, "Minor": 4, "Patch": 0}, "CreatedAt": START, "UpdatedAt": START},
        "streamer": {"name": "Aurora", "login": "aurora", "id": 77},
        "video": {"title": "a walk", "id": "900100", "created_at": start, "start": 0.0, "end": 900.0, "length": 900.0},
        "comments": list(comments),
        "embeddedData": None,
    }


def spoken(count: int) -> list[dict[str, Any]]:
    return [comment(n, 3 * n, f"what a jump number {n}", user=PEOPLE[n % 4]) for n in range(count)]


def write(path: Path, document: object) -> Path:
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def imported(answer: Answer, *files: Path | str, data: Path, **options: str) -> Any:
    report = answer("import", *files, "--data", data, **options)
    for file in report["files"]:
        skipped = sum(file["skipped"].values())
        assert file["read"] == file["stored"] + file["duplicates"] + skipped + file["quarantined"]
    return report


def rows(answer: Answer, data: Path, what: str, table: str = "messages") -> list[list[Any]]:
    return [
        list(row.values()) for row in answer("sql", f"select {what} from {table} order by ts_us, id", "--data", data)
    ]


def test_a_file_becomes_scored_rows_and_a_second_import_none(answer: Answer, tmp_path: Path) -> None:
    path = write(tmp_path / "walk.json", download(spoken(20)))

    (first,) = imported(answer, path, data=tmp_path / "chat")["files"]
    (again,) = imported(answer, path, data=tmp_path / "chat")["files"]

    assert (first["format"], first["time"], first["channel"], first["video_id"]) == (
        "twitchdownloader", "epoch", "aurora", "900100",
    )  # fmt: skip
    assert (first["read"], first["stored"], first["first"]) == (20, 20, "2026-03-01T18:00:00.000Z")
    assert (again["stored"], again["duplicates"]) == (0, 20)
    found = rows(answer, tmp_path / "chat", "id, source, time_kind, video_id, ts_us, scorer is not null")
    assert found == [[f"c{n:04}", "import", "epoch", "900100", START_US + 3 * n * S, True] for n in range(20)]


@pytest.mark.parametrize("kind", ["gzip", "zip", "gzip in zip", "utf-16", "byte order mark"])
def test_packed_and_encoded_files_are_read(kind: str, answer: Answer, tmp_path: Path) -> None:
    plain, path = json.dumps(download(spoken(9))).encode(), tmp_path / "walk.json"
    match kind:
        case "gzip":
            path.write_bytes(gzip.compress(plain))
        case "zip" | "gzip in zip":
            with zipfile.ZipFile(path, "w") as archive:
                archive.writestr("inside.json", plain if kind == "zip" else gzip.compress(plain))
        case "utf-16":
            path.write_bytes(plain.decode().encode("utf-16"))
        case _:
            path.write_bytes(b"\xef\xbb\xbf" + plain)

    assert imported(answer, path, data=tmp_path / "chat")["total"]["stored"] == 9


def test_offsets_need_a_start_and_take_it_from_flag_side_file_or_list(answer: Answer, tmp_path: Path) -> None:
    text = "[0:00:05] <juno> hello there\n[0:00:05] <mira> hello you\n[0:01:00] <juno> bye\n"
    (tmp_path / "bare.irc").write_text(text, encoding="utf-8")
    (tmp_path / "sided.irc").write_text(text, encoding="utf-8")
    write(tmp_path / "sided.vod.json", {"vod_id": 42, "title": "x", "created_at": START, "duration": 90})
    (tmp_path / "listed.irc").write_text(text, encoding="utf-8")
    (tmp_path / "starts.csv").write_text(f"file,start,channel\nlisted.irc,{START},Brook\n", encoding="utf-8")
    names = ("bare", "sided", "listed")

    report = imported(
        answer, *(tmp_path / f"{name}.irc" for name in names), "--starts", tmp_path / "starts.csv",
        data=tmp_path / "chat",
    )  # fmt: skip

    found = [(file["time"], file["first"], file["video_id"], file["channel"]) for file in report["files"]]
    assert found == [
        ("offset", "0:00:05.000", "bare", "bare"),
        ("epoch", "2026-03-01T18:00:05.000Z", "42", "sided"),
        ("epoch", "2026-03-01T18:00:05.000Z", "listed", "brook"),
    ]
    assert rows(answer, tmp_path / "chat", "ts_us, precision_us", "messages where channel = 'bare'") == [
        [5 * S, S], [5 * S + S // 2, S], [60 * S, S],
    ]  # fmt: skip


def test_a_notice_that_is_only_text_becomes_an_event(answer: Answer, tmp_path: Path) -> None:
    said = [
        comment(1, 1, "Juno subscribed at Tier 1. They've subscribed for 3 months! still here"),
        comment(2, 2, "Mira subscribed at Tier 1. They've subscribed for 3 months! ", user="juno"),
        comment(3, 3, "90 raiders from Olo have joined! ", user="olo"),
    ]
    path = write(tmp_path / "walk.json", download(said))

    assert imported(answer, path, data=tmp_path / "chat")["total"]["stored"] == 3
    assert rows(answer, tmp_path / "chat", "kind, months, inferred, text", "subscriptions") == [
        ["renew", 3, True, "still here"]
    ]
    assert rows(answer, tmp_path / "chat", "kind, viewers, inferred", "events") == [["raid", 90, True]]
    assert rows(answer, tmp_path / "chat", "id") == [["c0002"]], "somebody else's sentence is what somebody said"


def recorded(path: Path, said: Sequence[tuple[float, str, str]], *, shift_s: float = 0.0) -> Path:
    """The same stream as a recording of live chat: seconds, user, text."""
    lines = [
        f"@id=live{n};tmi-sent-ts={START_US // 1_000 + round((at_s + shift_s) * 1e3)} "
        f":{user}!{user}@{user}.tmi.twitch.tv PRIVMSG #aurora :{text}"
        for n, (at_s, user, text) in enumerate(said)
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("shift_s", [0.4, 75.0, -200.0])
def test_a_stream_that_was_recorded_live_is_not_stored_twice(shift_s: float, answer: Answer, tmp_path: Path) -> None:
    data, comments = tmp_path / "chat", spoken(30)
    said = [(3 * n + 0.3, PEOPLE[n % 4], f"what a jump number {n}") for n in range(20)]
    live = recorded(tmp_path / "live.irc", said, shift_s=shift_s)
    assert answer("replay", live, "--speed", "max", "--no-web", "--data", data)["stored"] == 20

    report = imported(answer, write(tmp_path / "walk.json", download(comments)), data=data)

    assert (report["total"]["stored"], report["total"]["duplicates"]) == (10, 20)
    assert len(rows(answer, data, "id")) == 30


def test_keep_all_stores_copies_and_says_of_what(answer: Answer, tmp_path: Path) -> None:
    data = tmp_path / "chat"
    live = recorded(tmp_path / "live.irc", [(3 * n, PEOPLE[n % 4], f"what a jump number {n}") for n in range(5)])
    answer("replay", live, "--speed", "max", "--no-web", "--data", data)

    report = imported(answer, write(tmp_path / "walk.json", download(spoken(6))), "--keep-all", data=data)

    assert report["total"]["stored"] == 6
    copies = rows(answer, data, "id, copy_of", "messages where source = 'import'")
    assert copies == [*([f"c{n:04}", f"live{n}"] for n in range(5)), ["c0005", None]]


def test_equal_lines_of_one_file_are_genuine(answer: Answer, tmp_path: Path) -> None:
    path = write(tmp_path / "walk.json", download([comment(n, 5, "gg") for n in range(4)]))

    assert imported(answer, path, data=tmp_path / "chat")["total"]["stored"] == 4


def test_the_good_part_of_a_damaged_file_is_kept_and_said(chatpulse: Callable[..., Any], tmp_path: Path) -> None:
    whole = gzip.compress(json.dumps(download(spoken(5_000))).encode())
    (tmp_path / "cut.json.gz").write_bytes(whole[: len(whole) * 2 // 3])
    good = write(tmp_path / "good.json", download(spoken(3)) | {"video": {"id": "5", "start": 0, "end": 9}})

    done = chatpulse("import", "cut.json.gz", good, "--data", "chat", "--json")

    cut, whole_file = json.loads(done.stdout)["files"]
    assert done.returncode == 1
    assert 500 < cut["stored"] < 5_000
    assert "is damaged after" in cut["error"]
    assert cut["error"] in done.stderr
    assert (whole_file["read"], whole_file["error"]) == (3, None)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\x00\x01\x02\x03" * 99, "is binary"),
        (b'{"recipes": ["soup", "bread"]}', "is in no format that is known"),
    ],
    ids=["empty", "binary", "other"],
)
def test_what_is_no_chat_is_said(content: bytes, said: str, chatpulse: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "odd.json").write_bytes(content)

    done = chatpulse("import", "odd.json", "--data", "chat")

    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_start_or_format_that_is_none_is_wrong_use(chatpulse: Callable[..., Any], tmp_path: Path) -> None:
    path = write(tmp_path / "walk.json", download(spoken(1)))

    start = chatpulse("import", path, "--start", "yesterday", "--data", "chat")
    name = chatpulse("import", path, "--format", "sonnet", "--data", "chat")

    assert (start.returncode, "time 'yesterday' cannot be read; give ISO 8601" in start.stderr) == (2, True)
    assert "no format 'sonnet'; there are " in name.stderr


@pytest.mark.slow
def test_an_import_beside_a_collector_and_killed_is_finished_by_the_next(
    answer: Answer, recording: Recording, tmp_path: Path, environment: dict[str, str]
) -> None:
    data = tmp_path / "chat"
    evening, _ = recording(seconds=60)
    path = write(tmp_path / "walk.json", download(spoken(30_000)))
    collector = subprocess.Popen(
        [PROGRAM, "replay", evening, "--speed", "20", "--no-web", "--json", "--data", data],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    for delay_s in (1.2, 2.0, 2.6):
        killed = subprocess.Popen([PROGRAM, "import", path, "--data", data], env=environment, stderr=subprocess.DEVNULL)
        time.sleep(delay_s)
        killed.send_signal(signal.SIGKILL)
        killed.wait()

    report = imported(answer, path, data=data)
    summary = json.loads(collector.communicate()[0])

    assert report["total"]["read"] == 30_000
    assert summary["stored"] == summary["lines"] - summary["protocol"] - summary["duplicates"]
    counted = answer(
        "sql", "select count(*) n, count(distinct id) ids from messages where source = 'import'", "--data", data
    )
    assert counted == [{"n": 30_000, "ids": 30_000}]
