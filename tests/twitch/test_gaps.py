from chatpulse.domain.chat import Gap
from chatpulse.twitch.core.gaps import GapBook


def test_a_gap_lasts_from_the_first_loss_to_the_next_join() -> None:
    book = GapBook()

    book.lose(["reef", "bay"], since_us=10, reason="cut")
    book.lose(["reef"], since_us=15, reason="refused")

    assert book.hear(["reef"], now_us=30) == [Gap(channel="reef", from_us=10, to_us=30, reason="cut")]
    assert book.hear(["reef"], now_us=31) == []
    assert book.end(now_us=40) == [Gap(channel="bay", from_us=10, to_us=40, reason="cut")]
    assert book.end(now_us=41) == []


def test_joining_for_the_first_time_ends_no_gap() -> None:
    assert GapBook().hear(["reef"], now_us=30) == []


def test_a_clock_that_was_set_back_makes_no_negative_gap() -> None:
    book = GapBook()
    book.lose(["reef"], since_us=50, reason="cut")

    [gap] = book.hear(["reef"], now_us=20)

    assert (gap.from_us, gap.to_us) == (50, 50)
