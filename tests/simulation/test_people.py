"""The people of a channel wear Twitch's badges and keep their names."""

from collections import Counter

import pytest

from chatpulse.simulation.core.dice import Dice
from chatpulse.simulation.core.people import KNOWN_MOST, People, Person, Role


def people_of(regulars: int = 200) -> People:
    return People(Dice(1), first_id=1000, regulars=regulars, bots=("Nightbot",))


@pytest.mark.parametrize(
    ("person", "badges", "badge_info"),
    [
        pytest.param(Person("1", "ada", "Ada"), "", "", id="nobody"),
        pytest.param(Person("1", "ada", "Ada", months=8), "subscriber/6", "subscriber/8", id="subscriber"),
        pytest.param(Person("1", "ada", "Ada", months=1), "subscriber/0", "subscriber/1", id="new subscriber"),
        pytest.param(
            Person("1", "ada", "Ada", role=Role.MODERATOR, months=99, bits_badge=100),
            "moderator/1,subscriber/60,bits/100",
            "subscriber/99",
            id="all of it",
        ),
        pytest.param(Person("1", "ada", "Ada", role=Role.VIP), "vip/1", "", id="vip"),
    ],
)
def test_badges_say_role_months_and_bits(person: Person, badges: str, badge_info: str) -> None:
    assert (person.tags["badges"], person.tags["badge-info"]) == (badges, badge_info)


def test_only_moderators_and_vips_have_their_flags() -> None:
    moderator = Person("1", "ada", "Ada", role=Role.MODERATOR).tags
    vip = Person("1", "ada", "Ada", role=Role.VIP).tags

    assert (moderator["mod"], moderator["user-type"], moderator.get("vip")) == ("1", "mod", None)
    assert (vip["mod"], vip["user-type"], vip.get("vip")) == ("0", "", "1")


def test_a_subscription_shows_at_once() -> None:
    person = Person("1", "ada", "Ada")

    person.subscribe(3)

    assert (person.tags["subscriber"], person.tags["badge-info"]) == ("1", "subscriber/3")


def test_nobody_shares_a_login_or_an_id_and_names_spell_the_login() -> None:
    people = people_of(3000)
    everybody = [*people.regulars, *people.bots, *[people.newcomer() for _ in range(1000)]]

    assert len({person.login for person in everybody}) == len(everybody)
    assert len({person.user_id for person in everybody}) == len(everybody)
    assert all(person.name.lower() == person.login for person in everybody if person.name.isascii())
    assert 100 < sum(not person.name.isascii() for person in everybody) < 400


def test_a_few_regulars_write_much_and_most_write_little() -> None:
    people = people_of(1000)

    lines = Counter(people.speaker(0.0).login for _ in range(20_000)).most_common()

    assert sum(count for _, count in lines[:100]) > 0.35 * 20_000
    assert len(lines) > 800


def test_who_is_timed_out_does_not_speak_until_the_end() -> None:
    people = people_of(3)
    first = people.regulars[0]
    first.muted_until_s = 60.0

    assert first not in {people.speaker(59.9) for _ in range(300)}
    assert first in {people.speaker(60.0) for _ in range(300)}


def test_newcomers_stay_until_the_room_is_full_and_strangers_never() -> None:
    people = people_of(KNOWN_MOST - 200)
    free = KNOWN_MOST - len(people.regulars)

    newcomers = [people.newcomer() for _ in range(free + 5)]

    assert newcomers[0] in people.regulars
    assert newcomers[-1] not in people.regulars
    assert len(people.regulars) == KNOWN_MOST


def test_a_guest_is_the_same_person_each_time() -> None:
    people = people_of()

    guest = people.guest("PocketGlacier")

    assert (guest.login, guest.name) == ("pocketglacier", "PocketGlacier")
    assert people.guest("PocketGlacier") is guest
    assert people.guest("wildmerino").user_id != guest.user_id
    assert guest not in people.regulars


def test_somebody_new_comes_in_when_all_viewers_are_banned() -> None:
    people = people_of(regulars=5)
    for person in people.regulars:
        person.muted_until_s = float("inf")

    person = people.viewer(1.0)

    assert (person.role, person.muted_until_s) == (Role.VIEWER, 0.0)
