"""Recordings that lie beside the repository, when they do: every line lands in the right bucket."""

import gzip
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from chatpulse.domain.chat import BUCKET_OF, TOPIC_OF, ProtocolLine, Quarantined, Source
from chatpulse.twitch.core.irc import LineParser

DATA = Path(__file__).parents[3] / "shared" / "data"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"no recordings in {DATA}")


def buckets(lines: Iterable[tuple[int | None, bytes]]) -> tuple[Counter[str], Counter[str], set[str]]:
    """Count lines per bucket and per kind of event; the third value is the identities."""
    parser, seen, found, kinds = LineParser(Source.REPLAY), set[str](), Counter[str](), Counter[str]()
    for recorded_us, line in lines:
        event = parser.parse(line, received_us=1, recorded_us=recorded_us)
        if isinstance(event, ProtocolLine):
            found["protocol"] += 1
        elif event.id in seen:
            found["duplicates"] += 1
        else:
            seen.add(event.id)
            found[BUCKET_OF[TOPIC_OF[type(event)]]] += 1
            kinds[type(event).__name__] += 1
    return found, kinds, seen


def replay(name: str) -> Iterator[tuple[int, bytes]]:
    with gzip.open(DATA / "replay" / f"{name}.irc.gz") as lines:
        for line in lines:
            at_ms, _, raw = line.rstrip(b"\r\n").partition(b"\t")
            yield int(at_ms) * 1_000, raw


def collected() -> list[dict[str, str]]:
    return [json.loads(line) for line in (DATA / "irc" / "lines.jsonl").read_bytes().splitlines()]


@pytest.mark.slow
def test_a_large_replay_has_its_messages_timeouts_and_repeats() -> None:
    found, _, seen = buckets(replay("riotgames_worlds2016_1"))

    assert found == {"messages": 43_301, "moderation": 1_855, "duplicates": 45}
    assert buckets(replay("riotgames_worlds2016_1"))[2] == seen


def test_a_replay_with_gifts_has_all_its_subscriptions() -> None:
    found, kinds, _ = buckets(replay("bocru_arypie_1201462028"))

    assert found == {"messages": 5_184, "subscriptions": 386, "events": 14}
    assert kinds == {
        "ChatMessage": 5_184, "GiftBatch": 54, "SubGift": 317, "Resubscription": 13, "Subscription": 2, "Raid": 14,
    }  # fmt: skip


def test_a_replay_with_emotes_has_all_its_buckets() -> None:
    found, _, _ = buckets(replay("bocru_neppienep_2657721531"))

    assert found == {"messages": 10_395, "subscriptions": 18, "events": 1}


def test_collected_lines_are_all_read_and_their_messages_are_messages() -> None:
    rows = collected()
    parsed = [LineParser(Source.IMPORT).parse(row["line"].encode(), received_us=1) for row in rows]
    found, _, seen = buckets((None, row["line"].encode()) for row in rows)

    assert Counter(type(event).__name__ for event in parsed)["ChatMessage"] == 469
    assert sum(found.values()) == 700
    assert found["quarantined"] <= 5
    assert {event.reason for event in parsed if isinstance(event, Quarantined)} == {
        "CLEARCHAT without a channel", "ROOMSTATE without a channel",
    }  # fmt: skip
    assert buckets((None, row["line"].encode()) for row in rows)[2] == seen
