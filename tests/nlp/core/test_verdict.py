"""A label is given where the evidence carries it, and withheld where the lexicon's coarseness could turn it round."""

from itertools import product

import pytest

from chatpulse.domain.scores import Label
from chatpulse.nlp.core.verdict import DOUBT_LIMIT, HALF_STEP, UNSURE_WITHIN, decide

STEPS = [tenth / 10 for tenth in range(31)]
DOUBTS = [0.0, 0.3, 0.8, 2.0]


@pytest.mark.parametrize("silent", [0, 1, 10])
@pytest.mark.parametrize("doubt", DOUBTS)
def test_no_label_hangs_on_half_a_step_of_one_token(doubt: float, silent: int) -> None:
    for good, bad in product(STEPS, STEPS):
        verdict = decide((good, bad, doubt, silent))
        moved = [(good + HALF_STEP, bad), (good - HALF_STEP, bad), (good, bad + HALF_STEP), (good, bad - HALF_STEP)]
        others = {decide((max(0.0, up), max(0.0, down), doubt, silent)).best for up, down in moved}

        assert verdict.label is Label.UNSURE or others == {verdict.label}, (good, bad)


def test_a_larger_lead_than_that_is_a_label() -> None:
    leads = {decide((good, 0.0, 0.0, 0)) for good in STEPS}

    assert [verdict.label is Label.UNSURE for verdict in leads] == [v.confidence < UNSURE_WITHIN for v in leads]
    assert {verdict.label for verdict in leads} == {Label.NEUTRAL, Label.POSITIVE, Label.UNSURE}


@pytest.mark.parametrize(
    ("sums", "label", "best"),
    [
        pytest.param((0.0, 0.0, 0.0, 0), Label.NEUTRAL, Label.NEUTRAL, id="nothing said"),
        pytest.param((1.0, 0.0, 0.0, 0), Label.POSITIVE, Label.POSITIVE, id="mildly good"),
        pytest.param((0.0, 1.0, 0.0, 0), Label.NEGATIVE, Label.NEGATIVE, id="mildly bad"),
        pytest.param((1.0, 0.0, 0.0, 10), Label.NEUTRAL, Label.NEUTRAL, id="mildly good in a long text"),
        pytest.param((0.8, 0.0, 0.0, 0), Label.UNSURE, Label.POSITIVE, id="hardly good"),
        pytest.param((2.0, 1.3, 0.0, 0), Label.UNSURE, Label.POSITIVE, id="torn"),
        pytest.param((2.0, 1.1, 0.0, 0), Label.POSITIVE, Label.POSITIVE, id="good with a little bad"),
        pytest.param((0.7, 0.6, 0.0, 0), Label.UNSURE, Label.NEUTRAL, id="nothing likely enough"),
        pytest.param((0.0, 0.0, 2.0, 0), Label.UNSURE, Label.NEUTRAL, id="doubt"),
        pytest.param((900.0, 0.0, 0.0, 0), Label.POSITIVE, Label.POSITIVE, id="good without end"),
    ],
)
def test_the_label_follows_the_evidence(sums: tuple[float, float, float, int], label: Label, best: Label) -> None:
    verdict = decide(sums)

    assert (verdict.label, verdict.best) == (label, best)


def test_doubt_has_an_end() -> None:
    assert decide((1.0, 0.0, DOUBT_LIMIT, 0)) == decide((1.0, 0.0, 50.0, 0))
