"""Mutated lines in random chunks: nothing raises, and the good lines between them are read as if they were alone."""

import random
from collections import Counter
from collections.abc import Callable, Iterator

import msgspec
import pytest

from chatpulse.domain.chat import BUCKET_OF, TOPIC_OF, Event, ProtocolLine, Source
from chatpulse.twitch.core.irc import LineFramer, LineParser

BATCH_LINES = 500
TAGS = (
    "badge-info=subscriber/27;badges=subscriber/24;bits=100;color=#FF0000;display-name=Ada;emotes=25:0-4/9:6-7,9-10;"
    "first-msg=1;flags=;id={id};reply-parent-msg-body=so\\s\\\\what\\:;reply-parent-msg-id=m-0;room-id=7;source-id=s-1;"
    "tmi-sent-ts=1600000000123;user-id=44;user-type="
)
NOTICE = (
    "badges=;display-name=Bo;id={id};login=bo;msg-id={kind};room-id=7;system-msg=Bo\\sdid\\sit;"
    "tmi-sent-ts=1600000000123"
)
GOOD = [
    f"@{TAGS} :ada!ada@ada.tmi.twitch.tv PRIVMSG #harbour :Kappa ab cd 🦊 what a lovely day",
    "@id={id} :ada!ada@ada.tmi.twitch.tv PRIVMSG #harbour :\x01ACTION waves\x01",
    "@id={id};emotes=25:0-4 :ada!ada@ada.tmi.twitch.tv PRIVMSG #harbour Kappa",
    *(
        f"@{NOTICE.replace('{kind}', kind)};msg-param-{param} :tmi.twitch.tv USERNOTICE #harbour :yay"
        for kind, param in [
            ("resub", "cumulative-months=4"), ("subgift", "origin-id=da\\s39"), ("submysterygift", "mass-gift-count=5"),
            ("raid", "viewerCount=12"), ("charitydonation", "donation-amount=500"), ("confetti", "x=y"),
        ]
    ),
    "@ban-duration=600;id={id};room-id=7;target-user-id=9 :tmi.twitch.tv CLEARCHAT #harbour :bo",
    "@id={id};login=bo;target-msg-id=m-9;tmi-sent-ts=1600000000123 :tmi.twitch.tv CLEARMSG #harbour :rude",
    "@emote-only=1;followers-only=-1;id={id};room-id=7;slow=30 :tmi.twitch.tv ROOMSTATE #harbour",
    "@id={id};msg-id=slow_on :tmi.twitch.tv NOTICE #harbour :Slow mode is on.",
]  # fmt: skip
PROTOCOL = [b"PING :tmi.twitch.tv", b":tmi.twitch.tv 001 ada :Welcome", b":tmi.twitch.tv CAP * ACK :a b"]


def cut(line: bytearray, rng: random.Random) -> None:
    del line[rng.randrange(len(line)) :]


def drop(line: bytearray, rng: random.Random) -> None:
    start = rng.randrange(len(line))
    del line[start : start + rng.randint(1, 20)]


def flip(line: bytearray, rng: random.Random) -> None:
    line[rng.randrange(len(line))] ^= 1 << rng.randrange(8)


def without_equals(line: bytearray, _: random.Random) -> None:
    line[:] = line.replace(b"=", b"", 1)


def insert(line: bytearray, rng: random.Random) -> None:
    at = rng.randrange(len(line))
    line[at:at] = rng.choice([
        b"\x00",
        b"\xff\xfe",
        b"\xe2\x82",
        b"\r",
        b" ",
        b"  ",
        b";",
        b"=",
        b"@",
        b":",
        b"\\",
        b'"',
        b"\xf0",
    ])


def shuffle_tags(line: bytearray, rng: random.Random) -> None:
    tags, space, rest = bytes(line[1:]).partition(b" ")
    parts = tags.split(b";")
    rng.shuffle(parts)
    line[:] = b"@" + b";".join(parts) + space + rest


def absurd_number(line: bytearray, rng: random.Random) -> None:
    for name in (b"tmi-sent-ts=", b"bits=", b"ban-duration=", b"slow=", b"viewerCount=", b"25:"):
        line[:] = line.replace(name, name + rng.choice([b"-", b"9" * 40, b"9" * 5_000, b"x", b"1e9", "٣".encode()]), 1)


def lengthen(line: bytearray, rng: random.Random) -> None:
    if rng.random() < 0.02:
        line += rng.choice([b"x", "🦊".encode(), b"a=b;", b"\x00"]) * (65_536 * rng.randint(1, 3) // 4)


MUTATIONS: list[Callable[[bytearray, random.Random], None]] = [
    cut, drop, flip, flip, without_equals, insert, insert, shuffle_tags, absurd_number, lengthen,
]  # fmt: skip


def mutated(rng: random.Random) -> bytes:
    line = bytearray(rng.choice(GOOD).replace("{id}", f"bad-{rng.random()}").encode())
    for _ in range(rng.randint(1, 4)):
        if line:
            rng.choice(MUTATIONS)(line, rng)
    return bytes(line)


def chunks(data: bytes, rng: random.Random) -> Iterator[bytes]:
    at = 0
    while at < len(data):
        size = rng.choice([1, 7, 100, 1_400, 4_096, 65_536])
        yield data[at : at + size]
        at += size


def fuzz(count: int, *, seed: int) -> Counter[str]:
    """Read this many mutated lines with a good one after every fourth; count the buckets of the mutated ones."""
    rng, framer, parser, buckets = random.Random(seed), LineFramer(), LineParser(Source.LIVE), Counter[str]()
    for start in range(0, count, BATCH_LINES):
        good = [
            rng.choice(GOOD).replace("{id}", f"good-{start}-{number}").encode() for number in range(BATCH_LINES // 4)
        ]
        lines: list[bytes] = []
        for number in range(BATCH_LINES):
            lines.append(mutated(rng) if rng.random() < 0.98 else rng.choice(PROTOCOL))
            if number % 4 == 0:
                lines.append(good[number // 4])
        data = b"\r\n".join(lines) + b"\r\n"
        events = [parser.parse(line, received_us=5) for chunk in chunks(data, rng) for line in framer.feed(chunk)]

        alone = [LineParser(Source.LIVE).parse(line, received_us=5) for line in good]
        assert [event for event in events if isinstance(event, Event) and event.id.startswith("good-")] == alone
        for event in events:
            msgspec.json.decode(msgspec.json.encode(event))
            if isinstance(event, ProtocolLine):
                buckets["protocol"] += 1
            elif not event.id.startswith("good-"):
                assert 0 <= event.ts_us < 4_102_444_800_000_000
                buckets[BUCKET_OF[TOPIC_OF[type(event)]]] += 1
    return buckets


def check(count: int, *, seed: int) -> None:
    buckets = fuzz(count, seed=seed)

    assert sum(buckets.values()) > 0.95 * count
    assert set(buckets) == {"messages", "subscriptions", "events", "moderation", "room", "protocol", "quarantined"}


def test_nothing_raises_and_good_lines_are_unaffected() -> None:
    check(5_000, seed=1)


@pytest.mark.slow
def test_nothing_raises_in_200_000_mutated_lines() -> None:
    check(200_000, seed=2)


@pytest.mark.soak
def test_nothing_raises_in_1_000_000_mutated_lines() -> None:
    check(1_000_000, seed=3)
