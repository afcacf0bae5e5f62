from pathlib import Path
from typing import Any

import msgspec
import pytest

from chatpulse.domain.chat import ChatMessage, Moderation, ModerationKind, Quarantined, Recorded
from chatpulse.errors import DamagedError
from chatpulse.pipelines.privacy import OptOut, Privacy, UserKeys

COMMON: dict[str, Any] = {"ts_us": 1, "received_us": 1, "channel": "reef"}


def said(text: str = "hello", **fields: Any) -> ChatMessage:
    given = {"id": "m1", "user_id": "42", "user_login": "quill", "user_name": "Quill", "text": text, **COMMON, **fields}
    return ChatMessage(**given)


def listed(folder: Path, *, ids: tuple[str, ...] = (), names: tuple[str, ...] = ()) -> OptOut:
    keys, opt_out = UserKeys.load(folder), OptOut.open(folder)
    opt_out.change(add=[*map(keys.of_id, ids), *map(keys.of_name, names)])
    return opt_out


def test_a_key_is_made_once_and_is_its_owners(tmp_path: Path) -> None:
    first, second = UserKeys.load(tmp_path), UserKeys.load(tmp_path)

    assert first.of_id("42") == second.of_id("42") != first.of_name("42")
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    assert len((tmp_path / "key").read_bytes()) == 32
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def test_another_key_gives_other_hashes(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()

    assert UserKeys.load(tmp_path / "a").of_name("quill") != UserKeys.load(tmp_path / "b").of_name("quill")


def test_a_key_that_everybody_could_read_is_closed(tmp_path: Path) -> None:
    UserKeys.load(tmp_path)
    (tmp_path / "key").chmod(0o644)

    UserKeys.load(tmp_path)

    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600


def test_who_opted_out_is_covered_by_id_and_by_name(tmp_path: Path) -> None:
    opt_out = listed(tmp_path, ids=("42",), names=("Quill", "月見うどん"))

    covered: list[Recorded] = [
        said(),
        said(user_id="7", user_name="x", user_login="QUILL"),
        said(user_id="", user_login="", user_name="月見うどん"),
        Moderation(id="x", kind=ModerationKind.BAN, target_id="42", **COMMON),
        Quarantined(id="q", reason="?", raw=b":quill!quill \xff", **COMMON),
    ]

    assert [opt_out.covers(event) for event in covered] == [True] * 5
    assert not opt_out.covers(said(user_id="43", user_login="other", user_name="Other"))


def test_the_list_holds_no_name_and_no_id(tmp_path: Path) -> None:
    listed(tmp_path, ids=("4242424242",), names=("quill",))

    content = (tmp_path / "opt-out.json").read_bytes()

    assert b"quill" not in content
    assert b"4242424242" not in content


def test_a_name_in_the_lines_of_others_becomes_a_mark(tmp_path: Path) -> None:
    opt_out = listed(tmp_path, names=("quill",))
    other = said("@Quill look, @ana", user_id="9", user_login="juno", user_name="Juno")

    (admitted,) = opt_out.admit([said(), other])

    assert isinstance(admitted, ChatMessage)
    assert admitted.text == "@_forgotten_ look, @ana"


def test_without_a_list_events_are_handed_through_as_they_are(tmp_path: Path) -> None:
    events = [said("@quill")]

    assert OptOut.open(tmp_path / "nothing").admit(events) is events
    assert not (tmp_path / "nothing").exists()


def test_a_change_of_the_list_is_seen_by_who_looks_again(tmp_path: Path) -> None:
    watching = OptOut.open(tmp_path)
    before = watching.covers(said())
    changing = listed(tmp_path, ids=("42",))

    assert (before, watching.covers(said())) == (False, False)
    assert [watching.refresh(), watching.covers(said()), watching.refresh()] == [True, True, False]
    changing.change(remove=[UserKeys.load(tmp_path).of_id("42")])
    assert [watching.refresh(), watching.covers(said())] == [True, False]


def test_a_list_is_acknowledged_until_it_changes(tmp_path: Path) -> None:
    opt_out = listed(tmp_path, ids=("42",))
    collector = OptOut.open(tmp_path)

    states = [opt_out.acknowledged()]
    collector.acknowledge()
    states.append(opt_out.acknowledged())
    opt_out.change(add=["0" * 16])
    states.append(opt_out.acknowledged())

    assert states == [False, True, False]


def test_a_list_without_its_key_is_an_error(tmp_path: Path) -> None:
    listed(tmp_path, ids=("42",))
    (tmp_path / "key").unlink()

    with pytest.raises(DamagedError, match="another key"):
        OptOut.open(tmp_path)


def test_a_list_that_is_no_json_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "opt-out.json").write_text("{")

    with pytest.raises(DamagedError, match="cannot be read"):
        OptOut.open(tmp_path)


def test_hashed_users_have_one_pseudonym_everywhere(tmp_path: Path) -> None:
    privacy = Privacy.open(tmp_path, users="hash")
    raw = "@display-name=Quill;user-id=42 :quill!quill@quill.tmi.twitch.tv PRIVMSG #reef :@ana hello"

    (event,) = privacy.admit([said("@ana hello", raw=raw)])
    (answer,) = Privacy.open(tmp_path, users="hash").admit([said("hi @QUILL", user_id="1", user_login="ana")])

    assert isinstance(event, ChatMessage)
    assert isinstance(answer, ChatMessage)
    keys = UserKeys.load(tmp_path)
    assert (event.user_id, event.user_login) == (keys.of_id("42"), f"user_{keys.of_name('quill')}")
    assert event.user_name == event.user_login
    assert answer.text == f"hi @{event.user_login}"
    assert event.text == f"@{answer.user_login} hello"
    assert "quill" not in msgspec.json.encode(event).decode().lower()
    assert event.channel == "reef"


def test_a_display_name_in_another_script_is_the_same_person(tmp_path: Path) -> None:
    privacy = Privacy.open(tmp_path, users="hash")

    first, second = privacy.admit([said(user_name="月見うどん"), said("@月見うどん", user_id="9", user_login="ana")])

    assert isinstance(first, ChatMessage)
    assert isinstance(second, ChatMessage)
    assert first.user_name == first.user_login
    assert second.text == f"@{first.user_login}"


def test_the_identity_of_a_timeout_does_not_give_its_target_away(tmp_path: Path) -> None:
    ban = Moderation(id="0" * 32, kind=ModerationKind.BAN, target_id="42", target_login="quill", **COMMON)

    hashed = Privacy.open(tmp_path, users="hash").admit([ban])[0]
    kept = Privacy.open(tmp_path).admit([ban])[0]

    assert (len(hashed.id), hashed.id == ban.id, kept) == (32, False, ban)
    assert hashed.id == Privacy.open(tmp_path, users="hash").admit([ban])[0].id


def test_who_opted_out_is_known_by_pseudonym_too(tmp_path: Path) -> None:
    hashed = Privacy.open(tmp_path, users="hash").admit([said()])[0]

    opt_out = listed(tmp_path, names=("quill",))

    assert opt_out.covers(hashed)
