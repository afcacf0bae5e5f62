"""How many chat messages per second does the default scorer score on one CPU core, normaliser and flags included?

Timed: `ChatScorer.score` in batches of 100 over invented chat of the simulated crowd (native emotes, mentions, waves
and repeats as it makes them), with the cache of recent texts and without it; the two halves, `normalise` and
`LinearScorer.score`, alone; single messages for percentiles. Every scorer has seen another evening of the same
channels first, as one that has run for a while, and nothing of this one: what earlier runs have read is forgotten.
"mixed" is the same chat with repeats dropped until 30 % are left.
Not timed: making and parsing the lines.
Ceiling: the same texts through `str.split` and one dictionary look-up per word. Goal: 100,000 messages/s.
Last line of stdout: one JSON object with every figure printed above it.
"""

import json
import os
import platform
import statistics
import time
from collections.abc import Callable
from itertools import islice

from chatpulse.domain.chat import ChatMessage, Source
from chatpulse.nlp.backends.linear import LinearScorer
from chatpulse.nlp.core import normalise as normaliser
from chatpulse.nlp.core.normalise import normalise
from chatpulse.nlp.score import CACHED_TEXTS, ChatScorer
from chatpulse.simulation.core.crowd import Crowd
from chatpulse.twitch.core.irc import LineParser

MESSAGES = 50_000
BATCH = 100
RUNS = 7
MIXED_SHARE = 0.3
START_US = 1_700_000_000_000_000


def make_messages(seed: int) -> list[ChatMessage]:
    """An evening of invented chat."""
    parser = LineParser(Source.REPLAY)
    lines = (parser.parse(line.line.encode(), received_us=0) for line in Crowd(seed, start_us=START_US).lines())
    return list(islice((event for event in lines if isinstance(event, ChatMessage)), MESSAGES))


def share_repeated(messages: list[ChatMessage]) -> float:
    """Share of messages whose text is among the last `CACHED_TEXTS` different ones."""
    recent: dict[str, None] = {}
    hits = 0
    for message in messages:
        hits += message.text in recent
        recent.pop(message.text, None)
        recent[message.text] = None
        if len(recent) > CACHED_TEXTS:
            del recent[next(iter(recent))]
    return hits / len(messages)


def drop_repeats(messages: list[ChatMessage], *, share: float) -> list[ChatMessage]:
    """The messages in order, with only so many repeats kept that they are `share` of the rest."""
    kept: list[ChatMessage] = []
    seen: set[str] = set()
    repeats = 0
    for message in messages:
        if message.text not in seen:
            seen.add(message.text)
        elif repeats < share * len(kept):
            repeats += 1
        else:
            continue
        kept.append(message)
    return kept


def make_parts(
    messages: list[ChatMessage], mixed: list[ChatMessage], earlier: list[ChatMessage]
) -> dict[str, Callable[[], Callable[[], object]]]:
    """What is timed, by name: each prepares itself and hands back the part that counts."""
    scorer = LinearScorer()
    texts = [normalise(message.text, message.emotes, bits=message.bits) for message in messages]
    spoken = {message.text for message in messages}
    known: dict[str, int] = {}

    def chat(said: list[ChatMessage], cached_texts: int) -> Callable[[], object]:
        chat_scorer = ChatScorer(LinearScorer(), cached_texts=cached_texts)
        warm_up(chat_scorer)
        return lambda: run_batches(chat_scorer, said)

    def warm_up(chat_scorer: ChatScorer) -> None:
        forget()
        run_batches(chat_scorer, [m for m in earlier if m.text not in spoken])

    def read_alone() -> Callable[[], object]:
        warm_up(ChatScorer(scorer))
        return lambda: [normalise(m.text, m.emotes, bits=m.bits).words for m in messages]

    return {
        "warm": lambda: chat(messages, CACHED_TEXTS),
        "mixed": lambda: chat(mixed, CACHED_TEXTS),
        "cold": lambda: chat(messages, 0),
        "normalise": read_alone,
        "linear": lambda: lambda: [scorer.score(texts[at : at + BATCH]) for at in range(0, len(texts), BATCH)] and None,
        "ceiling": lambda: lambda: [known.get(word) for message in messages for word in message.text.split()] and None,
    }


def forget() -> None:
    """Empty the memory of pieces, which all scorers of a process share."""
    normaliser._pieces.clear()  # noqa: SLF001
    normaliser._pieces._older.clear()  # noqa: SLF001


def run_batches(scorer: ChatScorer, messages: list[ChatMessage]) -> None:
    """Score everything in batches, keeping nothing."""
    for at in range(0, len(messages), BATCH):
        scorer.score(messages[at : at + BATCH])


def time_single(messages: list[ChatMessage], earlier: list[ChatMessage]) -> dict[str, float]:
    """Wall time of one message at a time, in microseconds."""
    scorer = ChatScorer(LinearScorer())
    forget()
    run_batches(scorer, earlier)
    spent: list[int] = []
    for message in messages:
        before = time.perf_counter_ns()
        scorer.score((message,))
        spent.append(time.perf_counter_ns() - before)
    cuts = statistics.quantiles(spent, n=1_000)
    return {"single_p50_us": cuts[499] / 1e3, "single_p99_us": cuts[989] / 1e3, "single_p999_us": cuts[998] / 1e3}


def main() -> None:
    """Print the figures."""
    messages, earlier = make_messages(2), make_messages(1)
    mixed = drop_repeats(messages, share=MIXED_SHARE)
    parts = make_parts(messages, mixed, earlier)
    runs: dict[str, list[float]] = {name: [] for name in parts}
    for _ in range(RUNS):
        for name, prepare in parts.items():
            part = prepare()
            before = time.process_time()
            part()
            runs[name].append((len(mixed) if name == "mixed" else MESSAGES) / (time.process_time() - before))
    # The best run is the one that other programs disturbed least; the median stands beside it.
    figures: dict[str, float | str] = {f"{name}_per_s": round(max(speeds)) for name, speeds in runs.items()}
    figures |= {f"{name}_median_per_s": round(statistics.median(speeds)) for name, speeds in runs.items()}
    figures |= {name: round(value, 1) for name, value in time_single(messages, earlier).items()}
    words = sum(len(message.text.split()) for message in messages)
    figures |= {"words_per_message": round(words / MESSAGES, 2), "repeated": round(share_repeated(messages), 3)}
    figures |= {"scorer": LinearScorer.version, "python": platform.python_version(), "cpus": os.cpu_count() or 0}
    for name, value in figures.items():
        print(f"{name:>22}  {value:,}" if isinstance(value, int | float) else f"{name:>22}  {value}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
