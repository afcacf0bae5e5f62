"""A recording through the whole pipeline: everything counted, stored once, scored, and found again."""

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chatpulse.domain.chat import Bucket
from chatpulse.simulation.core.truth import Truth

Answer = Callable[..., Any]
Recording = Callable[..., tuple[Path, Truth]]

BUCKETS = tuple(str(bucket) for bucket in Bucket)


def replayed(answer: Answer, *files: Path, data: Path) -> Any:
    return answer("replay", *files, "--speed", "max", "--no-web", "--data", data)


def total(truth: Truth, bucket: Bucket) -> int:
    return sum(channel.buckets[bucket] for channel in truth.channels.values())


def test_every_line_is_counted_and_stored_once(answer: Answer, recording: Recording, tmp_path: Path) -> None:
    path, truth = recording(seconds=60)

    summary = replayed(answer, path, data=tmp_path / "chat")

    assert summary["lines"] == sum(summary[bucket] for bucket in BUCKETS)
    assert {bucket: summary[bucket] for bucket in BUCKETS} == {
        bucket: total(truth, Bucket(bucket)) for bucket in BUCKETS
    }
    assert summary["stored"] == summary["lines"] - summary["protocol"] - summary["duplicates"]
    assert summary["scored"] == summary["messages"]
    assert summary["dropped"] == 0
    assert summary["latency_ms"] is None


def test_a_second_run_finds_only_duplicates(answer: Answer, recording: Recording, tmp_path: Path) -> None:
    path, _ = recording(seconds=30)
    first = replayed(answer, path, data=tmp_path / "chat")

    second = replayed(answer, path, data=tmp_path / "chat")

    assert second["stored"] == 0
    assert second["duplicates"] == first["lines"] - first["protocol"]


def test_duplicates_are_found_when_the_record_and_the_index_are_gone(
    answer: Answer, recording: Recording, tmp_path: Path
) -> None:
    path, _ = recording(seconds=20)
    first = replayed(answer, path, data=tmp_path / "chat")
    for left in (tmp_path / "chat").glob("record.db*"):
        left.unlink()

    second = replayed(answer, path, data=tmp_path / "chat")

    assert (second["stored"], second["duplicates"]) == (0, first["lines"] - first["protocol"])


def test_a_deleted_table_is_filled_again(answer: Answer, recording: Recording, tmp_path: Path) -> None:
    import shutil

    path, _ = recording(seconds=20)
    first = replayed(answer, path, data=tmp_path / "chat")
    shutil.rmtree(tmp_path / "chat" / "messages")

    second = replayed(answer, path, data=tmp_path / "chat")

    assert second["stored"] == first["messages"]


def test_overlapping_recordings_merge_into_one_evening(answer: Answer, recording: Recording, tmp_path: Path) -> None:
    path, _ = recording(seconds=30)
    lines = gzip.decompress(path.read_bytes()).splitlines(keepends=True)
    one, other = tmp_path / "one.irc", tmp_path / "other.irc"
    one.write_bytes(b"".join(lines[: len(lines) * 2 // 3]))
    other.write_bytes(b"".join(lines[len(lines) // 3 :]))

    summary = replayed(answer, one, other, data=tmp_path / "chat")
    whole = replayed(answer, path, data=tmp_path / "whole")

    assert summary["stored"] == whole["stored"]


def test_the_stored_rows_can_be_asked(answer: Answer, recording: Recording, tmp_path: Path) -> None:
    path, truth = recording(seconds=30)
    replayed(answer, path, data=tmp_path / "chat")

    rows = answer(
        "sql",
        "select channel, count(*) as n, count(distinct id) as ids, avg(valence) between -1 and 1 as scored "
        "from messages group by channel order by channel",
        "--data",
        tmp_path / "chat",
    )

    assert rows == [
        {
            "channel": name,
            "n": channel.buckets[Bucket.MESSAGES],
            "ids": channel.buckets[Bucket.MESSAGES],
            "scored": True,
        }
        for name, channel in sorted(truth.channels.items())
    ]


def test_inspect_counts_the_same_without_storing(answer: Answer, recording: Recording, tmp_path: Path) -> None:
    path, _ = recording(seconds=30)

    found = answer("inspect", path)["total"]
    summary = replayed(answer, path, data=tmp_path / "chat")

    assert {bucket: found[bucket] for bucket in BUCKETS} == {bucket: summary[bucket] for bucket in BUCKETS}
    assert found["lines"] == summary["lines"]


def test_a_cut_recording_is_stored_as_far_as_it_goes(
    chatpulse: Callable[..., Any], answer: Answer, recording: Recording, tmp_path: Path
) -> None:
    path, _ = recording(seconds=30)
    cut = tmp_path / "cut.irc.gz"
    cut.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    done = chatpulse("replay", cut, "--speed", "max", "--no-web", "--data", tmp_path / "chat", "--json")

    assert done.returncode == 1
    assert "cut.irc.gz" in done.stderr
    assert answer("sql", "select count(*) > 0 as some from messages", "--data", tmp_path / "chat") == [{"some": True}]


@pytest.mark.slow
def test_a_replay_keeps_the_recorded_spacing(answer: Answer, recording: Recording, tmp_path: Path) -> None:
    path, _ = recording(seconds=20)

    summary = answer("replay", path, "--speed", "10", "--no-web", "--data", tmp_path / "chat")

    assert 1.5 < summary["seconds"] < 9
    assert summary["latency_ms"]["p99"] < 2_000


@pytest.mark.slow
def test_compaction_changes_files_and_no_row(answer: Answer, recording: Recording, tmp_path: Path) -> None:
    first, _ = recording(seconds=20, seed=1, name="first.irc.gz")
    second, _ = recording(seconds=20, seed=2, name="second.irc.gz")
    data = tmp_path / "chat"
    replayed(answer, first, data=data)
    replayed(answer, second, data=data)
    query = "select count(*) as n, sum(hash(id)) as ids from messages"
    before = answer("sql", query, "--data", data)

    answer("lake", "compact", "--data", data)

    assert answer("sql", query, "--data", data) == before
    assert answer("sql", "select count(*) > 0 as some from messages where deleted_us is not null", "--data", data) == [
        {"some": True}
    ]
    assert replayed(answer, first, data=data)["stored"] == 0


def test_lines_that_nobody_understands_name_no_channel(answer: Answer, tmp_path: Path) -> None:
    path = tmp_path / "odd.irc"
    path.write_bytes(
        b":juno!juno@x PRIVMSG #aurora :hello\n:juno!juno@x PRIVMSG #brook :caf\xe9\n?? #notes are no chat\n"
    )

    summary = replayed(answer, path, data=tmp_path / "chat")

    assert summary["channels"] == ["aurora"]
    assert (summary["messages"], summary["quarantined"]) == (1, 2)
