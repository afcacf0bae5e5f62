"""Notices that exist only as text: 47 comments of every kind, and those that a user may have typed."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chatpulse.domain import chat
from chatpulse.domain.chat import ChatMessage, EmoteSpan, Notice, Source, TimeKind
from chatpulse.twitch.core.inferred import infer

ANONYMOUS, TWITCH, VALORANT = "274598607", "12826", "490592527"
SUB, PRIME = "Mila_ subscribed at Tier 1.", "Mila_ subscribed with Prime."
FOR_3, STREAK = "They've subscribed for 3 months!", "They've subscribed for 3 months, currently on a 2 month streak!"
WATCHED = "Mila_ watched 7 consecutive streams this month and sparked a watch streak!"
WAVE = "hello Kappa Kappa"


def comment(text: str, **fields: Any) -> ChatMessage:
    common: dict[str, Any] = {
        "id": "c-1", "channel": "harbour", "ts_us": 62_000_000, "received_us": 0, "time_kind": TimeKind.OFFSET,
        "precision_us": 1_000_000, "source": Source.VOD, "video_id": "v-1", "user_id": "44", "user_login": "mila_",
        "user_name": "Mila_", "badges": "subscriber/3,bits/1000", "months": 9, "raw": "{}",
    }  # fmt: skip
    return ChatMessage(text=text, **common | fields)


CASES: list[tuple[str, str, type, dict[str, Any], dict[str, Any]]] = [
    # sentence, the user's words, event, its fields, who says it
    (f"{SUB} ", "", chat.Subscription, {"plan": "1000", "months": 1, "streak": 0}, {}),
    ("Mila_ subscribed at Tier 2. ", "", chat.Subscription, {"plan": "2000"}, {}),
    ("Mila_ subscribed at Tier 3. ", "", chat.Subscription, {"plan": "3000"}, {}),
    (f"{SUB} ", WAVE, chat.Subscription, {"plan": "1000"}, {}),
    (f"{SUB} {FOR_3} ", "", chat.Resubscription, {"plan": "1000", "months": 3, "streak": 0}, {}),
    (f"{SUB} {STREAK} ", "", chat.Resubscription, {"plan": "1000", "months": 3, "streak": 2}, {}),
    (f"{SUB} {FOR_3} ", WAVE, chat.Resubscription, {"months": 3}, {}),
    (f"{SUB} {STREAK} ", WAVE, chat.Resubscription, {"months": 3, "streak": 2}, {}),
    ("Mila_ subscribed at Tier 3. They've subscribed for 120 months, currently on a 1 month streak! ", "hi",
     chat.Resubscription, {"plan": "3000", "months": 120, "streak": 1}, {}),
    (f"{PRIME} ", "", chat.Subscription, {"plan": "Prime"}, {}),
    (f"{PRIME} ", WAVE, chat.Subscription, {"plan": "Prime"}, {}),
    (f"{PRIME} {FOR_3} ", "", chat.Resubscription, {"plan": "Prime", "months": 3}, {}),
    (f"{PRIME} {STREAK} ", "", chat.Resubscription, {"plan": "Prime", "months": 3, "streak": 2}, {}),
    (f"{PRIME} {FOR_3} ", WAVE, chat.Resubscription, {"plan": "Prime", "months": 3}, {}),
    (f"{PRIME} {STREAK} ", WAVE, chat.Resubscription, {"plan": "Prime", "months": 3, "streak": 2}, {}),
    (f"{PRIME} They've subscribed for 1 month! ", "", chat.Resubscription, {"months": 1}, {}),
    ("Mila_ converted from a Prime sub to a Tier 1 sub! ", "", chat.PrimeUpgrade, {"plan": "1000"}, {}),
    ("Mila_ converted from a Prime sub to a Tier 3 sub! ", "", chat.PrimeUpgrade, {"plan": "3000"}, {}),
    ("Mila_ converted from a Tier 1 sub to a Tier 2 sub! ", "",
     chat.Resubscription, {"plan": "2000", "months": 9}, {}),
    ("Mila_ converted from a Tier 1 sub to a Prime sub! ", "",
     chat.Resubscription, {"plan": "Prime", "months": 9}, {}),
    ("Mila_ gifted a Tier 1 sub to Ren! ", "", chat.SubGift,
     {"plan": "1000", "recipient_name": "Ren", "recipient_login": "ren", "anonymous": False, "sender_total": 0}, {}),
    ("Mila_ gifted a Tier 1 sub to 夜の猫! ", "",
     chat.SubGift, {"recipient_name": "夜の猫", "recipient_login": ""}, {}),
    ("Mila_ gifted a Tier 2 sub to Ren! They have given 5 Gift Subs in the channel! ", "", chat.SubGift,
     {"plan": "2000", "recipient_name": "Ren", "sender_total": 5}, {}),
    ("An anonymous user gifted a Tier 1 sub to Ren!  ", "", chat.SubGift,
     {"plan": "1000", "recipient_login": "ren", "anonymous": True}, {"user_id": ANONYMOUS}),
    ("An anonymous user gifted a Tier 1 sub to Ren!  ", "", chat.SubGift, {"anonymous": True}, {"user_id": TWITCH}),
    ("An anonymous user is gifting 20 Tier 1 Subs to Harbour's community! ", "", chat.GiftBatch,
     {"gift_count": 20, "anonymous": True, "plan": "1000"}, {"user_id": ANONYMOUS}),
    ("An anonymous user gifted a Tier 1 sub to Ren!  ", "", chat.SubGift, {"anonymous": True},
     {"user_id": "", "user_login": "ananonymousgifter"}),
    ("Mila_ is gifting 5 Tier 1 Subs to Harbour's community! They've gifted a total of 349 in the channel! ", "",
     chat.GiftBatch, {"plan": "1000", "gift_count": 5, "sender_total": 349, "anonymous": False, "bonus_count": 0}, {}),
    ("Mila_ is gifting 1 Tier 3 Subs to Harbour's community! ", "", chat.GiftBatch,
     {"plan": "3000", "gift_count": 1, "sender_total": 0}, {}),
    ("We added 13 Gift Subs AND 10 Bonus Gift Subs to Ren's gift! ", "", chat.GiftBatch,
     {"gift_count": 13, "bonus_count": 10}, {"user_id": TWITCH}),
    ("We added 1 Gift Subs to Ren's gift! ", "", chat.GiftBatch, {"gift_count": 1, "bonus_count": 0},
     {"user_id": VALORANT}),
    ("Mila_ is continuing the Gift Sub they got from Ren! ", "", chat.GiftUpgrade,
     {"gifter_name": "Ren", "gifter_login": "ren", "anonymous": False}, {}),
    ("Mila_ is continuing the Gift Sub they got from an anonymous user! ", "", chat.GiftUpgrade,
     {"gifter_name": "", "anonymous": True}, {}),
    ("Mila_ is paying forward the Gift they got from an anonymous gifter to the community! ", "", chat.PayForward,
     {"anonymous": True, "gifter_name": "", "recipient_name": ""}, {}),
    ("Mila_ is paying forward the Gift they got from Ren to the community! ", "", chat.PayForward,
     {"anonymous": False, "gifter_login": "ren", "recipient_name": ""}, {}),
    ("Mila_ is paying forward the Gift they got from Ren to Ada! ", "", chat.PayForward,
     {"gifter_name": "Ren", "recipient_name": "Ada", "recipient_login": "ada"}, {}),
    ("5180 raiders from Mila_ have joined! ", "", chat.Raid, {"viewers": 5180}, {}),
    ("1 raiders from mila_ have joined!", "", chat.Raid, {"viewers": 1}, {}),
    ("bits badge tier notification ", "", chat.BitsBadge, {"threshold": 1000}, {}),
    ("bits badge tier notification", "", chat.BitsBadge, {"threshold": 0}, {"badges": "subscriber/3"}),
    (f"{WATCHED} ", "", chat.WatchStreak, {"category": "watch-streak", "amount": 7}, {}),
    (f"{WATCHED} ", WAVE, chat.WatchStreak, {"amount": 7}, {}),
    (WATCHED.replace(" this month", "") + " ", "me too!", chat.WatchStreak, {"amount": 7}, {}),
    ("Mila_: Donated USD 20 to support Boats for the Blind, Inc. ", "", chat.Donation,
     {"currency": "USD", "amount": 20, "exponent": 0, "charity": "Boats for the Blind, Inc."}, {}),
    ("Mila_: Donated EUR 1,234.50 to support Harbour Seals ", "", chat.Donation,
     {"currency": "EUR", "amount": 123_450, "exponent": 2, "charity": "Harbour Seals"}, {}),
    ("Combo started! You have 45s left to join. ", "",
     chat.ComboState, {"stage": "started", "ms_remaining": 45_000}, {}),
    ("Mila_'s community sent 12 Hearts! ", "", chat.ComboState, {"stage": "expired"}, {}),
]  # fmt: skip


def test_there_are_47_cases_of_all_kinds() -> None:
    assert len(CASES) == 47
    assert len({event for _, _, event, _, _ in CASES}) == 12


@pytest.mark.parametrize(("sentence", "words", "event", "fields", "who"), CASES)
def test_a_sentence_of_twitch_is_the_notice_it_announces(
    sentence: str, words: str, event: type, fields: dict[str, Any], who: dict[str, Any]
) -> None:
    said = comment(sentence + words, **who)

    notice = infer(said)

    assert type(notice) is event
    assert isinstance(notice, Notice)
    assert {name: getattr(notice, name) for name in fields} == fields
    assert (notice.system_text, notice.text, notice.inferred) == (sentence.rstrip(), words, True)
    kept = ("id", "channel", "ts_us", "time_kind", "precision_us", "source", "video_id", "user_id", "user_login", "raw")
    assert {name: getattr(notice, name) for name in kept} == {name: getattr(said, name) for name in kept}


@pytest.mark.parametrize(("sentence", "words", "event", "fields", "who"), CASES)
def test_a_stripped_space_and_signs_before_names_are_fine(
    sentence: str, words: str, event: type, fields: dict[str, Any], who: dict[str, Any]
) -> None:
    marked = sentence.replace("Mila_", "@Mila_").replace("Ren", "@Ren").replace("mila_", "@mila_")

    notice = infer(comment((marked + words).rstrip(), **who))

    assert type(notice) is event
    assert {name: getattr(notice, name) for name in fields} == fields
    assert notice.text == words  # type: ignore[union-attr]  # every notice has a text


@pytest.mark.parametrize("sentence", [sentence for sentence, _, _, _, _ in CASES if "ila_" in sentence])
def test_a_user_who_types_the_sentence_of_another_is_not_believed(sentence: str) -> None:
    typed = comment(sentence, user_login="ren", user_name="Ren")

    assert infer(typed) is typed


@pytest.mark.parametrize("sentence", [s for s, _, _, _, _ in CASES if s.startswith(("An anonymous", "We added"))])
@pytest.mark.parametrize("who", [{}, {"user_id": "", "user_login": "mila_"}, {"user_id": "44", "user_login": "twitch"}])
def test_a_user_who_types_a_sentence_without_a_giver_is_not_believed(sentence: str, who: dict[str, Any]) -> None:
    typed = comment(sentence, **who)

    assert infer(typed) is typed


def test_each_account_of_twitch_says_only_its_own_sentences() -> None:
    gift, added = "An anonymous user gifted a Tier 1 sub to Ren!  ", "We added 1 Gift Subs to Ren's gift! "

    assert isinstance(infer(comment(gift, user_id=VALORANT)), ChatMessage)
    assert isinstance(infer(comment(added, user_id=ANONYMOUS)), ChatMessage)


@pytest.mark.parametrize(
    "text",
    [
        "", "Hi", "Mila_", "Mila_ waves", "Mila_subscribed at Tier 1. ", "Mila_ subscribed at Tier 4. ",
        "Mila_ subscribed at Tier 1", "Mila_ subscribed at Tier 1.5 million", "so Mila_ subscribed at Tier 1. ",
        "Mila_ converted from a Prime sub to a Gold sub! ", "Mila_ gifted a Tier 1 sub to Ren",
        "bits badge tier notification is ugly", "Combo started! You have 45s left to join. me too",
        "many raiders from Mila_ have joined! ", "12 raiders from Mila_ have joined!!",
        "9999999999 raiders from Mila_ have joined! ", "١٢ raiders from Mila_ have joined! ",
        "Mila_: Donated a lot to support Seals ", "Mila_ watched 7 streams", "An anonymous user waves",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_sentence_stays_a_message(text: str) -> None:
    said = comment(text)

    assert infer(said) is said


@pytest.mark.parametrize("fields", [{"action": True}, {"reply_to": "c-0"}])
def test_an_action_or_an_answer_is_never_twitchs(fields: dict[str, Any]) -> None:
    said = comment(f"{SUB} ", **fields)

    assert infer(said) is said


def test_the_commenters_name_may_be_the_display_name_or_the_login_in_any_case() -> None:
    said = comment("夜の猫 subscribed at Tier 1. ", user_name="夜の猫")

    assert isinstance(infer(said), chat.Subscription)
    assert isinstance(infer(replace(said, text="MILA_ subscribed at Tier 1. ")), chat.Subscription)


def test_emotes_of_the_users_words_do_not_disturb() -> None:
    said = comment(f"{SUB} Kappa", emotes=(EmoteSpan("25", "Kappa", 28, 32),))

    notice = infer(said)

    assert isinstance(notice, chat.Subscription)
    assert notice.text == "Kappa"


@given(st.lists(st.sampled_from([*(word for case in CASES for word in case[0].split(" ")), "@", "!", " ", "\n"])))
def test_no_comment_raises_and_its_words_are_never_lost(words: list[str]) -> None:
    said = comment(" ".join(words))

    notice = infer(said)

    assert said.text.endswith(notice.text)  # type: ignore[union-attr]  # a message or a notice
    assert notice.raw == said.raw
