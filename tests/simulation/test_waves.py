"""Of all that the crowd says, only the copypasta that was planted is found to be copypasta."""

from collections import defaultdict

import pytest

from chatpulse.domain.chat import ChatMessage, Source
from chatpulse.domain.live import WaveLine
from chatpulse.nlp.core.normalise import normalise
from chatpulse.nlp.core.waves import WaveDetector
from chatpulse.simulation.core.crowd import Crowd
from chatpulse.simulation.core.moments import Moment, MomentKind
from chatpulse.twitch.core.irc import LineParser

START_US = 1_750_000_000_000_000
MINUTES = 8


def messages_of(crowd: Crowd) -> list[ChatMessage]:
    parser = LineParser(Source.LIVE)
    events = (parser.parse(line.line.encode(), received_us=START_US) for line in crowd.lines())
    return [event for event in events if isinstance(event, ChatMessage)]


def waves_in(crowd: Crowd) -> dict[str, list[WaveLine]]:
    """The waves that are found in each channel, as they stood in the end."""
    detectors = {channel: WaveDetector() for channel in crowd.channels}
    found: dict[str, dict[tuple[str, int], WaveLine]] = defaultdict(dict)
    for message in messages_of(crowd):
        key = normalise(message.text, message.emotes, bits=message.bits).wave_key
        wave = detectors[message.channel].see(key, message.text, user=message.user_id, ts_us=message.ts_us)
        if wave is not None:
            found[message.channel][wave.key, wave.started_us] = wave
    return {channel: list(found[channel].values()) for channel in crowd.channels}


def moment_of(wave: WaveLine, moments: list[Moment]) -> Moment | None:
    start_s, end_s = ((at_us - START_US) / 1e6 for at_us in (wave.started_us, wave.last_us))
    return next((moment for moment in moments if moment.start_s <= start_s and end_s <= moment.end_s), None)


@pytest.mark.parametrize(
    ("seed", "rate"),
    [
        *((seed, 1.0) for seed in (1, 2, 3)),
        *(pytest.param(seed, 1.0, marks=pytest.mark.slow) for seed in range(4, 12)),
        *(pytest.param(seed, 3.0, marks=pytest.mark.slow) for seed in range(1, 5)),
    ],
)
def test_each_wave_that_was_planted_is_found_and_nothing_else(seed: int, rate: float) -> None:
    crowd = Crowd(seed, start_us=START_US, duration_s=60 * MINUTES, rate=rate)
    found = waves_in(crowd)

    assert set(crowd.channels) == {"quillsprint", "mossandkiln", "voltarena"}
    for channel in crowd.channels:
        truth = crowd.truth.of(channel)
        planted = [moment for moment in truth.moments if moment.kind is MomentKind.WAVE]
        assert [moment_of(wave, planted) for wave in found[channel]] == planted
        assert {wave.key for wave in found[channel]} == {normalise(text).wave_key for text in truth.waves}


def test_nearly_all_copies_of_a_wave_are_counted_and_all_who_sent_them() -> None:
    crowd = Crowd(2, start_us=START_US, duration_s=120)

    (wave,) = waves_in(crowd)["voltarena"]

    (planted,) = crowd.truth.of("voltarena").waves.values()
    assert (wave.count, wave.users) == (planted.copies, len(planted.users))
