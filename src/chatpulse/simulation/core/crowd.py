"""Turn a seed into the chat of whole channels: raw lines with their instants, and the truth about them.

Each channel is played second by second with its own chance: the script says which moment is on, the moment how fast
chat is, the habits what happens beside talk. The seconds of all channels are then merged. Equal arguments give equal
lines, whatever the other channels do.
"""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import count, cycle

from chatpulse.simulation.core import scenes
from chatpulse.simulation.core.channels import DEFAULT_PLANS, ChannelPlan, Habit
from chatpulse.simulation.core.dice import Dice
from chatpulse.simulation.core.habits import HABITS
from chatpulse.simulation.core.moments import play_script
from chatpulse.simulation.core.room import Emission, Room
from chatpulse.simulation.core.truth import ChannelTruth, Truth
from chatpulse.simulation.core.wire import TimedLine

__all__ = ["Crowd", "TimedLine", "steady"]

STEADY_HABITS = tuple(habit for habit in Habit if habit not in {Habit.SPAM, Habit.HOSTILE, Habit.TIMER})
STEADY_SHARE = 0.03
"""Share of ticks of a steady mix in which something else than talk happens; a fifth of them is a timeout."""
STEADY_REGULARS = 400


class Crowd:
    """Everybody who chats, in all channels.

    Args:
        seed: decides everything.
        plans: the channels; the three default ones when not given.
        start_us: instant 0, microseconds since 1970 UTC.
        duration_s: where it ends; never when not given.
        rate: factor on how fast people talk; what is planted (gifts, raids, copies) stays as it is.
        keep_ids: keep the ids of all messages in the truth, which then grows without end.
    """

    def __init__(
        self,
        seed: int,
        *,
        plans: Sequence[ChannelPlan] | None = None,
        start_us: int,
        duration_s: float | None = None,
        rate: float = 1.0,
        keep_ids: bool = False,
    ) -> None:
        self.plans = tuple(plans if plans is not None else DEFAULT_PLANS)
        self.truth = Truth(keep_ids=keep_ids)
        """About the lines handed out so far."""
        self._seed = seed
        self._start_us = start_us
        self._duration_s = duration_s
        self._rate = rate

    @property
    def channels(self) -> tuple[str, ...]:
        """Logins of the channels."""
        return tuple(plan.name for plan in self.plans)

    @property
    def room_ids(self) -> Mapping[str, str]:
        """User id of each channel, as `room-id` says it."""
        return {plan.name: plan.room_id for plan in self.plans}

    def lines(self) -> Iterator[TimedLine]:
        """All lines in order of time; each call starts again, with an empty `truth`."""
        truth = self.truth = Truth(
            keep_ids=self.truth.keep_ids, channels={name: ChannelTruth() for name in self.channels}
        )
        stages = [
            _Stage(
                Room(plan, Dice(self._seed, int(plan.room_id)), start_us=self._start_us),
                rate=self._rate,
                truth=truth.of(plan.name),
            )
            for plan in self.plans
        ]
        for second in count():
            block = [emission for stage in stages for emission in stage.play(second)]
            block.sort(key=_instant)
            for line, fact in block:
                if self._duration_s is not None and line.at_s >= self._duration_s:
                    return
                truth.note(line.channel, fact)
                yield line
            if self._duration_s is not None and second + 1 >= self._duration_s:
                return


def steady(
    seed: int,
    *,
    channels: Sequence[str],
    messages_per_s: float,
    n: int,
    start_us: int,
    truth: Truth | None = None,
) -> Iterator[TimedLine]:
    """A mix of lines at an even rate over all channels, without moments: what load tests feed.

    Args:
        seed: decides everything.
        channels: logins; they take turns.
        messages_per_s: lines a second, all channels together.
        n: how many lines.
        start_us: instant 0, microseconds since 1970 UTC.
        truth: counts the lines, when given.

    Yields:
        Lines `1 / messages_per_s` apart.
    """
    rooms = [
        Room(_steady_plan(name, number), Dice(seed, number), start_us=start_us) for number, name in enumerate(channels)
    ]
    turns = cycle(rooms)
    pending: deque[Emission] = deque()
    for number in range(n):
        at_s = number / messages_per_s
        while not pending:
            room = next(turns)
            room.run_due(at_s)
            _act(room, at_s)
            pending.extend(room.take())
        line, fact = pending.popleft()
        if truth is not None:
            truth.note(line.channel, fact)
        yield TimedLine(at_s, line.channel, line.line)


class _Stage:
    """One channel as it is played."""

    def __init__(self, room: Room, *, rate: float, truth: ChannelTruth) -> None:
        plan = room.plan
        self._room = room
        self._rate = rate
        self._truth = truth
        self._script = play_script(plan.opening, plan.scenes, gap_s=plan.gap_s, dice=room.dice)
        self._next = next(self._script, None)
        for habit, mean_s in plan.habits.items():
            room.later(room.dice.wait(mean_s), partial(self._keep_habit, habit, mean_s))

    def play(self, second: int) -> list[Emission]:
        """Everything that happens within one second, in order."""
        room = self._room
        self._turn_page(second)
        usual = room.plan.pace
        pace = usual if room.moment is None else room.moment.pace(second + 0.5, usual=usual)
        for fraction in room.dice.instants(pace * self._rate):
            room.run_due(second + fraction)
            room.chat(second + fraction)
        room.run_due(second + 1)
        return room.take()

    def _turn_page(self, second: int) -> None:
        room = self._room
        if room.moment is not None and room.moment.end_s <= second:
            room.moment = None
        if self._next is not None and self._next.start_s < second + 1:
            room.moment = self._next
            self._truth.moments.append(self._next)
            scenes.begin(room, self._next)
            self._next = next(self._script, None)

    def _keep_habit(self, habit: Habit, mean_s: float, at_s: float) -> None:
        HABITS[habit](self._room, at_s)
        self._room.later(at_s + self._room.dice.wait(mean_s), partial(self._keep_habit, habit, mean_s))


def _instant(emission: Emission) -> float:
    return emission.line.at_s


def _steady_plan(name: str, number: int) -> ChannelPlan:
    model = DEFAULT_PLANS[number % len(DEFAULT_PLANS)]
    return replace(model, name=name, room_id=str(100_000_000 + 10_000_000 * number), regulars=STEADY_REGULARS)


def _act(room: Room, at_s: float) -> None:
    """Mostly talk; now and then an event, a gift, a timeout."""
    roll = room.dice.unit()
    if roll > STEADY_SHARE:
        room.chat(at_s)
    elif roll > STEADY_SHARE / 5:
        HABITS[room.dice.pick(STEADY_HABITS)](room, at_s)
    else:
        room.time_out(at_s, room.people.viewer(at_s), 1)
