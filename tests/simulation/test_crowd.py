"""A crowd says what its truth says, in Twitch's words, and the same again from the same seed."""

import re
import time
from collections import Counter
from collections.abc import Sequence
from itertools import islice, pairwise
from typing import TypeVar

import pytest

from chatpulse.domain.chat import (
    BUCKET_OF,
    TOPIC_OF,
    Bucket,
    ChatMessage,
    Event,
    GiftBatch,
    GiftUpgrade,
    Moderation,
    ModerationKind,
    PrimeUpgrade,
    ProtocolLine,
    Raid,
    Recorded,
    RoomState,
    Source,
    SubGift,
    Subscription,
    UnknownNotice,
)
from chatpulse.simulation.core.channels import COSY, DEFAULT_PLANS, ESPORTS
from chatpulse.simulation.core.crowd import Crowd, TimedLine, steady
from chatpulse.simulation.core.moments import MomentKind
from chatpulse.simulation.core.texts import special
from chatpulse.simulation.core.truth import ChannelTruth, Truth
from chatpulse.simulation.core.wire import MESSAGE_LIMIT
from chatpulse.twitch.core.irc import LineParser

START_US = 1_750_000_000_000_000
CHANNELS = tuple(plan.name for plan in DEFAULT_PLANS)
INVISIBLE = dict.fromkeys(map(ord, "\U000e0000\u200b\u2060\ufeff"))

ALL_KINDS = """
say question reply action cheer reward highlight command bot wave spam hostile mirrored moderator
new renew gift gift_batch batch_gift gift_upgrade prime_upgrade mirrored_new
raid announcement watch_streak bits_badge donation unknown mirrored_raid
timeout ban delete state notice
"""

E = TypeVar("E", bound=Event)


class Evening:
    """Half an hour of all channels, parsed; tests read it and never change it."""

    def __init__(self) -> None:
        self.crowd = Crowd(11, start_us=START_US, duration_s=1800, keep_ids=True)
        self.lines = list(self.crowd.lines())
        self.events = parse_all(self.lines)

    def of(self, channel: str, *kinds: type[E]) -> list[E]:
        """The events of some classes in one channel, in order."""
        return [event for event in self.events if isinstance(event, kinds) and event.channel == channel]

    def truth(self, channel: str) -> ChannelTruth:
        return self.crowd.truth.of(channel)

    def at_s(self, event: Event) -> float:
        return (event.ts_us - START_US) / 1e6


@pytest.fixture(scope="module")
def evening() -> Evening:
    return Evening()


def parse_all(lines: Sequence[TimedLine]) -> list[Recorded]:
    parser = LineParser(Source.LIVE)
    events: list[Recorded] = []
    for at_s, _, line in lines:
        event = parser.parse(line.encode(), received_us=START_US + int(at_s * 1e6))
        assert not isinstance(event, ProtocolLine)
        events.append(event)
    return events


def cheered(text: str) -> int:
    """The bits that a text gives away."""
    return sum(int(bits) for bits in re.findall(r"\bCheer(\d+)\b", text))


def per_second(lines: Sequence[TimedLine], channel: str) -> Counter[int]:
    return Counter(int(line.at_s) for line in lines if line.channel == channel)


# The same again, and when


def test_the_same_seed_says_the_same_and_another_seed_does_not() -> None:
    one, two, other = (list(Crowd(seed, start_us=START_US, duration_s=60).lines()) for seed in (1, 1, 2))

    assert one == two
    assert not {line.line for line in one} & {line.line for line in other}


def test_asking_again_starts_again() -> None:
    crowd = Crowd(1, start_us=START_US, duration_s=20)

    first, lines = list(crowd.lines()), crowd.truth.lines

    assert list(crowd.lines()) == first
    assert crowd.truth.lines == lines == len(first)


def test_a_channel_says_the_same_whoever_else_is_there() -> None:
    together = Crowd(1, start_us=START_US, duration_s=60).lines()
    alone = Crowd(1, plans=[COSY], start_us=START_US, duration_s=60).lines()

    assert [line for line in together if line.channel == COSY.name] == list(alone)


def test_lines_ascend_and_carry_their_instant_as_twitch_stamps_it(evening: Evening) -> None:
    instants = [line.at_s for line in evening.lines]

    assert instants == sorted(instants)
    assert instants[-1] < 1800
    stamps = [
        (line.at_s, event.ts_us)
        for line, event in zip(evening.lines, evening.events, strict=True)
        if isinstance(event, ChatMessage)
    ]
    assert all(ts_us == START_US + int(at_s * 1000) * 1000 for at_s, ts_us in stamps)


@pytest.mark.parametrize("duration_s", [3, 7.5])
def test_a_crowd_ends_with_its_duration(duration_s: float) -> None:
    lines = list(Crowd(1, start_us=START_US, duration_s=duration_s).lines())

    assert duration_s - 1 < lines[-1].at_s < duration_s


def test_a_crowd_without_duration_goes_on() -> None:
    lines = list(islice(Crowd(1, start_us=START_US).lines(), 9000))

    assert lines[-1].at_s > 300


def test_a_rate_makes_people_talk_faster() -> None:
    usual, fast = (Crowd(1, plans=[COSY], start_us=START_US, duration_s=300, rate=rate) for rate in (1.0, 4.0))

    messages = [sum(" PRIVMSG " in line.line for line in crowd.lines()) for crowd in (usual, fast)]

    assert 3 < messages[1] / messages[0] < 5


# What the truth says


def test_every_line_lands_in_the_bucket_that_the_truth_says(evening: Evening) -> None:
    for channel in CHANNELS:
        buckets = Counter(BUCKET_OF[TOPIC_OF[type(event)]] for event in evening.of(channel, Event))

        assert buckets == evening.truth(channel).buckets
    assert evening.crowd.truth.lines == len(evening.lines)
    assert evening.crowd.truth.total(Bucket.QUARANTINED) == 0


def test_no_two_lines_are_one_event(evening: Evening) -> None:
    assert len({event.id for event in evening.events}) == len(evening.events)


def test_the_truth_counts_what_was_handed_out_and_nothing_ahead() -> None:
    crowd = Crowd(1, start_us=START_US)

    taken = list(islice(crowd.lines(), 137))

    assert crowd.truth.lines == 137
    assert Counter(line.channel for line in taken) == {
        channel: truth.buckets.total() for channel, truth in crowd.truth.channels.items() if truth.buckets
    }


@pytest.mark.parametrize("channel", CHANNELS)
def test_people_bits_and_questions_are_counted(evening: Evening, channel: str) -> None:
    messages, truth = evening.of(channel, ChatMessage), evening.truth(channel)

    assert truth.message_ids == [message.id for message in messages]
    assert truth.chatters == {message.user_id for message in messages}
    assert truth.first_chatters == sum(message.first for message in messages) > 10
    assert truth.bits == sum(message.bits for message in messages) > 0
    assert all(message.bits == cheered(message.text) for message in messages)
    asked = set(truth.question_ids)
    assert len(asked) == truth.kinds["question"] > 20
    assert sum("?" in message.text for message in messages if message.id in asked) > 0.9 * len(asked)


@pytest.mark.parametrize("channel", CHANNELS)
def test_subs_and_gifts_are_counted_by_twitchs_rules(evening: Evening, channel: str) -> None:
    truth = evening.truth(channel)
    own = [event for event in evening.of(channel, Subscription, GiftUpgrade, PrimeUpgrade) if not event.source_room_id]
    batches = {batch.batch_id: batch for batch in evening.of(channel, GiftBatch)}
    gifts = evening.of(channel, SubGift)

    single = [gift for gift in gifts if gift.batch_id not in batches]

    assert truth.subs == len(own) > 10
    assert truth.gifts == sum(batch.gift_count for batch in batches.values()) + len(single)
    assert min(truth.kinds["gift"], truth.kinds["gift_batch"]) > 0
    assert len(gifts) == truth.kinds["gift"] + truth.kinds["batch_gift"]


def test_ids_are_forgotten_unless_asked_for() -> None:
    crowd = Crowd(1, start_us=START_US, duration_s=10)

    list(crowd.lines())

    assert all(not truth.message_ids and not truth.question_ids for truth in crowd.truth.channels.values())


# Moments


def test_a_burst_passes_a_hundred_messages_a_second_and_quiet_stays_below_ten(evening: Evening) -> None:
    counts = per_second(evening.lines, ESPORTS.name)

    assert max(counts[second] for second in range(10, 34)) > 100
    assert sum(counts[second] for second in range(8)) / 8 < 10


@pytest.mark.parametrize("channel", CHANNELS)
def test_something_happens_soon_and_then_every_minute(evening: Evening, channel: str) -> None:
    moments = evening.truth(channel).moments

    assert moments[0].start_s < 15
    assert all(0 < later.start_s - earlier.end_s <= 50 for earlier, later in pairwise(moments))
    assert moments[-1].end_s > 1700
    assert len({moment.kind for moment in moments}) >= 8


def test_a_laugh_shows_in_what_people_say(evening: Evening) -> None:
    laugh = next(moment for moment in evening.truth("quillsprint").moments if moment.kind is MomentKind.LAUGHTER)
    laughing = {"LUL", "KEKW", "LULW", "OMEGALUL", "ICANT", "PepeLaugh", "xdd", "4Head", "lol", "lmao", "haha"}

    said = [(evening.at_s(message), message.text) for message in evening.of("quillsprint", ChatMessage)]
    during = [bool(laughing & set(text.split())) for at_s, text in said if laugh.start_s < at_s < laugh.end_s]
    before = [bool(laughing & set(text.split())) for at_s, text in said if at_s < laugh.start_s - 1]

    assert sum(during) / len(during) > 2 * sum(before) / len(before)


def test_copies_of_a_wave_are_as_many_as_planted_by_as_many_users(evening: Evening) -> None:
    messages = evening.of(ESPORTS.name, ChatMessage)
    emotes = {"LUL", "KEKW", "LULW", "OMEGALUL", "ICANT", "PepeLaugh", "xdd", "4Head", "voltLaugh"}

    assert len(evening.truth(ESPORTS.name).waves) > 1
    for wave in evening.truth(ESPORTS.name).waves.values():
        copies = [
            message
            for message in messages
            if " ".join(word for word in message.text.translate(INVISIBLE).split() if word not in emotes).lower()
            == wave.text.lower()
        ]
        assert (len(copies), {copy.user_id for copy in copies}) == (wave.copies, wave.users)
        assert wave.copies >= 100
        assert len({copy.text for copy in copies}) > 8
        assert any(copy.text.isupper() for copy in copies)


def test_a_gift_bomb_is_one_batch_and_its_lines(evening: Evening) -> None:
    batch = evening.of(ESPORTS.name, GiftBatch)[0]

    gifts = [gift for gift in evening.of(ESPORTS.name, SubGift) if gift.batch_id == batch.batch_id]

    assert len(gifts) == batch.gift_count == 50
    assert len({gift.recipient_id for gift in gifts} - {batch.user_id}) == 50
    assert {gift.user_id for gift in gifts} == {batch.user_id}
    assert all(0 < evening.at_s(gift) - evening.at_s(batch) < 3 for gift in gifts)


def test_a_gift_is_thanked_for_and_worn(evening: Evening) -> None:
    batch = evening.of(ESPORTS.name, GiftBatch)[0]
    given = {gift.recipient_id for gift in evening.of(ESPORTS.name, SubGift) if gift.batch_id == batch.batch_id}

    later = [message for message in evening.of(ESPORTS.name, ChatMessage) if message.ts_us > batch.ts_us + 3_000_000]

    assert sum(batch.user_name.lower() in message.text.lower() for message in later) > 10
    months = [message.months for message in later if message.user_id in given]
    assert len(months) > 20
    assert min(months) > 0


def test_a_raid_brings_people_who_were_never_here(evening: Evening) -> None:
    channel = "quillsprint"
    raid = evening.of(channel, Raid)[0]
    at_s = evening.at_s(raid)
    messages = [(evening.at_s(message), message) for message in evening.of(channel, ChatMessage)]

    before = [message.first for said_s, message in messages if at_s - 10 < said_s < at_s]
    after = [message.first for said_s, message in messages if at_s < said_s < at_s + 20]

    assert raid.viewers == 742
    assert sum(after) > 50
    assert sum(after) / len(after) > 0.4
    assert sum(before) / len(before) < 0.2
    assert sum(raid.user_name.lower() in message.text.lower() for _, message in messages) > 30


def test_a_quarrel_ends_with_slow_mode_deletions_and_timeouts(evening: Evening) -> None:
    quarrel = next(moment for moment in evening.truth(ESPORTS.name).moments if moment.kind is MomentKind.ARGUMENT)

    def within(event: Event) -> bool:
        return quarrel.start_s < evening.at_s(event) < quarrel.end_s

    actions = [action for action in evening.of(ESPORTS.name, Moderation) if within(action)]
    timeouts = {action.target_login for action in actions if action.kind is ModerationKind.TIMEOUT}
    deleted = {action.message_id for action in actions if action.kind is ModerationKind.DELETE}
    messages = evening.of(ESPORTS.name, ChatMessage)

    assert len(timeouts) == 2
    assert timeouts <= {message.user_login for message in messages if message.id in deleted}
    assert (
        sum(message.user_login in timeouts and bool(message.reply_to) and within(message) for message in messages) > 8
    )
    assert [state.slow_s for state in evening.of(ESPORTS.name, RoomState)][:2] == [10, 0]


# Moderators, and everything else that has a rule


def test_moderators_delete_only_what_was_said_before(evening: Evening) -> None:
    for channel in CHANNELS:
        said: dict[str, str] = {}
        deleted = []
        for event in evening.of(channel, ChatMessage, Moderation):
            if isinstance(event, ChatMessage):
                said[event.id] = event.text
            elif isinstance(event, Moderation) and event.kind is ModerationKind.DELETE:
                assert said[event.message_id] == event.text
                deleted.append(event.message_id)

        assert deleted == evening.truth(channel).deleted
        assert len(set(deleted)) == len(deleted)
    assert sum(len(evening.truth(channel).deleted) for channel in CHANNELS) > 20


def test_who_is_timed_out_or_banned_is_silent_meanwhile(evening: Evening) -> None:
    for channel in CHANNELS:
        silent_until: dict[str, float] = {}
        for event in evening.of(channel, ChatMessage, Moderation):
            if isinstance(event, ChatMessage):
                assert silent_until.get(event.user_id, 0.0) <= evening.at_s(event) + 0.001
            elif isinstance(event, Moderation) and event.kind is ModerationKind.TIMEOUT:
                silent_until[event.target_id] = evening.at_s(event) + event.duration_s
            elif isinstance(event, Moderation) and event.kind is ModerationKind.BAN:
                silent_until[event.target_id] = float("inf")


def test_a_reply_answers_something_that_was_said(evening: Evening) -> None:
    said: dict[str, ChatMessage] = {}
    replies = 0
    for message in evening.of("quillsprint", ChatMessage):
        if message.reply_to:
            replies += 1
            assert message.text.startswith(f"@{said[message.reply_to].user_name} ")
        said[message.id] = message

    assert replies > 100


def test_nobody_answers_or_mentions_themselves(evening: Evening) -> None:
    # Names in other scripts are shared by several people.
    messages = [event for event in evening.events if isinstance(event, ChatMessage) and event.user_name.isascii()]

    assert not any(message.text.startswith(f"@{message.user_name} ") for message in messages)


def test_emote_positions_cut_the_names_out_of_the_text(evening: Evening) -> None:
    behind_astral = 0
    for message in (event for event in evening.events if isinstance(event, ChatMessage)):
        for emote in message.emotes:
            words = message.text.split(" ")
            assert emote.name in words
            assert message.text[emote.start : emote.end + 1] == emote.name
            behind_astral += any(ord(letter) > 0xFFFF for letter in message.text[: emote.start])
            before = message.text[: emote.start]
            assert not before or before.endswith(" ")

    assert behind_astral > 20


def test_messages_fit_into_twitchs_limit_and_into_one_line(evening: Evening) -> None:
    longest = max(len(event.text) for event in evening.events if isinstance(event, ChatMessage))

    assert 150 < longest <= MESSAGE_LIMIT
    assert not any(set(line.line) & set("\r\n\0") for line in evening.lines)


def test_all_sorts_of_messages_and_notices_come_up(evening: Evening) -> None:
    kinds = {kind for channel in CHANNELS for kind in evening.truth(channel).kinds}
    messages = [event for event in evening.events if isinstance(event, ChatMessage)]

    assert kinds == set(ALL_KINDS.split())
    assert any(message.action for message in messages)
    assert any(message.reward_id for message in messages)
    assert any("vip" in message.badges for message in messages)
    assert any(message.months > 12 for message in messages)
    assert {message.source_room_id for message in messages if message.source_id} == {"615220934"}
    subs = [event for event in evening.events if isinstance(event, Subscription)]
    assert {event.plan for event in subs} == {"1000", "2000", "3000", "Prime"}
    assert any(event.streak for event in subs)
    assert any(event.paid_months > 1 for event in subs)
    assert any(event.text for event in subs)
    assert all("subscriber/" in event.badges for event in subs if not event.source_room_id)
    bots = {name.lower() for plan in DEFAULT_PLANS for name in plan.bots}
    free = [message for message in messages if not message.reply_to and message.user_login not in bots]
    assert sum(message.text.startswith("@") for message in free) > 100


def test_tag_values_survive_their_escapes(evening: Evening) -> None:
    unknown = next(event for event in evening.events if isinstance(event, UnknownNotice))
    plans = {event.plan_name for event in evening.events if isinstance(event, Subscription)}

    assert unknown.tags["msg-param-lantern-motto"] == "light \\ on; lights out"
    assert "volt club; front row" in plans
    assert "Channel Subscription (mossandkiln)" in plans


def test_hostile_texts_arrive_to_the_letter(evening: Evening) -> None:
    texts = {event.text for event in evening.events if isinstance(event, ChatMessage)}

    assert set(special.HOSTILE) <= texts


# Load


def test_a_steady_mix_is_even_in_time_and_over_channels() -> None:
    lines = list(steady(1, channels=("one", "two"), messages_per_s=500, n=5000, start_us=START_US))

    assert [line.at_s for line in lines] == [number / 500 for number in range(5000)]
    channels = Counter(line.channel for line in lines)
    assert abs(channels["one"] - channels["two"]) < 100
    assert lines == list(steady(1, channels=("one", "two"), messages_per_s=500, n=5000, start_us=START_US))


def test_a_steady_mix_knows_its_truth() -> None:
    truth = Truth(keep_ids=True)
    lines = list(steady(2, channels=CHANNELS, messages_per_s=20_000, n=20_000, start_us=START_US, truth=truth))

    events = parse_all(lines)

    assert Counter(BUCKET_OF[TOPIC_OF[type(event)]] for event in events) == {
        bucket: truth.total(bucket) for bucket in Bucket if truth.total(bucket)
    }
    assert truth.lines == 20_000
    assert sum(channel.kinds["bot"] for channel in truth.channels.values()) > 5
    assert len({event.id for event in events}) == 20_000
    assert truth.total(Bucket.MESSAGES) > 0.95 * 20_000
    assert min(truth.total(bucket) for bucket in (Bucket.SUBSCRIPTIONS, Bucket.EVENTS, Bucket.MODERATION)) > 20


@pytest.mark.slow
def test_making_lines_costs_little_beside_reading_them() -> None:
    def make() -> list[TimedLine]:
        return list(steady(3, channels=CHANNELS, messages_per_s=1000, n=50_000, start_us=START_US))

    lines = make()
    made_s, read_s = [], []
    for _ in range(3):
        started = time.process_time()
        make()
        made_s.append(time.process_time() - started)
        started = time.process_time()
        parse_all(lines)
        read_s.append(time.process_time() - started)

    assert min(made_s) < 4 * min(read_s)
