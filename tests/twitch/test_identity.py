"""Identity of lines without an id: the same on every reading, different for equal lines of one source."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpulse.domain.chat import ProtocolLine, Source
from chatpulse.twitch.core import identity
from chatpulse.twitch.core.identity import Identities, clearchat_id
from chatpulse.twitch.core.irc import LineParser

SAID = b":ada!ada@ada.tmi.twitch.tv PRIVMSG #harbour :hello again"


def ids(lines: list[tuple[int | None, bytes]], *, received_us: int = 1, source: Source = Source.REPLAY) -> list[str]:
    parser = LineParser(source)
    events = [parser.parse(line, received_us=received_us, recorded_us=at_us) for at_us, line in lines]
    return [event.id for event in events if not isinstance(event, ProtocolLine)]


def test_the_id_of_the_line_is_its_identity() -> None:
    assert ids([(None, b"@id=7f-1 " + SAID), (5, b"@id=7f-1 " + SAID)]) == ["7f-1", "7f-1"]


@given(st.lists(st.tuples(st.none() | st.integers(0, 3), st.sampled_from([SAID, SAID + b"!", b"\xff", b"@x"]))))
def test_every_line_of_a_file_has_its_own_identity_and_keeps_it_on_the_next_reading(
    lines: list[tuple[int | None, bytes]],
) -> None:
    first = ids(lines, received_us=10)

    assert len(set(first)) == len(lines)
    assert ids(lines, received_us=99) == first


def test_channel_time_user_and_text_make_different_identities() -> None:
    identities = Identities()
    base = {"channel": "harbour", "user": "ada", "ts_us": 5}

    found = {
        identities.of_line(b"x", **fields)  # type: ignore[arg-type]  # the values are of mixed types
        for fields in [base, base | {"channel": "pier"}, base | {"user": "bo"}, base | {"ts_us": 6}]
    }

    assert len(found | {Identities().of_line(b"y", channel="harbour", user="ada", ts_us=5)}) == 5
    assert all(len(one) == 32 for one in found)


def test_identities_never_change() -> None:
    identities = Identities()

    found = [identities.of_line(b"x", channel="harbour", user="ada", ts_us=5) for _ in range(2)]

    # Tables hold them: any other value would store old lines once more.
    assert found == ["123d9302019b7481e94a7fcf0ca7b8a5", "2e06c1301edf13da71174ba25198152e"]
    timeout = clearchat_id(room="7", ts_us=5, target="9", duration_s=600)
    assert timeout == "ec46b568313dc06925640b01cc3533e1"


def test_a_live_line_without_a_time_is_told_apart_by_its_arrival() -> None:
    at_one = ids([(None, SAID)], received_us=1_000_000, source=Source.LIVE)
    at_two = ids([(None, SAID)], received_us=2_000_000, source=Source.LIVE)

    assert at_one != at_two


def test_old_times_are_forgotten_and_lines_without_a_time_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "GENERATION", 2)
    identities = Identities()

    def times_seen(raw: bytes, ts_us: int) -> str:
        return identities.of_line(raw, channel="harbour", user="ada", ts_us=ts_us)

    timed = [times_seen(b"a", ts_us) for ts_us in (1, 1, 2, 3, 1, 4, 5, 6, 7, 1)]
    timeless = [times_seen(b"%d" % (number % 9), 0) for number in range(18)]

    assert timed[0] != timed[1]
    assert timed[4] not in timed[:2], "remembered for a generation"
    assert timed[9] == timed[0], "forgotten after two"
    assert len(set(timeless)) == 18


def test_a_timeout_repeated_to_the_letter_is_the_same_event() -> None:
    line = b"@ban-duration=600;room-id=7;target-user-id=9;tmi-sent-ts=1600000000123 :t CLEARCHAT #harbour :bo"

    assert len(set(ids([(1, line), (2, line)]))) == 1


def test_a_timeout_with_an_id_goes_by_it() -> None:
    assert ids([(1, b"@id=c-1;tmi-sent-ts=1600000000123 :t CLEARCHAT #harbour :bo")]) == ["c-1"]


def test_timeouts_without_any_time_are_numbered_like_other_lines() -> None:
    line = b"@ban-duration=600;room-id=7;target-user-id=9 :t CLEARCHAT #harbour :bo"

    first = ids([(None, line), (None, line)])

    assert len(set(first)) == 2
    assert ids([(None, line), (None, line)]) == first


def test_room_time_target_and_duration_tell_timeouts_apart() -> None:
    line = b"@ban-duration=600;room-id=7;target-user-id=9;tmi-sent-ts=1600000000123 :t CLEARCHAT #harbour :bo"
    changes = [(b"600", b"601"), (b"=7", b"=8"), (b"=9", b"=10"), (b"123", b"124"), (b"ban-duration=600;", b"")]
    others = [line.replace(old, new) for old, new in changes]

    assert len(set(ids([(None, one) for one in [line, *others]]))) == 6
    assert ids([(None, line)]) == [clearchat_id(room="7", ts_us=1_600_000_000_123_000, target="9", duration_s=600)]


def test_a_timeout_without_a_room_id_belongs_to_its_channel() -> None:
    assert len(set(ids([(5, b"CLEARCHAT #harbour bo"), (5, b"CLEARCHAT #pier bo")]))) == 2


def test_equal_lines_without_a_time_stay_apart_however_many_others_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatpulse.twitch.core.identity.MOST_TIMELESS", 100)
    monkeypatch.setattr("chatpulse.twitch.core.identity.SLOTS", 64)
    lines = [b"line %d" % (number % 700) for number in range(2_100)]

    def read() -> list[str]:
        identities = Identities()
        return [identities.of_line(line, channel="aurora", user="juno", ts_us=0) for line in lines]

    assert len(set(read())) == len(lines)
    assert read() == read()
