"""A chat that moves like a real one, without any of the pipeline: what pages are tested and drawn with.

Everything is invented and seeded; `step` lets one second pass.
"""

import math
import random
import threading
from collections import deque
from dataclasses import dataclass, field

from chatpulse.domain.live import (
    ChannelLine,
    ChatLine,
    FeedItem,
    Frame,
    Health,
    HealthStatus,
    Mode,
    Trend,
    WaveLine,
    WindowStats,
)
from chatpulse.domain.scores import Flag, Label, Reaction

FIRST_MINUTE_S = 60
"""So long there is no baseline."""
START_S = 1_790_000_000
NAMES = ("mossy_otter", "TinCanAlley", "pixelbaker", "quietstorm42", "Lunaria", "bogwitch", "dr_waffle", "neonsnail")
LINES: tuple[tuple[str, float, Label, tuple[Reaction, ...], tuple[tuple[str, float], ...]], ...] = (
    ("that was clean", 0.62, Label.POSITIVE, (Reaction.HYPE,), (("clean", 0.55), ("that", 0.07))),
    ("LETS GOOO", 0.81, Label.POSITIVE, (Reaction.HYPE,), (("LETS GO", 0.7), ("long vowel", 0.11))),
    ("LaughBox LaughBox", 0.12, Label.NEUTRAL, (Reaction.LAUGHTER,), (("LaughBox", 0.12),)),
    ("how did he miss that??", -0.38, Label.NEGATIVE, (Reaction.SHOCK, Reaction.QUESTION), (("miss", -0.38),)),
    (
        "this lag is unplayable SadBean",
        -0.74,
        Label.NEGATIVE,
        (Reaction.ANGER,),
        (("unplayable", -0.5), ("lag", -0.24)),
    ),
    ("what settings do you use?", 0.02, Label.NEUTRAL, (Reaction.QUESTION,), ()),
    ("he cooked i guess", 0.18, Label.UNSURE, (), (("cooked", 0.3), ("i guess", -0.12))),
    (
        "gg well played everyone, that last round was worth the wait",
        0.7,
        Label.POSITIVE,
        (),
        (("gg", 0.4), ("well played", 0.3)),
    ),
    ("first time here, love the vibe", 0.66, Label.POSITIVE, (Reaction.LOVE,), (("love", 0.5), ("vibe", 0.16))),
    ("zzz", -0.2, Label.UNSURE, (Reaction.BOREDOM,), (("zzz", -0.2),)),
)
EVENTS = (
    ("new", "bogwitch subscribes (tier 1).", 1),
    ("renew", "Lunaria subscribes for month 31 (tier 1): never missed a Tuesday", 31),
    ("gift_batch", "TinCanAlley gives 10 subscriptions (tier 1).", 10),
    ("cheer", "dr_waffle cheers 500 bits: take my lunch money", 500),
    ("raid", "neonsnail raids with 1,204 viewers.", 1204),
    ("timeout", "quietstorm42 is timed out for 600 s.", 600),
    ("announcement", "pixelbaker announces: community games after the break", 0),
    ("watch_streak", "mossy_otter watched 12 streams in a row.", 12),
)


@dataclass
class FakeChannel:
    """One channel's history and what it says next."""

    name: str
    pace: float
    mood: float
    rng: random.Random
    seq: int = 1
    seconds: deque[tuple[int, WindowStats]] = field(default_factory=lambda: deque(maxlen=300))
    messages: deque[tuple[int, ChatLine]] = field(default_factory=lambda: deque(maxlen=500))
    feed: deque[tuple[int, FeedItem]] = field(default_factory=lambda: deque(maxlen=50))
    deleted: list[tuple[int, str]] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)
    """Held while the test changes something and while the server's threads make frames."""

    def step(self, second: int) -> None:
        """Live through one second."""
        with self.lock:
            self._step(second)

    def _step(self, second: int) -> None:
        burst = max(0.0, math.sin(second / 23) * math.sin(second / 7.3)) ** 3
        count = max(0, round(self.rng.gauss(self.pace * (1 + 5 * burst), self.pace**0.5 / 2)))
        valence = max(-0.9, min(0.9, self.mood * math.sin(second / 41) + self.rng.gauss(0, 0.15)))
        spread = min(0.6, 0.9 / max(count, 1) ** 0.5)
        self.seconds.append((
            self.seq,
            WindowStats(
                channel=self.name,
                start_s=second,
                size_s=1,
                messages=count,
                chatters=round(count * 0.8),
                valence=valence if count else None,
                valence_low=max(-1.0, valence - spread) if count else None,
                valence_high=min(1.0, valence + spread) if count else None,
                unsure=0.22,
                unsupported=0.04,
                hype=min(100.0, 14 + 80 * burst + self.rng.random() * 6),
                reactions={
                    "hype": round(count * (0.1 + burst / 2)),
                    "laughter": round(count * 0.2),
                    "question": count // 9,
                    "anger": count // 14,
                    "love": count // 11,
                    "shock": round(count * burst / 5),
                    "sadness": count // 30,
                },
            ),
        ))
        for _ in range(min(count, 12)):
            self.say(second)
        if self.rng.random() < 0.2:
            kind, text, amount = self.rng.choice(EVENTS)
            self.feed.append((
                self.seq,
                FeedItem(id=f"{self.name}-e{second}", ts_us=second * 1_000_000, kind=kind, text=text, amount=amount),
            ))
        self.seq += 1

    def say(self, second: int, text: str = "", *, user_name: str = "") -> ChatLine:
        """Add one message."""
        said, valence, label, reactions, tokens = self.rng.choice(LINES)
        line = ChatLine(
            id=f"{self.name}-{len(self.messages)}-{self.rng.getrandbits(48):x}",
            ts_us=second * 1_000_000,
            user_name=user_name or self.rng.choice(NAMES),
            text=text or said,
            valence=valence,
            label=label,
            confidence=self.rng.uniform(0.3, 0.95),
            reactions=reactions,
            flags=(Flag.CAPS,) if said.isupper() else (),
            tokens=tokens,
            first=self.rng.random() < 0.02,
            bits=100 if self.rng.random() < 0.01 else 0,
        )
        with self.lock:
            self.messages.append((self.seq, line))
        return line

    def happen(self, item: FeedItem) -> None:
        """Let something happen beside talk."""
        with self.lock:
            self.feed.append((self.seq, item))

    def delete(self, message_id: str) -> None:
        """Let a moderator remove a message."""
        with self.lock:
            self.deleted.append((self.seq, message_id))
            self.seq += 1

    def window(self, size_s: int) -> WindowStats | None:
        """The last seconds as one window."""
        with self.lock:
            last = [stats for _, stats in self.seconds][-size_s:]
        if not last:
            return None
        count = sum(s.messages for s in last)
        mean = sum((s.valence or 0) * s.messages for s in last) / max(count, 1)
        reactions: dict[str, int] = {}
        for stats in last:
            for name, n in stats.reactions.items():
                reactions[name] = reactions.get(name, 0) + n
        spread = 0.9 / max(count, 1) ** 0.5
        return WindowStats(
            channel=self.name,
            start_s=last[0].start_s,
            size_s=size_s,
            messages=count,
            chatters=round(count * 0.62),
            valence=mean,
            valence_low=mean - spread,
            valence_high=mean + spread,
            unsure=0.23,
            unsupported=0.05,
            hype=sum(s.hype for s in last) / len(last),
            reactions=reactions,
            questions=count // 12,
            first_chatters=count // 40,
            subs=3,
            gifts=10,
            bits=600,
            raids=0,
            timeouts=1,
            deletions=2,
        )


class FakeState:
    """A live state that a test moves by hand."""

    def __init__(
        self,
        channels: tuple[str, ...] = ("otterlagoon", "nightshift", "tinyarcade"),
        *,
        seconds: int = 300,
        mode: Mode = Mode.DEMO,
    ) -> None:
        shapes = ((18.0, 0.5), (3.0, -0.4), (0.7, 0.2))
        lock = threading.RLock()
        self.boards = {
            name: FakeChannel(name, *shapes[i % 3], rng=random.Random(i), lock=lock) for i, name in enumerate(channels)
        }
        self.mode = mode
        self.now_s = START_S
        self.failing = ""
        self.connected = True
        for _ in range(seconds):
            self.step()

    def step(self) -> None:
        """Let one second pass in all channels."""
        self.now_s += 1
        for board in self.boards.values():
            board.step(self.now_s)

    def channels(self) -> tuple[ChannelLine, ...]:
        lines = []
        for board in self.boards.values():
            ten = board.window(10)
            lines.append(
                ChannelLine(
                    channel=board.name,
                    messages_per_s=ten.messages / 10 if ten else 0.0,
                    hype=ten.hype if ten else 0.0,
                    valence=ten.valence if ten else None,
                )
            )
        return tuple(sorted(lines, key=lambda line: -line.messages_per_s))

    def health(self) -> Health:
        status = HealthStatus.FAILING if self.failing else HealthStatus.OK
        return Health(status=status, connected=self.connected, lag_s=0.12, lost=0, quarantined=2, reason=self.failing)

    def totals(self) -> dict[str, int]:
        said = sum(stats.messages for board in self.boards.values() for _, stats in list(board.seconds))
        return {
            "messages": said,
            "subscriptions": 61,
            "events": 9,
            "moderation": 14,
            "room": 3,
            "protocol": 40,
            "quarantined": 2,
            "duplicates": 0,
            "lines": said + 129,
            "stored": said + 80,
            "scored": said,
        }

    def frame(self, channel: str, *, after: int) -> Frame:
        board = self.boards.get(channel) or FakeChannel(channel, 0, 0, random.Random(0))
        with board.lock:
            return self._frame(board, after)

    def _frame(self, board: FakeChannel, after: int) -> Frame:
        seq, board.seq = board.seq, board.seq + 1
        deleted = {message_id for _, message_id in board.deleted}
        questions = [line for _, line in board.messages if Reaction.QUESTION in line.reactions]
        return Frame(
            seq=seq,
            after=after,
            at_us=self.now_s * 1_000_000 if board.seconds else 0,
            mode=self.mode,
            health=self.health(),
            totals=self.totals(),
            channels=self.channels(),
            channel=board.name,
            seconds=tuple(stats for stamp, stats in board.seconds if stamp > after),
            ten=board.window(10),
            sixty=board.window(60),
            emotes=_trends(("LaughBox", "SadBean", "OtterHype", "PixelHeart", "GGWave"), board)
            if board.seconds
            else (),
            words=_trends(("overtime", "clutch", "lag", "settings", "respawn"), board) if board.seconds else (),
            messages=tuple(
                line if line.id not in deleted else _removed(line)
                for stamp, line in list(board.messages)[-50:]
                if stamp > after
            ),
            feed=tuple(item for stamp, item in board.feed if stamp > after),
            questions=tuple(reversed(questions[-8:])),
            waves=_waves(self.now_s) if board.pace > 2 else (),
            deleted=tuple(message_id for stamp, message_id in board.deleted if stamp > after),
        )


def _removed(line: ChatLine) -> ChatLine:
    return ChatLine(**{name: getattr(line, name) for name in line.__struct_fields__} | {"deleted": True})


def _trends(terms: tuple[str, ...], board: FakeChannel) -> tuple[Trend, ...]:
    counts = sorted((round(board.pace * (2 + len(term))) for term in terms), reverse=True)
    if len(board.seconds) <= FIRST_MINUTE_S:
        return tuple(
            Trend(term=term, count=count, expected=None, lift=None) for term, count in zip(terms, counts, strict=True)
        )
    return tuple(
        Trend(term=term, count=count, expected=count / lift, lift=lift)
        for term, count, lift in zip(terms, counts, (4.2, 1.0, 2.1, 12.4, 0.9), strict=True)
    )


def _waves(now_s: int) -> tuple[WaveLine, ...]:
    us = now_s * 1_000_000
    return (
        WaveLine(
            key="a",
            text="otters of the lagoon, raise your paws, the pond is ours tonight and every night",
            count=143,
            users=98,
            per_s=4.2,
            started_us=us - 40_000_000,
            last_us=us,
        ),
        WaveLine(
            key="b",
            text="i was told there would be cake",
            count=31,
            users=27,
            per_s=0.0,
            started_us=us - 90_000_000,
            last_us=us - 35_000_000,
        ),
    )
