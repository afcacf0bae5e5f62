"""`chatpulse score`: what the default scorer says about texts."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from chatpulse.cli import options
from chatpulse.cli.output import print_facts, printable
from chatpulse.errors import InputError

if TYPE_CHECKING:
    from chatpulse.domain.scores import Score
    from chatpulse.settings import Settings


class TokenShare(msgspec.Struct, frozen=True):
    """A token and its share of the valence."""

    token: str
    weight: float


class ScoreLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of `chatpulse score --json`."""

    text: str
    valence: float
    negative: float
    neutral: float
    positive: float
    label: str
    best: str
    reactions: list[str]
    flags: list[str]
    confidence: float
    tokens: list[TokenShare]
    scorer: str


@options.configured()
def score(
    texts: Annotated[list[str] | None, typer.Argument(metavar="TEXT...", show_default=False)] = None,
    *,
    settings: "Settings",
    explain: Annotated[bool, typer.Option("--explain", help="Show the tokens that decided.")] = False,
    json: options.Json = False,
) -> None:
    """Score chat messages: valence, reactions, flags. Without TEXT it reads one message per line from standard input.

    Examples: chatpulse score "that was insane POGGERS" --explain

    chatpulse score --json < messages.txt
    """
    from chatpulse.pipelines.wiring import default_scorer

    del settings  # there is one scorer
    scorer = default_scorer()
    name = f"{scorer.name} {scorer.version}"
    for text in map(_clean, texts) if texts else _lines():
        scored = scorer.score_text(text).score
        if json:
            line = ScoreLine(
                text=text,
                valence=scored.valence,
                negative=scored.negative,
                neutral=scored.neutral,
                positive=scored.positive,
                label=scored.label,
                best=scored.best,
                reactions=list(scored.reactions),
                flags=list(scored.flags),
                confidence=scored.confidence,
                tokens=[TokenShare(token, weight) for token, weight in scored.tokens],
                scorer=name,
            )
            sys.stdout.buffer.write(msgspec.json.encode(line) + b"\n")
        elif explain:
            _explain(text, scored)
        else:
            reactions = " ".join([*scored.reactions, *(f"[{flag}]" for flag in scored.flags)])
            print(f"{scored.valence:+.2f}  {scored.label:<8}  {reactions:<24}  {printable(text)}")


def _lines() -> Iterator[str]:
    if sys.stdin.isatty():
        raise InputError('no text to score: give some (chatpulse score "gg wp") or pipe lines in')
    for raw in sys.stdin.buffer:
        yield raw.decode("utf-8", errors="replace").rstrip("\r\n")


def _clean(argument: str) -> str:
    """An argument as it would come from standard input: Python hides undecodable bytes of arguments in surrogates."""
    return argument.encode("utf-8", errors="surrogateescape").decode("utf-8", errors="replace")


def _explain(text: str, scored: "Score") -> None:
    print(printable(text))
    print_facts({
        "  label": f"{scored.label} (best {scored.best}, confidence {scored.confidence:.2f})",
        "  valence": f"{scored.valence:+.2f}",
        "  chances": f"negative {scored.negative:.2f}  neutral {scored.neutral:.2f}  positive {scored.positive:.2f}",
        "  reactions": " ".join(scored.reactions) or "none",
        "  flags": " ".join(scored.flags) or "none",
        "  because": ", ".join(f"{token} {weight:+.2f}" for token, weight in scored.tokens) or "no token it knows",
    })
