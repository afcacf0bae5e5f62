"""How much CPU does it cost to make typed events of chat lines, against twitchAPI's own parser?

Timed: `LineParser.parse` on 20,000 generated lines as bytes, UTF-8 decoding included; `Chat._parse_irc_message` of
twitchAPI 4.5.0 on the same lines, already decoded, on an object made without `__init__`: no network, no token. It
splits tags into a dict and does not unescape, type, number or identify. Rounds are interleaved in one process.
Not timed: generating lines, framing, consumers of events.

Three mixes, all lines invented. `privmsg`: messages in the tag layouts of live connections (70 % web clients with a
nonce, 50 % subscribers, 35 % with emotes, 15 % beyond ASCII, 8 % replies, 4 % first messages, 3 % shared chat, 3 %
/me, 1 % bits). `mixed`: the same with 4 % USERNOTICE, 2.5 % CLEARCHAT, .5 % ROOMSTATE. `shuffled`: messages as
histories give them, with every line's tags in an order of its own and no colon before a single word.
Floor: the joined bytes through `bytes.split`. Last line of stdout: one JSON object with every figure printed above it.
"""

import gc
import json
import logging
import random
import statistics
import time
from collections.abc import Callable, Sequence

from twitchAPI.chat import Chat

from chatpulse.domain.chat import ChatMessage, Source
from chatpulse.twitch.core.irc import LineParser

LINES = 20_000
ROUNDS = 9
SEED = 7
GOALS = {"privmsg": 1.5, "mixed": 1.4}
WORDS = (
    *("the", "boss", "is", "so", "close", "now", "wow", "that", "jump", "again", "chat", "help", "him", "why", "not"),
    *("heal", "first", "lets", "go", "nice", "what", "a", "play"),
)
SHARES = {"beyond_ascii": 0.15, "emotes": 0.35, "subscribers": 0.5, "web": 0.7, "replies": 0.08, "first": 0.04,
          "shared_chat": 0.03, "action": 0.03, "bits": 0.01}  # fmt: skip
BEYOND_ASCII = ["🦊", "ça", "größer", "そう", "да", "🔥🔥"]
EMOTES = {"Kappa": "25", "harbourHi": "emotesv2_0123456789abcdef0123456789abcdef", "PogChamp": "305954156"}


def said(rng: random.Random) -> tuple[str, str]:
    """A text and its `emotes` tag."""
    words = rng.choices(WORDS, k=min(25, 1 + int(rng.expovariate(0.2))))
    if rng.random() < SHARES["beyond_ascii"]:
        words.append(rng.choice(BEYOND_ASCII))
    if rng.random() < SHARES["emotes"]:
        words.insert(rng.randint(0, len(words)), rng.choice(list(EMOTES)))
        words += [words[-1]] * rng.randint(0, 2)
    places: dict[str, list[str]] = {}
    at = 0
    for word in words:
        if word in EMOTES:
            places.setdefault(EMOTES[word], []).append(f"{at}-{at + len(word) - 1}")
        at += len(word) + 1
    return " ".join(words), "/".join(f"{emote}:{','.join(spans)}" for emote, spans in places.items())


def person(rng: random.Random) -> dict[str, str]:
    """The tags that say who."""
    number, months = rng.randrange(30_000), rng.randint(1, 60)
    subscribes = rng.random() < SHARES["subscribers"]
    return {
        "badge-info": f"subscriber/{months}" if subscribes else "",
        "badges": f"subscriber/{months // 3 * 3},premium/1" if subscribes else rng.choice(["", "premium/1", "vip/1"]),
        "color": rng.choice(["", "#1E90FF", "#FF69B4", "#8A2BE2"]),
        "display-name": f"Sailor_{number}",
        "subscriber": str(int(subscribes)),
        "user-id": str(10_000_000 + number),
    }


def message(rng: random.Random) -> tuple[dict[str, str], str, str]:
    """Tags in the live order, the sender and the text of a PRIVMSG."""
    text, emotes = said(rng)
    tags = person(rng) | envelope(rng) | {"emotes": emotes, "first-msg": "0", "flags": "", "mod": "0", "turbo": "0"}
    tags |= {"returning-chatter": "0", "user-type": ""}
    extra: list[tuple[float, dict[str, str]]] = [
        (SHARES["web"], {"client-nonce": f"{rng.getrandbits(128):032x}"}),
        (SHARES["replies"], {
            "reply-parent-display-name": "Bo", "reply-parent-msg-body": r"what\sa\splay",
            "reply-parent-msg-id": uuid(rng),
            "reply-parent-user-id": "77", "reply-parent-user-login": "bo", "reply-thread-parent-msg-id": uuid(rng),
            "reply-thread-parent-user-login": "bo",
        }),
        (SHARES["first"], {"first-msg": "1"}),
        (SHARES["shared_chat"], {
            "source-badge-info": "", "source-badges": "", "source-id": uuid(rng), "source-room-id": "8",
        }),
        (SHARES["bits"], {"bits": "100"}),
    ]  # fmt: skip
    for share, more in extra:
        tags |= more if rng.random() < share else {}
    if emotes and " " not in text:
        tags["emote-only"] = "1"
    text = f"\x01ACTION {text}\x01" if rng.random() < SHARES["action"] else text
    return dict(sorted(tags.items())), tags["display-name"].lower(), text


def envelope(rng: random.Random) -> dict[str, str]:
    """The tags that every event has."""
    return {"id": uuid(rng), "room-id": "123456789", "tmi-sent-ts": str(1_700_000_000_000 + rng.randrange(10**9))}


def uuid(rng: random.Random) -> str:
    """An id in the form of Twitch's."""
    text = f"{rng.getrandbits(128):032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def line(tags: dict[str, str], rest: str) -> str:
    """A line of these tags."""
    return f"@{';'.join(f'{name}={value}' for name, value in tags.items())} {rest}"


def live_message(rng: random.Random) -> str:
    """A PRIVMSG as a live connection gives it."""
    tags, login, text = message(rng)
    return line(tags, f":{login}!{login}@{login}.tmi.twitch.tv PRIVMSG #harbour :{text}")


def shuffled_message(rng: random.Random) -> str:
    """A PRIVMSG as a history service gives it."""
    tags, login, text = message(rng)
    pairs = list((tags | {"historical": "1", "rm-received-ts": tags["tmi-sent-ts"]}).items())
    rng.shuffle(pairs)
    colon = ":" if " " in text or text.startswith(":") else ""
    return line(dict(pairs), f":{login}!{login}@{login}.tmi.twitch.tv PRIVMSG #harbour {colon}{text}")


def user_notice(rng: random.Random) -> str:
    """A USERNOTICE: gifts and renewals, mostly."""
    who = person(rng)
    kind, params = rng.choice([
        ("resub", {"cumulative-months": "12", "months": "0", "multimonth-duration": "1", "should-share-streak": "0",
                   "sub-plan-name": r"Channel\sSubscription", "sub-plan": "1000", "was-gifted": "false"}),
        ("subgift", {"gift-months": "1", "months": "4", "origin-id": str(rng.getrandbits(60)), "recipient-id": "77",
                     "recipient-display-name": "Bo", "recipient-user-name": "bo", "sender-count": "0",
                     "sub-plan-name": r"Channel\sSubscription", "sub-plan": "1000"}),
        ("raid", {"displayName": who["display-name"], "login": who["display-name"].lower(), "viewerCount": "120"}),
        ("announcement", {"color": "PRIMARY"}),
    ])  # fmt: skip
    tags = who | envelope(rng) | {f"msg-param-{name}": value for name, value in params.items()}
    tags |= {"emotes": "", "flags": "", "login": who["display-name"].lower(), "mod": "0", "msg-id": kind, "vip": "0"}
    tags |= {"system-msg": rf"{who['display-name']}\sdid\ssomething\sgood\sfor\sthe\schannel.", "user-type": ""}
    return line(dict(sorted(tags.items())), ":tmi.twitch.tv USERNOTICE #harbour :yay")


def clearing(rng: random.Random) -> str:
    """A timeout."""
    tags = {"ban-duration": "600", "room-id": "123456789", "target-user-id": str(rng.randrange(10**8))}
    return line(tags | {"tmi-sent-ts": envelope(rng)["tmi-sent-ts"]}, ":tmi.twitch.tv CLEARCHAT #harbour :bo")


def room_state(rng: random.Random) -> str:
    """A mode that changed."""
    return line({"room-id": "123456789", "slow": str(rng.randrange(60))}, ":tmi.twitch.tv ROOMSTATE #harbour")


def mixed_line(rng: random.Random) -> str:
    """Any line of a busy channel."""
    kinds = [live_message, user_notice, clearing, room_state]
    return rng.choices(kinds, weights=[93, 4, 2.5, 0.5])[0](rng)


def twitchapi_parser() -> Callable[[str], object]:
    """TwitchAPI's parser without the rest of its chat client."""
    chat = Chat.__new__(Chat)
    chat.logger = logging.getLogger("twitchapi")
    chat._prefix, chat._channel_command_prefix = "!", {}  # noqa: SLF001
    parse: Callable[[str], object] = chat._parse_irc_message  # noqa: SLF001
    return parse


def cpu_us(work: Callable[[], object], count: int) -> float:
    """CPU time of a call, in microseconds per line."""
    gc.collect()
    start = time.process_time()
    work()
    return (time.process_time() - start) / count * 1e6


def measure(lines: Sequence[str]) -> dict[str, float]:
    """Time one mix."""
    raws = [text.encode() for text in lines]
    joined = b"\r\n".join(raws)
    theirs = twitchapi_parser()

    def ours() -> None:
        parse = LineParser(Source.LIVE).parse
        for raw in raws:
            parse(raw, received_us=1)

    def baseline() -> None:
        for text in lines:
            theirs(text)

    rounds = [
        [cpu_us(work, len(lines)) for work in (ours, baseline, lambda: joined.split(b"\r\n"))] for _ in range(ROUNDS)
    ]
    own, other, floor = zip(*rounds, strict=True)
    ratios = [theirs_us / ours_us for ours_us, theirs_us in zip(own, other, strict=True)]
    return {
        "chatpulse_us_min": round(min(own), 3),
        "chatpulse_us_median": round(statistics.median(own), 3),
        "twitchapi_us_min": round(min(other), 3),
        "twitchapi_us_median": round(statistics.median(other), 3),
        "floor_us_min": round(min(floor), 3),
        "ratio_of_mins": round(min(other) / min(own), 3),
        "ratio_median": round(statistics.median(ratios), 3),
        "lines_per_s": round(1e6 / min(own)),
        "bytes_per_line": round(len(joined) / len(lines)),
    }


def main() -> None:
    """Print the figures."""
    mixes = {"privmsg": live_message, "mixed": mixed_line, "shuffled": shuffled_message}
    figures: dict[str, object] = {"lines": LINES, "rounds": ROUNDS, "seed": SEED, "shares": SHARES, "goals": GOALS}
    for name, make in mixes.items():
        rng = random.Random(SEED)  # noqa: S311
        lines = [make(rng) for _ in range(LINES)]
        events = [LineParser(Source.LIVE).parse(text.encode(), received_us=1) for text in lines]
        assert name == "mixed" or all(isinstance(event, ChatMessage) for event in events)
        found = measure(lines)
        figures[name] = found
        print(
            f"{name:9} {found['bytes_per_line']:4} B/line: chatpulse {found['chatpulse_us_min']:.2f} us, "
            f"twitchAPI {found['twitchapi_us_min']:.2f} us, floor {found['floor_us_min']:.2f} us; "
            f"{found['ratio_of_mins']:.2f} x (median of rounds {found['ratio_median']:.2f}), "
            f"{found['lines_per_s']:,} lines/s"
        )
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
