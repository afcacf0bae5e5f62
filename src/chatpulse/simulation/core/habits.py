"""Turn the small things of a channel into lines: subs, cheers, bots, commands, spam, moderators' daily work.

One function per `Habit`, each plays it in a room at an instant; what follows later goes on the room's agenda.
"""

from collections.abc import Callable, Mapping

from chatpulse.simulation.core import notices
from chatpulse.simulation.core.channels import Habit
from chatpulse.simulation.core.mood import Mood
from chatpulse.simulation.core.people import BITS_BADGES, Person, Role
from chatpulse.simulation.core.room import Remark, Room
from chatpulse.simulation.core.texts import special

PLANS = ("1000", "1000", "1000", "Prime", "Prime", "2000", "3000")
CHEER_BITS = (1, 10, 50, 100, 100, 100, 200, 300, 500, 1000, 5000)
NEIGHBOUR_ROOM = "615220934"
"""The room that shares its chat with ours."""


def subscribe(room: Room, at_s: float) -> None:
    """Somebody subscribes for the first time."""
    person = _without_sub(room, at_s)
    person.subscribe(1)
    plan = room.dice.pick(PLANS)
    room.notify(at_s, person, notices.subscribe(person, plan=plan, plan_name=plan_name(room, plan)))


def renew(room: Room, at_s: float) -> None:
    """Somebody renews, mostly with a few words."""
    dice = room.dice
    person = room.people.viewer(at_s)
    person.subscribe(max(2, (person.months or 0) + 1))
    months = person.months or 2
    plan = dice.pick(PLANS)
    notice = notices.renew(
        person,
        plan=plan,
        plan_name=plan_name(room, plan),
        streak=dice.whole(1, months) if dice.chance(0.5) else 0,
        paid_months=dice.pick((1, 1, 1, 1, 3, 6)) if plan != "Prime" else 1,
    )
    text = room.fill(dice.pick(special.RESUBS), Mood.LOVE) if dice.chance(0.7) else ""
    room.notify(at_s, person, notice, text=text)


def give_one(room: Room, at_s: float) -> None:
    """One sub for one viewer, and thanks."""
    dice = room.dice
    gifter = room.people.viewer(at_s)
    origin = str(dice.whole(10**17, 10**18)) if dice.chance(0.5) else spaced_hex(dice.hex())
    gift = notices.Gift(
        gifter=gifter,
        plan="1000",
        plan_name=plan_name(room, "1000"),
        origin_id=origin,
        community_id=origin if origin.isdigit() else "",
        total=dice.whole(1, 60),
    )
    _hand_over(room, at_s, gift)


def give_anonymously(room: Room, at_s: float) -> None:
    """One sub from nobody knows whom."""
    name = plan_name(room, "1000")
    origin = spaced_hex(room.dice.hex())
    _hand_over(room, at_s, notices.Gift(gifter=notices.ANONYMOUS, plan="1000", plan_name=name, origin_id=origin))


def upgrade(room: Room, at_s: float) -> None:
    """A gifted or Prime sub becomes a paid one."""
    person = room.people.viewer(at_s)
    if room.dice.chance(0.4):
        notice = notices.keep_prime(person, plan="1000")
    else:
        notice = notices.keep_gift(person, room.people.viewer(at_s) if room.dice.chance(0.8) else None)
    room.notify(at_s, person, notice)


def cheer(room: Room, at_s: float) -> None:
    """Bits with a few words."""
    dice = room.dice
    bits = dice.pick(CHEER_BITS)
    words = room.fill(dice.pick(special.CHEERS), Mood.LOVE)
    text = f"Cheer{bits} {words}" if dice.chance(0.7) else f"{words} Cheer{bits}"
    if dice.chance(0.15):
        text, bits = f"{text} Cheer{bits}", bits * 2
    room.say(at_s, room.people.viewer(at_s), text, remark=Remark("cheer", {"bits": str(bits)}, amount=bits))


def earn_badge(room: Room, at_s: float) -> None:
    """Somebody reaches the next bits badge."""
    person = room.people.viewer(at_s)
    higher = [threshold for threshold in BITS_BADGES if threshold > person.bits_badge]
    if higher:
        person.earn_bits_badge(higher[0])
        room.notify(at_s, person, notices.earn_bits_badge(person, threshold=higher[0]))


def redeem(room: Room, at_s: float) -> None:
    """Channel points for a wish."""
    rewards = ("0c3f6f5e-7f5c-4b7e-9a55-3d1d1f2a7c01", "5be1f9d2-20b4-4d46-8a37-6a8a5d0c9e02")
    text = room.fill(room.dice.pick(special.REDEMPTIONS), Mood.CALM)
    tags = {"custom-reward-id": room.dice.pick(rewards)}
    room.say(at_s, room.people.viewer(at_s), text, remark=Remark("reward", tags))


def highlight(room: Room, at_s: float) -> None:
    """Channel points for a message that stands out."""
    text = room.fill(room.dice.pick(special.HIGHLIGHTS), Mood.CALM)
    room.say(at_s, room.people.viewer(at_s), text, remark=Remark("highlight", {"msg-id": "highlighted-message"}))


def celebrate_streak(room: Room, at_s: float) -> None:
    """Somebody never missed a stream."""
    person = room.people.viewer(at_s)
    streams = room.dice.pick((3, 5, 7, 10, 15, 20, 25))
    notice = notices.celebrate_streak(person, streams=streams, milestone_id=room.dice.uuid())
    room.notify(at_s, person, notice, text=room.fill(room.dice.pick(special.STREAKS), Mood.CALM))


def announce(room: Room, at_s: float) -> None:
    """A moderator puts something on top."""
    notice = notices.announce(room.dice.pick(("PRIMARY", "BLUE", "GREEN", "ORANGE", "PURPLE")))
    moderator = room.dice.pick(room.people.moderators)
    room.notify(at_s, moderator, notice, text=room.dice.pick(special.ANNOUNCEMENTS))


def donate(room: Room, at_s: float) -> None:
    """Money for a good cause."""
    person = room.people.viewer(at_s)
    cents = room.dice.pick((500, 1000, 1250, 2500, 5000, 10_000))
    room.notify(at_s, person, notices.donate(person, charity=special.CHARITIES[0], cents=cents))


def run_timer(room: Room, at_s: float) -> None:
    """A bot repeats what it always says."""
    room.say(at_s, room.dice.pick(room.people.bots), room.dice.pick(room.plan.timers), remark=Remark("bot"))


def ask_bot(room: Room, at_s: float) -> None:
    """Somebody types a command, the bot answers."""
    command, answer = room.dice.pick(room.plan.commands)
    person = room.people.viewer(at_s)
    room.say(at_s, person, command, remark=Remark("command"))
    text = f"@{person.name} {room.fill(answer, Mood.CALM)}"
    bot = room.dice.pick(room.people.bots)
    room.later(at_s + 0.6, lambda at: room.say(at, bot, text, remark=Remark("bot")))


def spam(room: Room, at_s: float) -> None:
    """A stranger advertises; a moderator bans them within seconds."""
    spammer = room.people.stranger()
    room.say(at_s, spammer, room.dice.pick(special.SPAM), remark=Remark("spam", first=True))
    room.later(at_s + room.dice.between(1.5, 4), lambda at: room.ban(at, spammer))


def delete_one(room: Room, at_s: float) -> None:
    """A moderator removes something that a viewer said."""
    for said in reversed(room.recent):
        if said.person.role is Role.VIEWER:
            room.delete(at_s, said)
            return


def provoke(room: Room, at_s: float) -> None:
    """A troll writes what would break a careless page."""
    said = room.say(at_s, room.people.viewer(at_s), room.dice.pick(special.HOSTILE), remark=Remark("hostile"))
    if room.dice.chance(0.3):
        room.later(at_s + room.dice.between(2, 6), lambda at: room.delete(at, said))


def mirror(room: Room, at_s: float) -> None:
    """Shared chat: something from the neighbour's room appears in ours."""
    dice = room.dice
    person = room.people.stranger()
    tags = {
        "source-badge-info": "",
        "source-badges": "",
        "source-id": dice.uuid(),
        "source-only": "0",
        "source-room-id": NEIGHBOUR_ROOM,
    }
    if dice.chance(0.75):
        room.say(at_s, person, room.book.compose(Mood.GREETING, dice), remark=Remark("mirrored", tags))
        return
    original = notices.subscribe(person, plan="1000", plan_name="Neighbour Club")
    notice = notices.mirror(original if dice.chance(0.6) else notices.raid(person, viewers=dice.whole(5, 90)))
    origin = "sub" if notice.kind == "mirrored_new" else "raid"
    room.notify(at_s, person, notice, tags=tags | {"source-msg-id": origin})


def invent(room: Room, at_s: float) -> None:
    """Twitch sends an event that is new to everybody."""
    person = room.people.viewer(at_s)
    room.notify(at_s, person, notices.invent(person, level=room.dice.whole(1, 40)))


def plan_name(room: Room, plan: str) -> str:
    """How the channel calls a plan; owners choose freely, semicolons included."""
    return {
        "Prime": f"Channel Subscription ({room.plan.name})",
        "1000": f"Channel Subscription ({room.plan.name})",
        "2000": f"{room.plan.hero} club; second row",
        "3000": f"{room.plan.hero} club; front row",
    }[plan]


def spaced_hex(digits: str) -> str:
    """An origin id in its older form: bytes in hex, separated by spaces."""
    return " ".join(digits[at : at + 2] for at in range(0, len(digits), 2))


HABITS: Mapping[Habit, Callable[[Room, float], None]] = {
    Habit.SUB: subscribe,
    Habit.RESUB: renew,
    Habit.GIFT: give_one,
    Habit.ANONYMOUS_GIFT: give_anonymously,
    Habit.UPGRADE: upgrade,
    Habit.CHEER: cheer,
    Habit.BITS_BADGE: earn_badge,
    Habit.REDEMPTION: redeem,
    Habit.HIGHLIGHT: highlight,
    Habit.STREAK: celebrate_streak,
    Habit.ANNOUNCEMENT: announce,
    Habit.CHARITY: donate,
    Habit.TIMER: run_timer,
    Habit.COMMAND: ask_bot,
    Habit.SPAM: spam,
    Habit.DELETION: delete_one,
    Habit.HOSTILE: provoke,
    Habit.MIRROR: mirror,
    Habit.NOVELTY: invent,
}
"""How each habit is played."""


def _without_sub(room: Room, at_s: float) -> Person:
    for _ in range(20):
        person = room.people.viewer(at_s)
        if person.months is None:
            return person
    return room.people.newcomer()


def _hand_over(room: Room, at_s: float, gift: notices.Gift) -> None:
    recipient = _without_sub(room, at_s)
    recipient.subscribe(1)
    room.notify(at_s, gift.gifter, notices.give(gift, recipient))
    room.gifter[0] = gift.gifter.name
    for _ in range(2):
        delay_s = room.dice.between(1, 5)
        room.later(at_s + delay_s, room.thank)
