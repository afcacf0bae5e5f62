"""Turn a moment into what is planted in it: gifts, raiders, copies of a copypasta, a quarrel and its end.

Chat around it speeds up by itself (`Moment.pace`) and takes on its mood; here is only what is scripted. Everything is
put on the room's agenda when the moment begins.
"""

from collections.abc import Callable, Mapping

from chatpulse.simulation.core import habits, notices
from chatpulse.simulation.core.moments import Moment, MomentKind
from chatpulse.simulation.core.mood import Mood
from chatpulse.simulation.core.people import Person, Role
from chatpulse.simulation.core.room import INVISIBLE, Remark, Room, Said
from chatpulse.simulation.core.texts import special

SLOW_S = 10
TIMEOUT_S = (60, 300, 600)
FILLERS = ("\U000e0000", "\u200b", "\u2060", "\ufeff")
"""Characters that nobody sees."""


def begin(room: Room, moment: Moment) -> None:
    """Plant what belongs to a moment."""
    play = SCENES.get(moment.kind)
    if play is not None:
        play(room, moment)


def bring_raid(room: Room, moment: Moment) -> None:
    """Another channel's viewers arrive; the team greets them."""
    dice = room.dice
    raider = room.people.guest(dice.pick(special.RAIDERS))
    room.raider[0] = raider.name

    def arrive(at_s: float) -> None:
        room.notify(at_s, raider, notices.raid(raider, viewers=moment.size))

    def welcome(at_s: float) -> None:
        text = room.fill(dice.pick(special.WELCOMES), Mood.GREETING)
        room.say(at_s, dice.pick(room.people.moderators), text, remark=Remark("moderator"))

    room.later(moment.start_s + 0.1, arrive)
    for delay_s in (3.0, 8.0):
        room.later(moment.start_s + delay_s, welcome)


def run_sub_train(room: Room, moment: Moment) -> None:
    """One sub after the other."""
    for at_s in _spread(room, moment, moment.size):
        play = habits.renew if room.dice.chance(0.6) else habits.subscribe
        room.later(at_s, _later(play, room))


def drop_gifts(room: Room, moment: Moment) -> None:
    """Many gifts at once: an announcement and one line for each."""
    dice = room.dice
    gifter = notices.ANONYMOUS if dice.chance(0.1) else room.people.viewer(moment.start_s)
    batch_id = str(dice.whole(10**17, 10**18))
    gift = notices.Gift(
        gifter=gifter,
        plan="1000",
        plan_name=habits.plan_name(room, "1000"),
        origin_id=batch_id,
        community_id=batch_id,
        batch=True,
        total=0 if gifter is notices.ANONYMOUS else moment.size + dice.below(200),
    )

    def announce(at_s: float) -> None:
        room.gifter[0] = gifter.name
        room.notify(at_s, gifter, notices.give_batch(gift, count=moment.size, hero=room.plan.hero))
        others = [person for person in room.people.regulars if person.role is Role.VIEWER and person is not gifter]
        for number, recipient in enumerate(dice.sample(others, moment.size)):
            room.later(at_s + 0.03 * (number + 1), _hand_to(recipient))

    def _hand_to(recipient: Person) -> Callable[[float], None]:
        def hand(at_s: float) -> None:
            recipient.subscribe((recipient.months or 0) + 1)
            room.notify(at_s, gifter, notices.give(gift, recipient))

        return hand

    room.later(moment.start_s + 0.1, announce)


def shower_bits(room: Room, moment: Moment) -> None:
    """One cheer after the other."""
    for at_s in _spread(room, moment, moment.size):
        room.later(at_s, _later(habits.cheer, room))


def send_wave(room: Room, moment: Moment) -> None:
    """A copypasta goes round, dressed up so that no two copies are equal to the letter."""
    pasta = room.dice.pick(room.plan.pastas)

    def copy(at_s: float) -> None:
        person = room.people.viewer(at_s)
        room.say(at_s, person, dress_up(room, pasta), remark=Remark("wave", key=pasta))

    for at_s in _spread(room, moment, moment.size):
        room.later(at_s, copy)


def quarrel(room: Room, moment: Moment) -> None:
    """Two people argue, others watch, a moderator ends it."""
    pair = [room.people.viewer(moment.start_s), room.people.viewer(moment.start_s)]
    if pair[0] is pair[1]:
        pair[1] = room.people.newcomer()
    last: list[Said] = []

    def strike(at_s: float) -> None:
        speaker = pair[len(last) % 2]
        if speaker.muted_until_s > at_s:
            return
        if last:
            last.append(room.reply(at_s, speaker, last[-1], mood=Mood.QUARREL))
        else:
            last.append(room.say(at_s, speaker, room.book.phrase(Mood.QUARREL, room.dice)))

    def watch(at_s: float) -> None:
        text = room.fill(room.dice.pick(special.BYSTANDERS), Mood.CALM)
        room.say(at_s, room.people.speaker(at_s), text)

    length_s = (moment.end_s - moment.start_s) * 0.7
    for step in range(12):
        room.later(moment.start_s + length_s * step / 12, strike)
    for _ in range(6):
        room.later(moment.start_s + room.dice.between(4, length_s), watch)
    _end_quarrel(room, moment.start_s + length_s, last)


def dress_up(room: Room, text: str) -> str:
    """A copy of a text as people paste it: invisible characters, emotes in between, an emote more, capitals."""
    return room.dice.pick(DRESSES)(room, text)


def _leave(room: Room, text: str) -> str:  # noqa: ARG001 - one of the dresses
    return text


def _shout(room: Room, text: str) -> str:  # noqa: ARG001 - one of the dresses
    return text.upper()


def _append_invisible(room: Room, text: str) -> str:  # noqa: ARG001 - one of the dresses
    return text + INVISIBLE


def _hide_filler(room: Room, text: str) -> str:
    words = text.split(" ")
    words[room.dice.below(len(words))] += room.dice.pick(FILLERS)
    return " ".join(words)


def _interleave(room: Room, text: str) -> str:
    return text.replace(" ", f" {room.book.emote(Mood.LAUGHTER, room.dice)} ")


def _close_with_emote(room: Room, text: str) -> str:
    return f"{text} {room.book.emote(Mood.LAUGHTER, room.dice)}"


DRESSES: tuple[Callable[[Room, str], str], ...] = (
    _leave,
    _leave,
    _leave,
    _hide_filler,
    _hide_filler,
    _append_invisible,
    _append_invisible,
    _interleave,
    _close_with_emote,
    _shout,
)
"""Each as likely."""
SCENES: Mapping[MomentKind, Callable[[Room, Moment], None]] = {
    MomentKind.RAID: bring_raid,
    MomentKind.SUB_TRAIN: run_sub_train,
    MomentKind.GIFT_BOMB: drop_gifts,
    MomentKind.CHEERS: shower_bits,
    MomentKind.WAVE: send_wave,
    MomentKind.ARGUMENT: quarrel,
}
"""The moments that plant something."""


def _end_quarrel(room: Room, at_s: float, last: list[Said]) -> None:
    """Slow mode, a word, deletions and timeouts; later slow mode ends."""
    dice = room.dice

    def punish(at_s: float) -> None:
        for said in last[-2:]:
            room.delete(at_s, said)
            room.time_out(at_s, said.person, dice.pick(TIMEOUT_S))

    def speak(at_s: float) -> None:
        text = dice.pick(special.MODERATORS)
        room.say(at_s, dice.pick(room.people.moderators), text, remark=Remark("moderator"))

    room.later(at_s, lambda at: room.set_slow(at, SLOW_S))
    room.later(at_s + 1.0, speak)
    room.later(at_s + 1.5, punish)
    room.later(at_s + 25.0, lambda at: room.set_slow(at, 0))


def _spread(room: Room, moment: Moment, count: int) -> list[float]:
    """Ascending instants within a moment, denser in its first half."""
    length_s = moment.end_s - moment.start_s
    return sorted(moment.start_s + 0.5 + (length_s - 1) * room.dice.unit() ** 1.4 for _ in range(count))


def _later(play: Callable[[Room, float], None], room: Room) -> Callable[[float], None]:
    return lambda at_s: play(room, at_s)
