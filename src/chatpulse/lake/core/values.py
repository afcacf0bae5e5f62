"""Turn values of a query's answer into values that JSON has."""

import base64
import datetime as dt
import math
from decimal import Decimal


def plain(value: object) -> object:
    """One value: instants as ISO text in UTC, bytes as base64, whole decimals as int, NaN and infinities as None."""
    match value:
        case None | bool() | int() | str():
            return value
        case dict():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case float() | Decimal():
            return _number(value)
        case _:
            return _text(value)


def _number(value: float | Decimal) -> int | float | None:
    if not math.isfinite(value):
        return None
    whole = isinstance(value, Decimal) and value == value.to_integral_value()
    return int(value) if whole else float(value)


def _text(value: object) -> str:
    match value:
        case dt.datetime():
            return value.isoformat().replace("+00:00", "Z")
        case dt.date() | dt.time():
            return value.isoformat()
        case bytes():
            return base64.b64encode(value).decode("ascii")
        case _:
            return str(value)
