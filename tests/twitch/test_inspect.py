import gzip
from pathlib import Path

import msgspec
import pytest

from chatpulse.errors import InputError
from chatpulse.twitch.inspect import Reason, inspect_files

SAID = "@id={id};room-id=77;tmi-sent-ts={ms} :ana!ana@ana.tmi.twitch.tv PRIVMSG #reef :hello"
LINES = (
    SAID.format(id="a1", ms=1_700_000_000_000),
    SAID.format(id="a2", ms=1_700_000_005_500),
    SAID.format(id="a1", ms=1_700_000_000_000),
    "@id=s1;login=ana;msg-id=sub;msg-param-sub-plan=1000;tmi-sent-ts=1700000001000 :tmi.twitch.tv USERNOTICE #reef",
    "@id=r1;login=ana;msg-id=raid;msg-param-viewerCount=9;tmi-sent-ts=1700000002000 :tmi.twitch.tv USERNOTICE #reef",
    "@room-id=77;tmi-sent-ts=1700000003000 :tmi.twitch.tv CLEARCHAT #reef :ana",
    "@emote-only=0;room-id=77 :tmi.twitch.tv ROOMSTATE #reef",
    "PING :tmi.twitch.tv",
    "",
    "@id=q1 :ana!ana@ana.tmi.twitch.tv PRIVMSG",
)
BUCKETS = {
    "messages": 2,
    "subscriptions": 1,
    "events": 1,
    "moderation": 1,
    "room": 1,
    "protocol": 1,
    "quarantined": 1,
    "duplicates": 1,
}


def write(path: Path, lines: tuple[str, ...] = LINES) -> Path:
    path.write_text("\n".join(lines))
    return path


def test_every_line_is_counted_in_one_bucket(tmp_path: Path) -> None:
    total = inspect_files([write(tmp_path / "a.txt")]).total

    assert {name: getattr(total, name) for name in BUCKETS} == BUCKETS
    assert total.lines == sum(BUCKETS.values())


def test_the_span_of_time_and_the_reasons_are_told(tmp_path: Path) -> None:
    [found] = inspect_files([write(tmp_path / "a.txt")]).files

    assert found.path == str(tmp_path / "a.txt")
    assert (found.first_ts, found.last_ts) == ("2023-11-14T22:13:20.000Z", "2023-11-14T22:13:25.500Z")
    assert found.channels == ("reef",)
    assert found.quarantine_reasons == {"PRIVMSG without a channel": Reason(count=1, first_lines=(10,))}
    assert found.facts()["quarantine_reasons"] == "PRIVMSG without a channel (1)"


def test_of_each_reason_the_first_lines_are_named_and_repeats_are_duplicates(tmp_path: Path) -> None:
    bad = [f"@id=q{number} :ana!ana@ana.tmi.twitch.tv PRIVMSG" for number in (*range(7), 0, 1)]

    found = inspect_files([write(tmp_path / "a.txt", tuple(bad))]).total

    [reason] = inspect_files([write(tmp_path / "a.txt", tuple(bad))]).files[0].quarantine_reasons.values()
    assert (found.quarantined, found.duplicates) == (7, 2)
    assert reason == Reason(count=7, first_lines=(1, 2, 3, 4, 5))


def test_facts_are_for_people(tmp_path: Path) -> None:
    facts = inspect_files([write(tmp_path / "a.txt", LINES[:2])]).total.facts()

    assert (facts["channels"], facts["quarantine_reasons"], facts["messages"]) == ("reef", "none", 2)
    assert "path" not in facts


def test_the_files_add_up_to_the_total_when_they_overlap(tmp_path: Path) -> None:
    first = write(tmp_path / "a.txt")
    second = tmp_path / "b.gz"
    second.write_bytes(gzip.compress(("\n".join(LINES[:2]) + "\n" + SAID.format(id="b1", ms=1)).encode()))

    report = inspect_files([first, second])

    assert [(found.messages, found.duplicates) for found in report.files] == [(2, 1), (1, 2)]
    assert (report.total.messages, report.total.duplicates, report.total.lines) == (3, 3, 12)
    assert report.total.quarantine_reasons == {"PRIVMSG without a channel": Reason(count=1)}
    assert report.total.first_ts == report.files[0].first_ts


def test_json_has_files_and_total_with_every_bucket(tmp_path: Path) -> None:
    report = msgspec.json.decode(msgspec.json.encode(inspect_files([write(tmp_path / "a.txt", LINES[7:8])])))

    counts = dict.fromkeys(BUCKETS, 0) | {"lines": 1, "protocol": 1}
    rest: dict[str, object] = {"channels": [], "first_ts": None, "last_ts": None, "quarantine_reasons": {}}
    assert report == {"files": [{"path": str(tmp_path / "a.txt")} | counts | rest], "total": counts | rest}


def test_a_bad_file_is_told_before_the_others_are_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"missing\.txt' does not exist; check the path"):
        inspect_files([write(tmp_path / "a.txt"), tmp_path / "missing.txt"])
