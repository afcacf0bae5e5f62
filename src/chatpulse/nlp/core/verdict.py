"""Turn sums of evidence into three probabilities and a word for them, or into "unsure".

Evidence for each side and neutral's head start are logits; a softmax makes probabilities of them. The largest is the
best guess. It becomes the label unless the message speaks both ways, no side is likely enough, or the lead is so small
that the lexicon's own coarseness could turn it round.
"""

from functools import lru_cache
from math import exp, tanh

import msgspec

from chatpulse.domain.scores import Label

SCALE = 1.6
"""Logits per unit of valence: a clear judgement (2) alone is believed to about 85 %."""
NEUTRAL = 1.2
"""Neutral's head start in logits: at SCALE, evidence under .75 stays neutral."""
NEUTRAL_PER_WORD = 0.06
NEUTRAL_WORDS = 10
"""Neutral gains for each word that says nothing, up to this many."""
DOUBT = 0.4
"""Logits that one unit of doubt moves from neutral to both sides..."""
DOUBT_DAMPING = 0.6
"""...and how much it holds back the evidence beside it."""
EVIDENCE_LIMIT = 4.0
DOUBT_LIMIT = 1.25
"""Doubt alone never outweighs neutral."""
UNSURE_BELOW = 0.45
"""No label on less than this."""
HALF_STEP = 0.1
"""Half of a usual step between two values of the lexicon: its authors cannot tell a finer difference..."""
UNSURE_WITHIN = tanh(SCALE * HALF_STEP / 2.0)
"""...so no label hangs on one. A half step moves one token's logit by SCALE * HALF_STEP, and of two sides so far apart
the first leads by at most this (.08). Why, and at what cost: docs/decisions/0007-call-near-ties-unsure.md."""
CONFLICT = 0.6
"""Unsure when the weaker side has this share of the stronger and both would carry a verdict alone."""


class Verdict(msgspec.Struct, frozen=True, gc=False):
    """What the sums of evidence come to."""

    negative: float
    neutral: float
    positive: float
    label: Label
    best: Label
    confidence: float


# Most messages hold one or two tokens of the lexicon, so the same sums come again and again.
@lru_cache(maxsize=8_192)
def decide(sums: tuple[float, float, float, int]) -> Verdict:
    """Make probabilities of the evidence for both sides, the doubt, and the number of words that say nothing."""
    good, bad, doubt, silent = sums
    doubt = min(doubt, DOUBT_LIMIT)
    trust = 1.0 / (1.0 + DOUBT_DAMPING * doubt)
    good, bad = min(good * trust, EVIDENCE_LIMIT), min(bad * trust, EVIDENCE_LIMIT)
    for_good, for_bad = exp(SCALE * good + DOUBT * doubt), exp(SCALE * bad + DOUBT * doubt)
    for_none = exp(NEUTRAL + NEUTRAL_PER_WORD * silent - DOUBT * doubt)
    total = for_good + for_bad + for_none
    side, best = (for_good, Label.POSITIVE) if for_good > for_bad else (for_bad, Label.NEGATIVE)
    second = max(min(for_good, for_bad), for_none)
    if side <= for_none:
        side, best, second = for_none, Label.NEUTRAL, max(for_good, for_bad)
    lead = max(0.0, side - second) / total
    torn = min(good, bad) > max(CONFLICT * max(good, bad), NEUTRAL / SCALE)
    label = Label.UNSURE if torn or side < UNSURE_BELOW * total or lead < UNSURE_WITHIN else best
    return Verdict(for_bad / total, for_none / total, for_good / total, label, best, lead)
