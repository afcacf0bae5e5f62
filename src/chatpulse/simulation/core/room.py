"""Turn who speaks, pays and moderates in one channel into lines, each with the fact it is.

A `Room` knows the people, what was said lately and what is due later. It has no plan of its own: `habits` and `scenes`
tell it what happens, and every instant comes in as an argument. Instants must not fall.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from heapq import heappop, heappush
from itertools import count, islice
from math import inf
from typing import NamedTuple

from chatpulse.domain.chat import Bucket
from chatpulse.simulation.core import wire
from chatpulse.simulation.core.channels import ChannelPlan
from chatpulse.simulation.core.dice import Dice
from chatpulse.simulation.core.moments import Moment, MomentKind
from chatpulse.simulation.core.mood import Mood
from chatpulse.simulation.core.notices import Notice
from chatpulse.simulation.core.people import People, Person, Role
from chatpulse.simulation.core.phrases import PhraseBook
from chatpulse.simulation.core.texts import special
from chatpulse.simulation.core.texts.emotes import NATIVE_EMOTES
from chatpulse.simulation.core.truth import Fact
from chatpulse.simulation.core.wire import TimedLine, escape

INVISIBLE = " \U000e0000"
"""What some clients append to say the same thing twice."""
REMEMBERED = 150
"""Messages that moderators delete..."""
ANSWERED = 12
"""...and the newest of them, which people answer."""
MOOD_SHARE = 0.78
"""Share of messages during a moment that are about it."""
RAIDER_SHARE = 0.5
"""Share of messages during a raid by people who come with it."""
REPLY_SHARE = 0.05
ACTION_SHARE = 0.012
MENTION_SHARE = 0.03


class Said(NamedTuple):
    """A message that was said in the room."""

    id: str
    person: Person
    text: str


class Remark(NamedTuple):
    """What is special about a message."""

    kind: str = "say"
    tags: Mapping[str, str] = {}
    """Tags beside the usual ones, escaped."""
    key: str = ""
    """The text of the wave it copies."""
    amount: int = 0
    first: bool = False


PLAIN = Remark()
QUESTION = Remark("question")


class Emission(NamedTuple):
    """A line and what it is."""

    line: TimedLine
    fact: Fact


class Room:
    """One channel's chat.

    Args:
        plan: what the channel is like.
        dice: its chance.
        start_us: instant 0, microseconds since 1970 UTC.
    """

    def __init__(self, plan: ChannelPlan, dice: Dice, *, start_us: int) -> None:
        self.plan = plan
        self.dice = dice
        self.people = People(dice, first_id=int(plan.room_id), regulars=plan.regulars, bots=plan.bots)
        self.moment: Moment | None = None
        self.recent: deque[Said] = deque(maxlen=REMEMBERED)
        self._deleted: deque[str] = deque(maxlen=REMEMBERED)
        """Ids of the messages that were deleted last."""
        self.gifter = ["somebody kind"]
        """Who gave last: one name, which phrases refer to."""
        self.raider = [dice.pick(special.RAIDERS)]
        """Who raided last."""
        self.book = self._write_book()
        self._emote_ids = {**NATIVE_EMOTES, **_own_emotes(plan.sub_emotes.split())}
        self._lots = [mood for mood, weight in plan.moods.items() for _ in range(round(weight))]
        self._start_ms = start_us // 1000
        self._agenda: list[tuple[float, int, Callable[[float], object]]] = []
        self._order = count()
        self._out: list[Emission] = []

    def later(self, at_s: float, action: Callable[[float], object]) -> None:
        """Put something on the agenda."""
        heappush(self._agenda, (at_s, next(self._order), action))

    def run_due(self, upto_s: float) -> None:
        """Do what is on the agenda up to an instant, in order."""
        while self._agenda and self._agenda[0][0] <= upto_s:
            at_s, _, action = heappop(self._agenda)
            action(at_s)

    def take(self) -> list[Emission]:
        """Hand out what happened since the last call."""
        out, self._out = self._out, []
        return out

    def chat(self, at_s: float) -> None:
        """Somebody says something that fits the moment."""
        dice = self.dice
        raid = self.moment is not None and self.moment.kind is MomentKind.RAID
        if dice.chance(RAIDER_SHARE if raid else self.plan.newcomers):
            mood = Mood.RAID if raid else self._mood()
            remark = Remark("question" if mood is Mood.QUESTION else "say", first=True)
            self.say(at_s, self.people.newcomer(), self.book.compose(mood, dice), remark=remark)
            return
        person = self.people.speaker(at_s)
        roll = dice.unit()
        others = [] if roll >= REPLY_SHARE else self._heard_by(person)
        if others:
            self.reply(at_s, person, dice.pick(others), mood=Mood.REPLY)
        elif roll < REPLY_SHARE + ACTION_SHARE:
            self.say(at_s, person, self.fill(dice.pick(special.ACTIONS), Mood.CALM), remark=Remark("action"))
        else:
            self._utter(at_s, person, Mood.GREETING if raid and dice.chance(0.5) else self._mood())

    def thank(self, at_s: float) -> None:
        """Somebody thanks whoever gave last."""
        self._utter(at_s, self.people.speaker(at_s), Mood.THANKS)

    def say(self, at_s: float, person: Person, text: str, *, remark: Remark = PLAIN) -> Said:
        """One PRIVMSG."""
        message_id = self.dice.uuid()
        emotes = wire.emote_tag(text, self._emote_ids)
        tags = person.tags | {
            "emotes": emotes,
            "first-msg": "1" if remark.first else "0",
            "id": message_id,
            "returning-chatter": "0",
            "room-id": self.plan.room_id,
            "tmi-sent-ts": self._stamp(at_s),
        }
        if emotes and all(word in self._emote_ids for word in text.split(" ")):
            tags["emote-only"] = "1"
        if remark.tags:
            tags |= remark.tags
        body = wire.action(text) if remark.kind == "action" else text
        line = wire.privmsg(person.login, self.plan.name, body, tags=tags)
        fact = Fact(Bucket.MESSAGES, remark.kind, message_id, person.user_id, remark.amount, remark.key, remark.first)
        self._emit(at_s, line, fact)
        said = Said(message_id, person, text)
        self.recent.append(said)
        return said

    def reply(self, at_s: float, person: Person, to: Said, *, mood: Mood) -> Said:
        """An answer to a message, as the reply button makes it."""
        parent = {
            "msg-body": escape(to.text),
            "msg-id": to.id,
            "display-name": escape(to.person.name),
            "user-id": to.person.user_id,
            "user-login": to.person.login,
        }
        tags = {f"reply-parent-{name}": value for name, value in parent.items()}
        tags |= {
            "reply-thread-parent-display-name": parent["display-name"],
            "reply-thread-parent-msg-id": to.id,
            "reply-thread-parent-user-id": to.person.user_id,
            "reply-thread-parent-user-login": to.person.login,
        }
        text = f"@{to.person.name} {self.book.phrase(mood, self.dice)}"
        return self.say(at_s, person, text, remark=Remark("reply", tags))

    def notify(
        self, at_s: float, person: Person, notice: Notice, *, text: str = "", tags: Mapping[str, str] | None = None
    ) -> None:
        """One USERNOTICE."""
        event_id = self.dice.uuid()
        all_tags = person.tags | {
            "emotes": wire.emote_tag(text, self._emote_ids),
            "id": event_id,
            "login": person.login,
            "msg-id": notice.msg_id,
            "room-id": self.plan.room_id,
            "system-msg": escape(notice.system),
            "tmi-sent-ts": self._stamp(at_s),
        }
        all_tags |= {f"msg-param-{name}": escape(value) for name, value in notice.params.items()}
        all_tags |= tags or {}
        line = wire.usernotice(self.plan.name, text, tags=all_tags)
        self._emit(at_s, line, Fact(notice.bucket, notice.kind, event_id, person.user_id, notice.amount))

    def time_out(self, at_s: float, person: Person, duration_s: int) -> None:
        """Keep somebody from writing for a while."""
        person.muted_until_s = at_s + duration_s
        tags = self._moderation_tags(at_s) | {"ban-duration": str(duration_s), "target-user-id": person.user_id}
        line = wire.clearchat(self.plan.name, person.login, tags=tags)
        self._emit(at_s, line, Fact(Bucket.MODERATION, "timeout", user_id=person.user_id, amount=duration_s))

    def ban(self, at_s: float, person: Person) -> None:
        """Keep somebody from writing for good."""
        person.muted_until_s = inf
        tags = self._moderation_tags(at_s) | {"target-user-id": person.user_id}
        line = wire.clearchat(self.plan.name, person.login, tags=tags)
        self._emit(at_s, line, Fact(Bucket.MODERATION, "ban", user_id=person.user_id))

    def delete(self, at_s: float, said: Said) -> None:
        """Remove one message, unless it is removed already."""
        if said.id in self._deleted:
            return
        self._deleted.append(said.id)
        if said in self.recent:
            self.recent.remove(said)
        tags = self._moderation_tags(at_s) | {"login": said.person.login, "target-msg-id": said.id}
        line = wire.clearmsg(self.plan.name, said.text, tags=tags)
        self._emit(at_s, line, Fact(Bucket.MODERATION, "delete", user_id=said.person.user_id, key=said.id))

    def set_slow(self, at_s: float, seconds: int) -> None:
        """Switch slow mode on, or off with 0: Twitch sends a ROOMSTATE and a NOTICE."""
        line = wire.roomstate(self.plan.name, self.plan.room_id, slow=seconds)
        self._emit(at_s, line, Fact(Bucket.ROOM, "state"))
        if seconds:
            text = f"This room is now in slow mode. You may send messages every {seconds} seconds."
            line = wire.notice(self.plan.name, text, notice_id="slow_on")
        else:
            line = wire.notice(self.plan.name, "This room is no longer in slow mode.", notice_id="slow_off")
        self._emit(at_s, line, Fact(Bucket.ROOM, "notice"))

    def fill(self, phrase: str, mood: Mood) -> str:
        """A phrase with its slots filled."""
        return self.book.fill(phrase, mood, self.dice)

    def _heard_by(self, person: Person) -> list[Said]:
        """What others said last: nobody answers themselves."""
        return [said for said in islice(reversed(self.recent), ANSWERED) if said.person is not person]

    def _utter(self, at_s: float, person: Person, mood: Mood) -> None:
        dice = self.dice
        text = self.book.compose(mood, dice)
        if self.recent and self.recent[-1].person is not person and dice.chance(MENTION_SHARE):
            text = f"@{self.recent[-1].person.name} {text}"
        if person.invisible and dice.chance(0.5):
            text += INVISIBLE
        self.say(at_s, person, text, remark=QUESTION if mood is Mood.QUESTION else PLAIN)

    def _mood(self) -> Mood:
        if self.moment is not None and self.dice.chance(MOOD_SHARE):
            return self.moment.mood
        return self.dice.pick(self._lots)

    def _emit(self, at_s: float, line: str, fact: Fact) -> None:
        self._out.append(Emission(TimedLine(at_s, self.plan.name, line), fact))

    def _stamp(self, at_s: float) -> str:
        return str(self._start_ms + int(at_s * 1000))

    def _moderation_tags(self, at_s: float) -> dict[str, str]:
        return {"room-id": self.plan.room_id, "tmi-sent-ts": self._stamp(at_s)}

    def _write_book(self) -> PhraseBook:
        plan = self.plan
        names = [person.name for person in self.people.regulars[:60] if person.role is not Role.BOT]
        words = {slot: choices.split("|") for slot, choices in plan.words.items()}
        words |= {
            "hero": [plan.hero],
            "name": names,
            "num": [str(number) for number in (2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 14, 17, 20, 23, 30, 34, 42, 50, 60)],
            "gifter": self.gifter,
            "raider": self.raider,
        }
        return PhraseBook(
            words=words,
            emotes=plan.emotes,
            phrases=plan.phrases,
            foreign=plan.foreign,
            foreign_share=plan.foreign_share,
        )


def _own_emotes(names: Iterable[str]) -> dict[str, str]:
    """Ids for a channel's native emotes, in the form that Twitch gives to new ones: a number of 32 hex digits."""
    return {name: f"emotesv2_{int.from_bytes(name.encode().ljust(16, b'.')[:16], 'big'):032x}" for name in names}
