"""What a simulated crowd really said and did, for tests to compare with.

A line counts when it is handed out, never before: whoever stops reading half-way has the truth of what was read.
Moments are noted when they begin.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from chatpulse.domain.chat import Bucket
from chatpulse.simulation.core.moments import Moment


class Fact(NamedTuple):
    """What one line is."""

    bucket: Bucket
    kind: str
    """For messages `say`, `question`, `reply`, `action`, `cheer`, `reward`, `command`, `bot`, `mirrored`, ...; else the
    event's `kind`."""
    id: str = ""
    user_id: str = ""
    amount: int = 0
    """Bits, gifts, viewers, seconds: as fits the kind."""
    key: str = ""
    """The text of the wave that a message copies; the id of the message that is deleted."""
    first: bool = False
    """The user's first message in the channel."""


@dataclass(slots=True)
class PlantedWave:
    """A copypasta that was sent round."""

    text: str
    """Without the invisible characters and emotes that the copies carry."""
    copies: int = 0
    users: set[str] = field(default_factory=set)
    """User ids."""


@dataclass(slots=True)
class ChannelTruth:
    """What happened in one channel so far."""

    buckets: Counter[Bucket] = field(default_factory=Counter)
    """Lines per bucket."""
    kinds: Counter[str] = field(default_factory=Counter)
    """Lines per kind of fact."""
    amounts: Counter[str] = field(default_factory=Counter)
    """Sums per kind: bits of cheers, gifts announced by batches, viewers of raids."""
    chatters: set[str] = field(default_factory=set)
    """User ids of everybody who said something."""
    first_chatters: int = 0
    deleted: list[str] = field(default_factory=list)
    """Ids of messages that a moderator deleted."""
    waves: dict[str, PlantedWave] = field(default_factory=dict)
    moments: list[Moment] = field(default_factory=list)
    message_ids: list[str] = field(default_factory=list)
    """In order; kept on request only, since it grows without end."""
    question_ids: list[str] = field(default_factory=list)
    """Likewise."""

    @property
    def subs(self) -> int:
        """New and renewed subscriptions and upgrades, gifts and mirrored ones apart."""
        kinds = self.kinds
        return kinds["new"] + kinds["renew"] + kinds["gift_upgrade"] + kinds["prime_upgrade"]

    @property
    def gifts(self) -> int:
        """Subscriptions given away: what batches announce, and single gifts; the lines of a batch add nothing."""
        return self.amounts["gift_batch"] + self.kinds["gift"]

    @property
    def bits(self) -> int:
        """Bits cheered."""
        return self.amounts["cheer"]

    def note(self, fact: Fact, *, keep_ids: bool = False) -> None:
        """Count one line."""
        self.buckets[fact.bucket] += 1
        self.kinds[fact.kind] += 1
        if fact.amount:
            self.amounts[fact.kind] += fact.amount
        if fact.bucket is Bucket.MESSAGES:
            self._note_message(fact, keep_ids=keep_ids)
        elif fact.kind == "delete":
            self.deleted.append(fact.key)

    def _note_message(self, fact: Fact, *, keep_ids: bool) -> None:
        self.chatters.add(fact.user_id)
        self.first_chatters += fact.first
        if fact.key:
            wave = self.waves.setdefault(fact.key, PlantedWave(fact.key))
            wave.copies += 1
            wave.users.add(fact.user_id)
        if keep_ids:
            self.message_ids.append(fact.id)
            if fact.kind == "question":
                self.question_ids.append(fact.id)


@dataclass(slots=True)
class Truth:
    """What happened in all channels so far."""

    keep_ids: bool = False
    channels: dict[str, ChannelTruth] = field(default_factory=dict)

    def of(self, channel: str) -> ChannelTruth:
        """The truth about one channel."""
        return self.channels.setdefault(channel, ChannelTruth())

    def note(self, channel: str, fact: Fact) -> None:
        """Count one line."""
        self.of(channel).note(fact, keep_ids=self.keep_ids)

    @property
    def lines(self) -> int:
        """Lines of all channels."""
        return sum(truth.buckets.total() for truth in self.channels.values())

    def total(self, bucket: Bucket) -> int:
        """Lines of all channels in one bucket."""
        return sum(truth.buckets[bucket] for truth in self.channels.values())
