"""Turn what people pay for and celebrate into the parameters of USERNOTICE lines.

Each function gives a `Notice`: the `msg-id`, Twitch's sentence, the `msg-param-` tags by their bare names, and what
the truth counts. `room` adds the person, time and identity.

Source: dev.twitch.tv/docs/irc/tags, tag names beyond that page as seen in public captures.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from chatpulse.domain.chat import Bucket
from chatpulse.simulation.core.people import Person

PLAN_WORDS = {"Prime": "with Prime", "1000": "at Tier 1", "2000": "at Tier 2", "3000": "at Tier 3"}
ANONYMOUS = Person("274598607", "ananonymousgifter", "AnAnonymousGifter")
"""The account that Twitch uses for anonymous gifts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One USERNOTICE before it has a sender and a time."""

    msg_id: str
    system: str
    """Twitch's sentence; empty for an announcement."""
    params: Mapping[str, str] = field(default_factory=dict)
    kind: str
    """As `domain.chat` tags the event, `batch_gift` for the lines of a batch."""
    bucket: Bucket = Bucket.EVENTS
    amount: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Gift:
    """What the lines of one gift share."""

    gifter: Person
    plan: str
    plan_name: str
    origin_id: str
    community_id: str = ""
    """Ties the lines of a batch together; a single gift has it too at times, equal to `origin_id`."""
    batch: bool = False
    """Several gifts at once."""
    total: int = 0
    """Gifts of the giver in this channel so far; 0 when Twitch does not say."""


def subscribe(person: Person, *, plan: str, plan_name: str) -> Notice:
    """A first subscription."""
    return Notice(
        msg_id="sub",
        system=f"{person.name} subscribed {PLAN_WORDS[plan]}.",
        params=_sub_params(plan, plan_name, months=1) | {"multimonth-duration": "1", "multimonth-tenure": "0"},
        kind="new",
        bucket=Bucket.SUBSCRIPTIONS,
    )


def renew(person: Person, *, plan: str, plan_name: str, streak: int, paid_months: int) -> Notice:
    """A renewed subscription; a streak of 0 is not shared."""
    months = person.months or 1
    shared = f", currently on a {streak} month streak" if streak else ""
    params = _sub_params(plan, plan_name, months=months)
    params |= {"multimonth-duration": str(paid_months), "multimonth-tenure": "0"}
    if streak:
        params |= {"should-share-streak": "1", "streak-months": str(streak)}
    sentence = f"{person.name} subscribed {PLAN_WORDS[plan]}. They've subscribed for {months} months{shared}!"
    return Notice(msg_id="resub", system=sentence, params=params, kind="renew", bucket=Bucket.SUBSCRIPTIONS)


def give_batch(gift: Gift, *, count: int, hero: str) -> Notice:
    """The announcement that `count` gifts follow."""
    sentence = f"{gift.gifter.name} is gifting {count} Tier {gift.plan[0]} Subs to {hero}'s community!"
    if gift.total:
        sentence += f" They've gifted a total of {gift.total} in the channel!"
    params = {"mass-gift-count": str(count), "sub-plan": gift.plan} | _gift_params(gift, total=gift.total)
    return Notice(
        msg_id="submysterygift",
        system=sentence,
        params=params,
        kind="gift_batch",
        bucket=Bucket.SUBSCRIPTIONS,
        amount=count,
    )


def give(gift: Gift, recipient: Person) -> Notice:
    """One subscription for one user, alone or as part of a batch."""
    params = {
        "gift-months": "1",
        "months": str(recipient.months or 1),
        "recipient-display-name": recipient.name,
        "recipient-id": recipient.user_id,
        "recipient-user-name": recipient.login,
        "sub-plan": gift.plan,
        "sub-plan-name": gift.plan_name,
    }
    anonymous = gift.gifter is ANONYMOUS
    return Notice(
        msg_id="anonsubgift" if anonymous and not gift.batch else "subgift",
        system=f"{gift.gifter.name} gifted a Tier {gift.plan[0]} sub to {recipient.name}!",
        params=params | _gift_params(gift, total=0 if gift.batch else gift.total),
        kind="batch_gift" if gift.batch else "gift",
        bucket=Bucket.SUBSCRIPTIONS,
    )


def keep_gift(person: Person, gifter: Person | None) -> Notice:
    """Somebody goes on paying for a subscription that was a gift; without `gifter` it was anonymous."""
    if gifter is None:
        return Notice(
            msg_id="anongiftpaidupgrade",
            system=f"{person.name} is continuing the Gift Sub they got from an anonymous user!",
            kind="gift_upgrade",
            bucket=Bucket.SUBSCRIPTIONS,
        )
    return Notice(
        msg_id="giftpaidupgrade",
        system=f"{person.name} is continuing the Gift Sub they got from {gifter.name}!",
        params={"sender-login": gifter.login, "sender-name": gifter.name},
        kind="gift_upgrade",
        bucket=Bucket.SUBSCRIPTIONS,
    )


def keep_prime(person: Person, *, plan: str) -> Notice:
    """A Prime subscription becomes a paid one."""
    return Notice(
        msg_id="primepaidupgrade",
        system=f"{person.name} converted from a Prime sub to a Tier {plan[0]} sub!",
        params={"sub-plan": plan},
        kind="prime_upgrade",
        bucket=Bucket.SUBSCRIPTIONS,
    )


def raid(raider: Person, *, viewers: int) -> Notice:
    """Another channel sends its viewers."""
    params = {
        "displayName": raider.name,
        "login": raider.login,
        "profileImageURL": f"https://pictures.example/{raider.login}-70x70.png",
        "viewerCount": str(viewers),
    }
    sentence = f"{viewers} raiders from {raider.name} have joined!"
    return Notice(msg_id="raid", system=sentence, params=params, kind="raid", amount=viewers)


def announce(color: str) -> Notice:
    """A highlighted message of the channel's team."""
    return Notice(msg_id="announcement", system="", params={"color": color}, kind="announcement")


def celebrate_streak(person: Person, *, streams: int, milestone_id: str) -> Notice:
    """A viewer watched several streams in a row."""
    params = {"category": "watch-streak", "copoReward": "450", "id": milestone_id, "value": str(streams)}
    sentence = f"{person.name} watched {streams} consecutive streams this month and sparked a watch streak!"
    return Notice(msg_id="viewermilestone", system=sentence, params=params, kind="watch_streak")


def earn_bits_badge(person: Person, *, threshold: int) -> Notice:
    """A user earned a new bits badge."""
    return Notice(
        msg_id="bitsbadgetier",
        system=f"{person.name} just earned a new {threshold} Bits badge!",
        params={"threshold": str(threshold)},
        kind="bits_badge",
    )


def donate(person: Person, *, charity: str, cents: int) -> Notice:
    """Money given to charity."""
    params = {
        "charity-name": charity,
        "donation-amount": str(cents),
        "donation-currency": "EUR",
        "exponent": "2",
    }
    sentence = f"{person.name}: Donated EUR {cents / 100:.2f} to support {charity}"
    return Notice(msg_id="charitydonation", system=sentence, params=params, kind="donation", amount=cents)


def invent(person: Person, *, level: int) -> Notice:
    """A kind that no program knows yet: Twitch adds kinds without notice."""
    return Notice(
        msg_id="lanternparade",
        system=f"{person.name} lit lantern number {level}; the parade goes on!",
        params={"lantern-level": str(level), "lantern-motto": "light \\ on; lights out"},
        kind="unknown",
    )


def mirror(notice: Notice) -> Notice:
    """The same event as another channel of a shared chat shows it."""
    return Notice(
        msg_id="sharedchatnotice",
        system=notice.system,
        params=notice.params,
        kind=f"mirrored_{notice.kind}",
        bucket=notice.bucket,
    )


def _sub_params(plan: str, plan_name: str, *, months: int) -> dict[str, str]:
    return {
        "cumulative-months": str(months),
        "months": "0",
        "should-share-streak": "0",
        "sub-plan": plan,
        "sub-plan-name": plan_name,
        "was-gifted": "false",
    }


def _gift_params(gift: Gift, *, total: int) -> dict[str, str]:
    params = {"origin-id": gift.origin_id}
    if gift.community_id:
        params["community-gift-id"] = gift.community_id
    if gift.gifter is not ANONYMOUS:
        params["sender-count"] = str(total)
    return params
