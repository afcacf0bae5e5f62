"""Remember what a function said, at the price of one look-up in a dictionary.

`functools.lru_cache` keeps its entries in order at every look-up, which costs as much again as the look-up itself, and
a score asks twice per word. Here entries have two generations instead: new ones and those in use are in the younger;
when it is full it becomes the older one, and what nobody has asked for since is gone with the last. An answer that
takes too much room is given and not kept. Threads may share one: at worst they ask twice.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

V = TypeVar("V")


class Remembered(dict[str, V], Generic[V]):
    """What `ask` says, by what it was asked: `remembered[key]` is `ask(key)`, for at most `most` keys at a time."""

    def __init__(self, ask: Callable[[str], V], *, most: int, keeps: Callable[[str, V], bool] | None = None) -> None:
        """Begin with nothing.

        Args:
            ask: what is asked when the answer is not known.
            most: keys kept at a time.
            keeps: whether a question and its answer are small enough to be kept; None for all.
        """
        super().__init__()
        self._ask = ask
        self._keeps = keeps
        self._young = most // 2
        self._older: dict[str, V] = {}

    def __missing__(self, key: str) -> V:
        """Answer what the younger generation does not know."""
        older = self._older
        value = older[key] if key in older else self._ask(key)
        if self._keeps is not None and not self._keeps(key, value):
            return value
        if len(self) >= self._young:
            self._older = self.copy()
            self.clear()
        self[key] = value
        return value
