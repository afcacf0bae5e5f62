"""Keep everything that the live view of a channel shows, and hand out what changed.

`Boards` holds one `Board` per channel. Scored messages and events go in, batch by batch; a `Frame` comes out for a
channel and the number of the frame that the viewer has seen. Everything new or changed carries the number of the frame
it first goes out with, so frames need no memory of their viewers. All that is shown is capped; what is kept for it is
bounded whatever the chat does.

Nothing here locks: one thread adds batches while another takes frames, and both hold one lock of the caller's while
they do. A batch of 2,000 messages and a frame take a few milliseconds each.
"""

import itertools
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from chatpulse.domain.chat import ChatMessage, Combo, Moderation, Notice, Quarantined, Recorded, SubGift
from chatpulse.domain.live import ChannelLine, ChatLine, FeedItem, Frame, Health, Mode, WaveLine
from chatpulse.domain.naming import People, rename_sentence, rename_talk
from chatpulse.domain.scores import Reaction, Scored
from chatpulse.insights.core.counting import Ledger, is_mirrored
from chatpulse.insights.core.removals import Removals, removed_of
from chatpulse.insights.core.sentences import tell
from chatpulse.insights.core.tallies import Line
from chatpulse.insights.core.windows import SECOND_US, ChannelWindows
from chatpulse.nlp.core.waves import WaveDetector
from chatpulse.twitch.core.naming import is_about, rename_event

SHOWN_MESSAGES = 50
KEPT_MESSAGES = 200
"""Messages that are still marked when a moderator removes them: more than a page shows."""
SHOWN_FEED = 50
MINOR_FEED = 25
"""Of these at most half may be of the kinds that come in floods, so that a wave of bans does not hide a raid."""
MINOR_KINDS = frozenset({"first", "timeout", "ban", "delete", "ritual", "watch_streak", "reward_shared", "combo_state"})
SHOWN_QUESTIONS = 8
KEPT_QUESTIONS = 24
SHOWN_WAVES = 5
LONGEST_TEXT = 1_000
"""Characters of a message that are shown; Twitch allows 500, a broken line may hold 64 KiB."""
MAX_CHANNELS = 500

QUESTION = Reaction.QUESTION


class Board:
    """One channel's live picture."""

    def __init__(self, channel: str, *, first_frame: int = 1) -> None:
        self.channel = channel
        self.windows = ChannelWindows(channel)
        self.windows.stamp = first_frame
        self._first_frame = first_frame
        self._changed = False
        self._forgotten: People | None = None
        """Those who are never shown again, also not as a word that is used much."""
        self._ledger = Ledger()
        self._removals = Removals()
        self._waves = WaveDetector()
        self.windows.copied = self._waves.keys()
        self._waves_counted_at = 0
        self._batches: deque[tuple[int, Sequence[Line]]] = deque()
        """The newest messages as they came, each batch with the number of the frame that it goes out with."""
        self._kept = 0
        """Messages in all batches."""
        self._questions: deque[Line] = deque(maxlen=KEPT_QUESTIONS)
        self._deleted: deque[tuple[int, str]] = deque(maxlen=KEPT_MESSAGES)
        self._feed_numbers = itertools.count()
        self._feed: deque[tuple[int, int, FeedItem]] = deque(maxlen=SHOWN_FEED)
        self._minor_feed: deque[tuple[int, int, FeedItem]] = deque(maxlen=MINOR_FEED)

    def add(self, lines: Sequence[Line]) -> None:
        """Take messages with their scores, in order."""
        self._changed = True
        self._follow_waves(lines)
        self.windows.add(lines)
        self._keep(lines)
        self._questions.extend([line for line in lines if QUESTION in line[1].score.reactions])
        for message in [message for message, _ in lines if message.bits or message.first]:
            self._add_special(message)
        self._count_waves()

    def add_event(self, event: Recorded) -> None:
        """Take anything that happened beside talk; messages and quarantined lines are left aside."""
        if isinstance(event, ChatMessage | Quarantined) or (isinstance(event, Notice) and is_mirrored(event)):
            return
        self._changed = True
        counted = self._ledger.count(event)
        if counted is not None:
            self.windows.count(event, *counted)
        if isinstance(event, Moderation):
            self._remove(event)
        if counted is None and isinstance(event, SubGift | Combo):
            return  # its batch, or the cheer that it repeats, stands in the feed
        self._show(tell(event))

    def advance(self, now_us: int) -> None:
        """Let time run on while nobody talks; `now_us` is by the clock that stamps `received_us`."""
        self.windows.advance(now_us)
        self._count_waves()
        self._changed = True

    def finish(self) -> None:
        """Close the last second: nothing more will come."""
        self.windows.finish()
        self._changed = True

    def forget(self, people: People) -> None:
        """Take people off the page, and their names; every viewer gets everything anew."""
        self._batches = deque((stamp, _without(lines, people)) for stamp, lines in self._batches)
        self._kept = sum(len(lines) for _, lines in self._batches)
        self._questions = deque(_without(self._questions, people), maxlen=KEPT_QUESTIONS)
        self._feed = deque(_feed_without(self._feed, people), maxlen=SHOWN_FEED)
        self._minor_feed = deque(_feed_without(self._minor_feed, people), maxlen=MINOR_FEED)
        self._waves.forget(lambda user: people.has(user, user, ""), rename=lambda text: rename_talk(text, people)[0])
        self._forgotten = people
        self._first_frame = self.windows.stamp
        self._changed = True

    def line(self) -> ChannelLine:
        """The channel in the switcher."""
        ten = self.windows.ten()
        if ten is None:
            return ChannelLine(channel=self.channel, messages_per_s=0.0, hype=0.0, valence=None)
        return ChannelLine(
            channel=self.channel, messages_per_s=ten.messages / ten.size_s, hype=ten.hype, valence=ten.valence
        )

    def frame(
        self,
        after: int,
        *,
        mode: Mode,
        health: Health,
        totals: Mapping[str, int],
        channels: tuple[ChannelLine, ...] = (),
    ) -> Frame:
        """What changed since frame number `after`; everything, capped, for 0 or a number of other boards."""
        seq = self._close_frame()
        after = after if self._first_frame <= after <= seq else 0
        emotes, words = self.windows.trends()
        if self._forgotten is not None:
            words = [trend for trend in words if not _names(trend.term, self._forgotten)]
        return Frame(
            seq=seq,
            after=after,
            at_us=self.windows.newest_us,
            mode=mode,
            health=health,
            totals=dict(totals),
            channels=channels,
            channel=self.channel,
            seconds=self.windows.seconds(after),
            ten=self.windows.ten(),
            sixty=self.windows.sixty(),
            emotes=tuple(emotes),
            words=tuple(words),
            messages=self._new_messages(after),
            feed=self._new_feed(after),
            questions=self._last_questions(),
            waves=(*self._wave_lines(), *self._waves.just_over())[:SHOWN_WAVES],
            deleted=tuple(message_id for stamp, message_id in self._deleted if stamp > after),
        )

    def _close_frame(self) -> int:
        """The number of the frame that holds all changes so far; later changes go to the next one."""
        if self._changed:
            self._changed = False
            self.windows.stamp += 1
        return self.windows.stamp - 1

    def _keep(self, lines: Sequence[Line]) -> None:
        """Keep messages for frames, and let go of batches that newer ones make superfluous: cheaper than one by one."""
        self._batches.append((self.windows.stamp, lines[-KEPT_MESSAGES:] if len(lines) > KEPT_MESSAGES else lines))
        self._kept += len(self._batches[-1][1])
        while self._kept - len(self._batches[0][1]) >= KEPT_MESSAGES:
            self._kept -= len(self._batches.popleft()[1])

    def _newest(self, after: int = 0) -> Iterator[Line]:
        """The messages that are kept and new since a frame, newest first."""
        new = (reversed(lines) for stamp, lines in reversed(self._batches) if stamp > after)
        return itertools.islice(itertools.chain.from_iterable(new), KEPT_MESSAGES)

    def _add_special(self, message: ChatMessage) -> None:
        """Show and count a cheer, show a first message."""
        if is_mirrored(message):
            return
        counted = self._ledger.count(message)
        if counted is not None:
            self.windows.count(message, *counted)
        if counted is not None or message.first:
            self._show(tell(message))

    def _show(self, item: FeedItem | None) -> None:
        if item is not None:
            feed = self._minor_feed if item.kind in MINOR_KINDS else self._feed
            feed.append((self.windows.stamp, next(self._feed_numbers), item))

    def _remove(self, event: Moderation) -> None:
        """Mark what a moderator removed of what may be on a page."""
        shown = [message for message, _ in itertools.chain(self._questions, self._newest())]
        removed = removed_of(shown, event)
        new = dict.fromkeys(message.id for message in removed if not self._removals.covers(message))
        self._deleted.extend((self.windows.stamp, message_id) for message_id in new)
        self._removals.add(event)

    def _new_messages(self, after: int) -> tuple[ChatLine, ...]:
        new = itertools.islice(self._newest(after), SHOWN_MESSAGES)
        return tuple(reversed([self._chat_line(*line) for line in new]))

    def _last_questions(self) -> tuple[ChatLine, ...]:
        standing = (line for line in reversed(self._questions) if not self._removals.covers(line[0]))
        return tuple(self._chat_line(*line) for line in itertools.islice(standing, SHOWN_QUESTIONS))

    def _new_feed(self, after: int) -> tuple[FeedItem, ...]:
        new = sorted(entry[1:] for entry in (*self._feed, *self._minor_feed) if entry[0] > after)
        return tuple(item for _, item in new[-SHOWN_FEED:])

    def _chat_line(self, message: ChatMessage, scored: Scored) -> ChatLine:
        score = scored.score
        return ChatLine(
            id=message.id,
            ts_us=message.ts_us,
            user_name=message.user_name or message.user_login,
            text=message.text if len(message.text) <= LONGEST_TEXT else f"{message.text[:LONGEST_TEXT]}…",
            valence=score.valence,
            label=score.label,
            confidence=score.confidence,
            reactions=score.reactions,
            flags=score.flags,
            tokens=score.tokens,
            first=message.first,
            action=message.action,
            bits=message.bits,
            deleted=self._removals.covers(message),
        )

    def _follow_waves(self, lines: Sequence[Line]) -> None:
        time_of = self.windows.time_of
        self._waves.take([
            (scored.wave_key, message.text, message.user_id or message.user_login, time_of(message))
            for message, scored in lines
            if scored.wave_key
        ])

    def _count_waves(self) -> None:
        """Tell the windows how many waves are under way, once a second: it takes a look at every candidate."""
        second = self.windows.now_us // SECOND_US
        if second != self._waves_counted_at:
            self._waves_counted_at = second
            self.windows.waves = len(self._wave_lines())

    def _wave_lines(self) -> tuple[WaveLine, ...]:
        return self._waves.under_way(self.windows.now_us)


class Boards:
    """The boards of all channels, in the order in which they were first seen."""

    def __init__(self, channels: Iterable[str] = (), *, first_frame: int = 1) -> None:
        """Boards for these channels, and for those that turn up.

        Args:
            channels: what the switcher shows from the beginning.
            first_frame: number of the first frame, above all that earlier boards have given; a viewer who asks for
                what came after one of theirs then gets everything. Milliseconds since 1970 will do.
        """
        self._first_frame = first_frame
        self._boards: dict[str, Board] = {}
        for channel in channels:
            self._board(channel)

    def add_messages(self, messages: Iterable[ChatMessage], scored: Iterable[Scored]) -> None:
        """Take a batch of messages with their scores, in order."""
        lines: defaultdict[str, list[Line]] = defaultdict(list)
        for message, score in zip(messages, scored, strict=True):
            lines[message.channel].append((message, score))
        for channel, of_channel in lines.items():
            board = self._board(channel)
            if board is not None:
                board.add(of_channel)

    def add_events(self, events: Iterable[Recorded]) -> None:
        """Take a batch of anything else that happened."""
        for event in events:
            board = self._board(event.channel)
            if board is not None:
                board.add_event(event)

    def forget(self, people: People) -> None:
        """Take people off the boards of all channels."""
        for board in self._boards.values():
            board.forget(people)

    def advance(self, now_us: int) -> None:
        """Let time run on in all channels; `now_us` is by the clock that stamps `received_us`."""
        for board in self._boards.values():
            board.advance(now_us)

    def finish(self) -> None:
        """Close the last second of every channel: nothing more will come."""
        for board in self._boards.values():
            board.finish()

    def channels(self) -> tuple[ChannelLine, ...]:
        """The channels for the switcher, busiest first."""
        lines = [board.line() for board in self._boards.values()]
        return tuple(sorted(lines, key=lambda line: (-line.messages_per_s, line.channel)))

    def frame(self, channel: str, after: int, *, mode: Mode, health: Health, totals: Mapping[str, int]) -> Frame:
        """What changed in a channel since frame number `after`; a frame without chat for a channel without any."""
        board = self._boards.get(channel) or Board(channel, first_frame=self._first_frame)
        return board.frame(after, mode=mode, health=health, totals=totals, channels=self.channels())

    def _board(self, channel: str) -> Board | None:
        """A channel's board; None for no channel, and when there are too many."""
        board = self._boards.get(channel)
        if board is None and channel and len(self._boards) < MAX_CHANNELS:
            board = self._boards[channel] = Board(channel, first_frame=self._first_frame)
        return board


def _without(lines: Iterable[Line], people: People) -> list[Line]:
    """The lines of others, without their names."""
    return [_renamed(line, people) for line in lines if not is_about(line[0], people)]


def _renamed(line: Line, people: People) -> Line:
    message, scored = line
    renamed = rename_event(message, people)
    if renamed is message:
        return line
    tokens = tuple(token for token in scored.score.tokens if not _names(token[0], people))
    score = msgspec.structs.replace(scored.score, tokens=tokens)
    return renamed, msgspec.structs.replace(scored, score=score)


def _names(text: str, people: People) -> bool:
    """Whether a text names one of them."""
    return rename_talk(text, people)[0] != text


def _feed_without(feed: Iterable[tuple[int, int, FeedItem]], people: People) -> Iterator[tuple[int, int, FeedItem]]:
    """What others did, without their names."""
    for stamp, number, item in feed:
        if not people.has("", item.user_name, item.user_name):
            text = rename_sentence(item.text, people, {})
            yield stamp, number, msgspec.structs.replace(item, text=text) if text != item.text else item
