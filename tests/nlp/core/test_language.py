"""Other languages are noticed; English with foreign-looking words is left alone."""

import pytest

from chatpulse.domain.scores import Flag
from chatpulse.nlp.core.normalise import normalise


@pytest.mark.parametrize(
    "text",
    [
        "hola a todos como estan, que tal el juego",
        "das ist nicht so gut wie ich dachte",
        "je ne sais pas pourquoi il joue comme ça",
        "não sei o que ele está fazendo agora",
        "это очень хорошо",
        "مرحبا كيف حالك",
        "오늘 방송 재밌다",
        "今天好好玩",
        "это",
    ],
)
def test_other_languages_are_unsupported(text: str) -> None:
    assert Flag.UNSUPPORTED in normalise(text).flags


@pytest.mark.parametrize(
    "text",
    [
        "KEKW KEKW OMEGALUL PogChamp LUL LUL",
        "plumHype plumDas plumIst plumNicht",
        "hola chat",
        "hola gracias",
        "gracias big dude",
        "hola que is it",
        "это очень but nearly all of it is english",
        "he said hola and left",
        "que?",
        "die in a fire, son of a bug, an ad is on",
        "pour me one more and come per train",
        "он",
        "naïve café vibes",
        "lol \uff2c\uff2f\uff2c ❤️❤️",
    ],
)
def test_english_emotes_and_short_texts_are_not(text: str) -> None:
    assert Flag.UNSUPPORTED not in normalise(text).flags
