import datetime as dt
from decimal import Decimal

import msgspec
import pytest

from chatpulse.lake.core.values import plain

HOUR = dt.timezone(dt.timedelta(hours=1))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(None, None, id="null"),
        pytest.param(True, True, id="flag"),
        pytest.param(2**60, 2**60, id="whole number"),
        pytest.param(0.25, 0.25, id="fraction"),
        pytest.param(float("nan"), None, id="nan"),
        pytest.param(float("-inf"), None, id="infinity"),
        pytest.param(Decimal(2**127 - 1), 2**127 - 1, id="huge number"),
        pytest.param(Decimal("1.50"), 1.5, id="decimal"),
        pytest.param(Decimal("NaN"), None, id="decimal nan"),
        pytest.param(dt.datetime(2026, 9, 21, 14, tzinfo=dt.UTC), "2026-09-21T14:00:00Z", id="instant"),
        pytest.param(dt.datetime(2026, 9, 21, 14, tzinfo=HOUR), "2026-09-21T14:00:00+01:00", id="instant elsewhere"),
        pytest.param(dt.date(2026, 9, 21), "2026-09-21", id="day"),
        pytest.param(dt.time(14, 30), "14:30:00", id="time of day"),
        pytest.param(b"\xff\x00", "/wA=", id="bytes"),
        pytest.param([{"at": dt.date(2026, 9, 21)}, (1, b"")], [{"at": "2026-09-21"}, [1, ""]], id="nested"),
        pytest.param({1: float("inf")}, {"1": None}, id="keys"),
        pytest.param(dt.timedelta(seconds=90), "0:01:30", id="anything else"),
    ],
)
def test_every_value_has_a_place_in_json(value: object, expected: object) -> None:
    found = plain(value)

    assert found == expected
    assert msgspec.json.decode(msgspec.json.encode(found)) == expected
