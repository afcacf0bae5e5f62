"""How often would a label be another one if every judgement of the lexicon were off by up to half a step?

Counted: messages in which the lexicon finds something, by the lead of the largest probability over the second, and how
many of them change their best guess when each valence of the lexicon is redrawn within HALF_STEP of what it is; the
share of all messages that is unsure, with the rule that a lead under UNSURE_WITHIN is no label and without it.
Chat is the simulated crowd's, or the lines of a file: `--texts FILE`. Not timed. Floor: no label changes.
Last line of stdout: one JSON object with every figure printed above it.
"""

import argparse
import dataclasses
import json
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TypeVar

from chatpulse.domain.chat import ChatMessage, Source
from chatpulse.domain.scores import Flag, Label, Score
from chatpulse.nlp.core.lexicon import Entry, Lexicon, load_lexicon
from chatpulse.nlp.core.linear import LinearModel
from chatpulse.nlp.core.normalise import Normalised, normalise
from chatpulse.nlp.core.verdict import HALF_STEP, UNSURE_WITHIN
from chatpulse.simulation.core.crowd import Crowd
from chatpulse.twitch.core.irc import LineParser

MESSAGES = 40_000
DRAWINGS = 12
SEED = 100
K = TypeVar("K")
EDGES = (0.0, 0.02, 0.04, 0.06, 0.08, 0.1, 0.15, 1.01)


def crowd_texts() -> list[Normalised]:
    """An evening of invented chat."""
    parser = LineParser(Source.REPLAY)
    lines = (parser.parse(line.line.encode(), received_us=0) for line in Crowd(SEED, start_us=1).lines())
    said = islice((event for event in lines if isinstance(event, ChatMessage)), MESSAGES)
    return [normalise(message.text, message.emotes, bits=message.bits) for message in said]


def redraw(lexicon: Lexicon, rng: random.Random) -> Lexicon:
    """The same lexicon by an author of another mood."""

    def part(entries: Mapping[K, Entry]) -> dict[K, Entry]:
        return {
            name: dataclasses.replace(entry, valence=entry.valence + rng.uniform(-HALF_STEP, HALF_STEP))
            if entry.valence
            else entry
            for name, entry in entries.items()
        }

    parts = {field.name: part(getattr(lexicon, field.name)) for field in dataclasses.fields(lexicon)}
    return dataclasses.replace(lexicon, **parts)


def score_all(lexicon: Lexicon, texts: Sequence[Normalised]) -> list[Score]:
    """The scores by one lexicon."""
    model = LinearModel(lexicon)
    return [model.score(text) for text in texts]


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--texts", type=Path, help="one message per line, instead of the simulated crowd")
    path = parser.parse_args().texts
    texts = crowd_texts() if path is None else [normalise(line) for line in path.read_text("utf-8").splitlines()]
    base = score_all(load_lexicon(), texts)
    speaking = [place for place, score in enumerate(base) if score.tokens]
    held, changed = Counter[float](), Counter[float]()
    for drawing in range(DRAWINGS):
        other = score_all(redraw(load_lexicon(), random.Random(SEED + drawing)), texts)  # noqa: S311
        for place in speaking:
            edge = max(edge for edge in EDGES if edge <= base[place].confidence)
            held[edge] += 1
            changed[edge] += other[place].best is not base[place].best
    judged = [score for score in base if Flag.COMMAND not in score.flags]
    near = sum(score.label is Label.UNSURE and 0 < score.confidence < UNSURE_WITHIN for score in judged)
    unsure = sum(score.label is Label.UNSURE for score in base)
    figures: dict[str, object] = {
        "messages": len(texts),
        "speaking": round(len(speaking) / len(texts), 4),
        "unsure": round(unsure / len(texts), 4),
        "unsure_within": round(UNSURE_WITHIN, 4),
        "near_ties": round(near / len(texts), 4),
        "changed_by_lead": {str(edge): round(changed[edge] / held[edge], 4) for edge in EDGES if held[edge]},
        "share_by_lead": {str(edge): round(held[edge] / DRAWINGS / len(texts), 4) for edge in EDGES if held[edge]},
    }
    for name, value in figures.items():
        print(f"{name:>16}  {value}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
