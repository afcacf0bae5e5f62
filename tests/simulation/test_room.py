"""A room keeps people, what they said and what is due."""

from dataclasses import replace

import pytest

from chatpulse.simulation.core import habits, scenes
from chatpulse.simulation.core.channels import COSY
from chatpulse.simulation.core.dice import Dice
from chatpulse.simulation.core.moments import Moment, MomentKind
from chatpulse.simulation.core.mood import Mood
from chatpulse.simulation.core.people import Person
from chatpulse.simulation.core.room import Remark, Room


@pytest.fixture
def room() -> Room:
    return Room(replace(COSY, regulars=10), Dice(1), start_us=1_750_000_000_000_000)


def ada() -> Person:
    return Person("42", "ada", "Ada Ü; x", color="#FF0000", months=7)


def tags_of(room: Room) -> dict[str, str]:
    """The tags of the only line since the last look."""
    (emission,) = room.take()
    raw = emission.line.line.partition(" ")[0].removeprefix("@")
    return dict(tag.split("=", 1) for tag in raw.split(";"))


def test_a_message_has_the_tags_that_twitch_sends(room: Room) -> None:
    said = room.say(1.5, ada(), "hi Kappa", remark=Remark("cheer", {"bits": "5"}, amount=5, first=True))

    assert tags_of(room) == {
        "badge-info": "subscriber/7",
        "badges": "subscriber/6",
        "bits": "5",
        "color": "#FF0000",
        "display-name": "Ada\\sÜ\\:\\sx",
        "emotes": "25:3-7",
        "first-msg": "1",
        "flags": "",
        "id": said.id,
        "mod": "0",
        "returning-chatter": "0",
        "room-id": COSY.room_id,
        "subscriber": "1",
        "tmi-sent-ts": "1750000001500",
        "turbo": "0",
        "user-id": "42",
        "user-type": "",
    }


@pytest.mark.parametrize(
    ("text", "marked"),
    [("Kappa mossHeart", True), ("Kappa hi", False), ("hi", False), ("KEKW", False)],
)
def test_only_native_emotes_alone_are_marked_as_such(room: Room, text: str, *, marked: bool) -> None:
    room.say(0.0, ada(), text)

    assert (tags_of(room).get("emote-only") == "1") is marked


def test_a_reply_quotes_its_parent_escaped(room: Room) -> None:
    parent = room.say(0.0, ada(), "one; two \\ three")
    room.take()

    room.reply(1.0, ada(), parent, mood=Mood.REPLY)

    tags = tags_of(room)
    assert tags["reply-parent-msg-body"] == "one\\:\\stwo\\s\\\\\\sthree"
    assert tags["reply-parent-msg-id"] == tags["reply-thread-parent-msg-id"] == parent.id
    assert tags["reply-parent-user-login"] == "ada"


def test_a_deleted_message_is_not_deleted_again(room: Room) -> None:
    said = room.say(0.0, ada(), "hi")

    for _ in range(2):
        habits.delete_one(room, 1.0)

    assert [fact.key for _, fact in room.take() if fact.kind == "delete"] == [said.id]


def test_a_single_gift_is_thanked_for_by_name(room: Room) -> None:
    named = 0
    for at_s in range(0, 200, 10):
        habits.give_one(room, at_s)
        room.run_due(at_s + 9)
        (_, gift), *thanks = room.take()
        giver = next(person for person in room.people.regulars if person.user_id == gift.user_id)
        named += any(giver.name.lower() in emission.line.line.rpartition(" :")[2].lower() for emission in thanks)
        assert len(thanks) == 2

    assert named > 3


def test_who_is_banned_never_speaks_again(room: Room) -> None:
    banned = room.people.regulars[0]

    room.ban(5.0, banned)

    assert banned not in {room.people.speaker(1e9) for _ in range(300)}


def test_the_agenda_runs_in_order_and_up_to_the_instant(room: Room) -> None:
    done: list[tuple[str, float]] = []
    room.later(2.0, lambda at_s: done.append(("second", at_s)))
    room.later(1.0, lambda at_s: done.append(("first", at_s)))
    room.later(2.0, lambda at_s: done.append(("third", at_s)))
    room.later(2.1, lambda at_s: done.append(("never", at_s)))

    room.run_due(2.0)

    assert done == [("first", 1.0), ("second", 2.0), ("third", 2.0)]


def test_what_happened_is_handed_out_once(room: Room) -> None:
    room.say(0.0, ada(), "hi")

    assert len(room.take()) == 1
    assert room.take() == []


def test_a_raider_is_one_person_however_often_they_come(room: Room) -> None:
    raid = Moment(kind=MomentKind.RAID, mood=Mood.RAID, start_s=0, end_s=30, peak=5, size=9)

    for _ in range(20):
        scenes.begin(room, raid)
    room.run_due(1)

    raiders = [(emission.line.line.split("login=")[1].split(";")[0], emission.fact.user_id) for emission in room.take()]
    assert len(raiders) == 20
    assert len(set(raiders)) == len({login for login, _ in raiders})


def test_a_message_that_is_gone_is_not_deleted_twice(room: Room) -> None:
    said = room.say(0.0, ada(), "hello")
    room.take()

    room.delete(1.0, said)
    room.delete(2.0, said)

    assert [emission.fact.kind for emission in room.take()] == ["delete"]
