"""What a page or a terminal may ask of running or stored chat, whoever owns it."""

from typing import Protocol

from chatpulse.domain.live import ChannelLine, Frame, Health


class LiveState(Protocol):
    """The latest picture of all channels; every call is cheap and may come from any thread."""

    def channels(self) -> tuple[ChannelLine, ...]:
        """The channels there are; their order may change."""

    def frame(self, channel: str, *, after: int) -> Frame:
        """What changed in a channel since frame number `after`; everything, capped, for 0.

        `seconds`, `messages`, `feed` and `deleted` hold what is new; all other fields hold what is true now, empty
        where there is nothing. A channel without chat, the empty name included, gives a frame without chat.
        """

    def health(self) -> Health:
        """Whether everything that is said arrives and is kept, and if not, why."""

    def totals(self) -> dict[str, int]:
        """Lines per bucket so far, and `lines`, `stored`, `scored`."""
