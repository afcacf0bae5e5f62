"""Everything that can happen in a Twitch chat, as frozen values.

One class per thing that happens; a union per topic of the record. The class tells the topic (`topic_of`), the tag
field `kind` tells the class when an event is read back. Times are microseconds since 1970 UTC, ids are Twitch's own
strings, and an empty string means that the wire said nothing.

Source: dev.twitch.tv/docs/irc; tag names beyond those pages as seen in public captures.
"""

from enum import StrEnum

import msgspec


class Topic(StrEnum):
    """One ordered stream of the record; each becomes one table."""

    CHAT_MESSAGES = "chat_messages"
    SUBSCRIPTIONS = "subscriptions"
    EVENTS = "events"
    MODERATION = "moderation"
    ROOM = "room"
    QUARANTINE = "quarantine"


class Bucket(StrEnum):
    """Where a line ended up; the eight counts add up to the lines read."""

    MESSAGES = "messages"
    SUBSCRIPTIONS = "subscriptions"
    EVENTS = "events"
    MODERATION = "moderation"
    ROOM = "room"
    PROTOCOL = "protocol"
    QUARANTINED = "quarantined"
    DUPLICATES = "duplicates"


class Source(StrEnum):
    """How an event reached us."""

    LIVE = "live"
    REPLAY = "replay"
    IMPORT = "import"
    VOD = "vod"


class TimeKind(StrEnum):
    """What `ts_us` counts from."""

    EPOCH = "epoch"
    """1970, UTC."""
    OFFSET = "offset"
    """The start of the recording."""
    NONE = "none"
    """Nothing: the source gave no time and `ts_us` is 0."""


class Event(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """What all events share."""

    id: str
    """The identity that duplicates are found by: Twitch's `id` tag, else a hash (see `twitch.core.identity`)."""
    channel: str = ""
    """Login of the channel, lower case, without `#`."""
    room_id: str = ""
    ts_us: int
    """When it happened, as the server says; else as the recording says; else when it arrived."""
    received_us: int
    """When this process got it."""
    time_kind: TimeKind = TimeKind.EPOCH
    precision_us: int = 1_000
    """How exact `ts_us` is: Twitch stamps milliseconds."""
    source: Source = Source.LIVE
    inferred: bool = False
    """Derived from a sentence that a user could have typed, rather than said by the server."""
    video_id: str = ""
    """The recording that it comes from; empty for live chat."""
    copy_of: str = ""
    """Id of the row that says the same, where both are kept on purpose."""


class EmoteSpan(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A native Twitch emote inside a text."""

    id: str
    name: str
    """The code as it stands in the text."""
    start: int
    """First code point in `text`."""
    end: int
    """Last code point in `text`, inclusive."""


class ChatMessage(Event, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """A line that somebody said."""

    user_id: str = ""
    user_login: str = ""
    user_name: str = ""
    """The display name; equals the login up to case, or is in another script."""
    text: str = ""
    """What was said, without the `/me` wrapping; emote positions count from its start."""
    badges: str = ""
    """As on the wire: `name/version,name/version`."""
    months: int = 0
    """Exact months subscribed, from `badge-info`; 0 when not a subscriber."""
    bits: int = 0
    emotes: tuple[EmoteSpan, ...] = ()
    """In order of position, none reaching into another."""
    reply_to: str = ""
    """Id of the message this one answers."""
    source_room_id: str = ""
    """Shared chat: the room where it was said; it differs from `room_id` on a mirrored line."""
    source_id: str = ""
    """Shared chat: the id in the room where it was said."""
    first: bool = False
    """The user's first message ever in this channel."""
    action: bool = False
    """Said with `/me`."""
    reward_id: str = ""
    """Channel-points reward that this text redeems."""
    raw: str = ""


class Notice(Event, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """What all USERNOTICE events share."""

    user_id: str = ""
    user_login: str = ""
    user_name: str = ""
    system_text: str = ""
    """Twitch's sentence about the event."""
    text: str = ""
    """The user's own words, when there are any."""
    badges: str = ""
    source_room_id: str = ""
    source_id: str = ""
    raw: str = ""


class Subscription(Notice, frozen=True, kw_only=True, gc=False, omit_defaults=True, tag_field="kind", tag="new"):
    """A first subscription (`sub`)."""

    plan: str = ""
    """`Prime`, `1000`, `2000` or `3000`."""
    plan_name: str = ""
    months: int = 1
    """Months subscribed in total."""
    streak: int = 0
    """Months in a row, when the user shares it."""
    paid_months: int = 1
    """Months paid with this event."""
    was_gifted: bool = False
    """A courtesy notice about a gift: no new money."""
    gifter_id: str = ""
    gifter_login: str = ""
    gifter_name: str = ""


class Resubscription(
    Subscription, frozen=True, kw_only=True, gc=False, omit_defaults=True, tag_field="kind", tag="renew"
):
    """A renewed subscription (`resub`)."""


class SubGift(Notice, frozen=True, kw_only=True, gc=False, omit_defaults=True, tag_field="kind", tag="gift"):
    """One subscription given to one user."""

    plan: str = ""
    plan_name: str = ""
    recipient_id: str = ""
    recipient_login: str = ""
    recipient_name: str = ""
    months: int = 1
    """The recipient's months in total."""
    paid_months: int = 1
    anonymous: bool = False
    batch_id: str = ""
    """Ties the gift to its `GiftBatch`; empty where Twitch sent its placeholder."""
    sender_total: int = 0
    """Gifts of this giver in this channel so far; 0 when unknown."""


class GiftBatch(Notice, frozen=True, kw_only=True, gc=False, omit_defaults=True, tag_field="kind", tag="gift_batch"):
    """The announcement that several gifts follow."""

    plan: str = ""
    gift_count: int = 0
    anonymous: bool = False
    batch_id: str = ""
    sender_total: int = 0
    bonus_count: int = 0
    """Gifts that Twitch adds on top."""


class GiftUpgrade(
    Notice, frozen=True, kw_only=True, gc=False, omit_defaults=True, tag_field="kind", tag="gift_upgrade"
):
    """A gifted subscription that the user goes on paying."""

    gifter_login: str = ""
    gifter_name: str = ""
    anonymous: bool = False
    promo_name: str = ""
    promo_total: int = 0


class PrimeUpgrade(
    Notice, frozen=True, kw_only=True, gc=False, omit_defaults=True, tag_field="kind", tag="prime_upgrade"
):
    """A Prime subscription that becomes a paid one."""

    plan: str = ""


class SubExtension(Notice, frozen=True, kw_only=True, gc=False, omit_defaults=True, tag_field="kind", tag="extension"):
    """A subscription prolonged ahead of time (`extendsub`)."""

    plan: str = ""
    months: int = 1
    end_month: int = 0
    """Calendar month in which the benefit ends, 1-12."""


class PayForward(Notice, frozen=True, kw_only=True, gc=False, omit_defaults=True, tag_field="kind", tag="pay_forward"):
    """Somebody passes a gift on; the gift itself is a `SubGift` of its own."""

    gifter_id: str = ""
    """Who had given to this user before."""
    gifter_login: str = ""
    gifter_name: str = ""
    anonymous: bool = False
    recipient_id: str = ""
    recipient_login: str = ""
    recipient_name: str = ""
    """Empty when it goes to the community."""


class Raid(Notice, frozen=True, kw_only=True, gc=False, omit_defaults=True, tag_field="kind", tag="raid"):
    """Another channel sends its viewers."""

    viewers: int = 0


class RaidCancelled(Notice, frozen=True, kw_only=True, gc=False, omit_defaults=True, tag_field="kind", tag="unraid"):
    """An announced raid was called off."""


class Announcement(
    Notice, frozen=True, kw_only=True, gc=False, omit_defaults=True, tag_field="kind", tag="announcement"
):
    """A highlighted message of the channel's team."""

    color: str = ""


class BitsBadge(Notice, frozen=True, kw_only=True, gc=False, omit_defaults=True, tag_field="kind", tag="bits_badge"):
    """A user earned a new bits badge."""

    threshold: int = 0


class Combo(Notice, frozen=True, kw_only=True, gc=False, omit_defaults=True, tag_field="kind", tag="combo"):
    """One tap of a bits combo; these bits stand in no `bits` tag."""

    bits: int = 0
    gift_id: str = ""


class ComboState(Notice, frozen=True, kw_only=True, gc=False, omit_defaults=True, tag_field="kind", tag="combo_state"):
    """A combo starts, reaches a step, or ends; its totals repeat single taps and are never added to them."""

    stage: str = ""
    """`started`, `breakpoint` or `expired`."""
    gift_id: str = ""
    bits: int = 0
    taps: int = 0
    ms_remaining: int = 0


class RewardShared(
    Notice, frozen=True, kw_only=True, gc=False, omit_defaults=True, tag_field="kind", tag="reward_shared"
):
    """Emote rewards handed out after a gift or cheer (legacy)."""

    domain: str = ""
    trigger: str = ""
    amount: int = 0
    selected_count: int = 0
    total_count: int = 0


class Ritual(Notice, frozen=True, kw_only=True, gc=False, omit_defaults=True, tag_field="kind", tag="ritual"):
    """A new chatter greets the channel (legacy)."""

    name: str = ""


class WatchStreak(
    Notice, frozen=True, kw_only=True, gc=False, omit_defaults=True, tag_field="kind", tag="watch_streak"
):
    """A viewer watched several streams in a row (`viewermilestone`)."""

    category: str = ""
    amount: int = 0
    """Streams in a row."""
    reward: int = 0
    """Channel points earned."""


class ModAnniversary(
    Notice, frozen=True, kw_only=True, gc=False, omit_defaults=True, tag_field="kind", tag="mod_anniversary"
):
    """A moderator's anniversary."""

    months: int = 0


class SocialBadge(
    Notice, frozen=True, kw_only=True, gc=False, omit_defaults=True, tag_field="kind", tag="social_badge"
):
    """A badge for sharing the stream."""

    level: int = 0


class Donation(Notice, frozen=True, kw_only=True, gc=False, omit_defaults=True, tag_field="kind", tag="donation"):
    """Money given to charity."""

    charity: str = ""
    amount: int = 0
    """In units of 10 ** -exponent of `currency`."""
    exponent: int = 2
    currency: str = ""


class DirectCheer(
    Notice, frozen=True, kw_only=True, gc=False, omit_defaults=True, tag_field="kind", tag="direct_cheer"
):
    """Money cheered without bits (`midnightsquid`, legacy)."""

    amount: int = 0
    exponent: int = 2
    currency: str = ""


class PrimeLoot(Notice, frozen=True, kw_only=True, gc=False, omit_defaults=True, tag_field="kind", tag="prime_loot"):
    """A Prime gift drop handed to the community (legacy)."""

    name: str = ""
    recipient_login: str = ""


class UnknownNotice(Notice, frozen=True, kw_only=True, gc=False, omit_defaults=True, tag_field="kind", tag="unknown"):
    """A USERNOTICE that this version does not know; every tag is kept."""

    name: str = ""
    """Its `msg-id` (in shared chat its `source-msg-id`)."""
    tags: dict[str, str] = {}


class ModerationKind(StrEnum):
    """What a moderator did."""

    TIMEOUT = "timeout"
    BAN = "ban"
    CLEAR = "clear"
    """The whole chat was cleared."""
    DELETE = "delete"
    """One message was deleted."""


class Moderation(Event, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """CLEARCHAT and CLEARMSG."""

    kind: ModerationKind
    target_id: str = ""
    target_login: str = ""
    duration_s: int = 0
    """Length of a timeout; 0 otherwise."""
    message_id: str = ""
    """The deleted message."""
    text: str = ""
    """The deleted text."""
    raw: str = ""


class RoomState(Event, frozen=True, kw_only=True, gc=False, omit_defaults=True, tag_field="kind", tag="state"):
    """ROOMSTATE: the modes of a channel; None where this line does not mention one."""

    emote_only: bool | None = None
    followers_only_min: int | None = None
    """Minutes of following needed; -1 is off."""
    unique_only: bool | None = None
    """`r9k`."""
    slow_s: int | None = None
    subs_only: bool | None = None
    raw: str = ""


class RoomNotice(Event, frozen=True, kw_only=True, gc=False, omit_defaults=True, tag_field="kind", tag="notice"):
    """NOTICE of a channel."""

    notice_id: str = ""
    """Its `msg-id`."""
    text: str = ""
    raw: str = ""


class Quarantined(Event, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """Bytes that could not become an event, kept as they came."""

    reason: str
    raw: bytes


class ProtocolLine(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What the protocol says about itself; it drives the session and is not recorded."""

    command: str
    channel: str = ""
    nick: str = ""
    params: tuple[str, ...] = ()
    tags: str = ""


class Gap(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A span in which nothing of a channel could be heard."""

    channel: str
    from_us: int
    to_us: int
    reason: str


SubscriptionEvent = (
    Subscription | Resubscription | SubGift | GiftBatch | GiftUpgrade | PrimeUpgrade | SubExtension | PayForward
)
StreamEvent = (
    Raid
    | RaidCancelled
    | Announcement
    | BitsBadge
    | Combo
    | ComboState
    | RewardShared
    | Ritual
    | WatchStreak
    | ModAnniversary
    | SocialBadge
    | Donation
    | DirectCheer
    | PrimeLoot
    | UnknownNotice
)
RoomUpdate = RoomState | RoomNotice
Recorded = ChatMessage | SubscriptionEvent | StreamEvent | Moderation | RoomUpdate | Quarantined
"""What the record keeps."""

TOPIC_TYPES: dict[Topic, tuple[type[Event], ...]] = {
    Topic.CHAT_MESSAGES: (ChatMessage,),
    Topic.SUBSCRIPTIONS: SubscriptionEvent.__args__,
    Topic.EVENTS: StreamEvent.__args__,
    Topic.MODERATION: (Moderation,),
    Topic.ROOM: RoomUpdate.__args__,
    Topic.QUARANTINE: (Quarantined,),
}
TOPIC_OF: dict[type[Event], Topic] = {cls: topic for topic, classes in TOPIC_TYPES.items() for cls in classes}
BUCKET_OF: dict[Topic, Bucket] = {
    Topic.CHAT_MESSAGES: Bucket.MESSAGES,
    Topic.SUBSCRIPTIONS: Bucket.SUBSCRIPTIONS,
    Topic.EVENTS: Bucket.EVENTS,
    Topic.MODERATION: Bucket.MODERATION,
    Topic.ROOM: Bucket.ROOM,
    Topic.QUARANTINE: Bucket.QUARANTINED,
}
