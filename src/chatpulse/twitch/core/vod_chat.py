"""Decide which pages of a recording's chat to ask for next, and what each answer means, without a connection.

A recording is cut into time ranges of equal length that are read side by side, each page by page: the first by its
place in the video, each further one by the cursor of the page before. A range is read when a page reaches into the next
one, the last when the server says that there is no next page. The length of the video decides nothing: Twitch may say
0, and chat goes on beyond the end. A comment belongs to the range that its place lies in, so that nothing comes twice.

Where cursors are refused, paging goes on by place: from the whole second of the last comment, what came before left out
by its id. A second with more comments than fit on a page then cannot be read to its end; such seconds are counted.

Too much at once shows as null or as HTTP 429. Then half as many requests may be under way, and one more again after
a while without trouble. Waiting times are drawn by the caller, who has the clock, and chance.
"""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from chatpulse.twitch.core.gql import Comment, Fault, Page, Trouble
from chatpulse.twitch.core.gql_queries import Ask

MIN_RANGE_S = 60
"""Shorter ranges would cost more for their borders than they save."""
CALM_ANSWERS = 10
"""Answers in a row after which one more request may be under way."""
AGREED_S = 30.0
"""Comments that lag by as much, but for this, lag for the same reason."""
MOVED_S = 60.0
"""Less than this nobody notices beside the delay of a stream."""
ZONE_S = 900.0
"""The step of time zones."""
FINAL = frozenset({Trouble.GONE, Trouble.RESTRICTED, Trouble.REFUSED})


@dataclass(slots=True, kw_only=True)
class Part:
    """One time range of a video, and how far it is read: all that has to be kept to go on later."""

    number: int
    start_s: int
    end_s: int | None
    """Where the next range begins; None for the last, which has no end."""
    offset_s: int
    """Place of the last comment read."""
    cursor: str = ""
    pages: int = 0
    comments: int = 0
    cut_seconds: int = 0
    """Seconds that had more comments than could be reached by place."""
    done: bool = False


def split_video(length_s: int, count: int) -> list[Part]:
    """Cut a video into ranges of equal length; one of unknown length, or a short one, into fewer than asked for."""
    count = max(1, min(count, length_s // MIN_RANGE_S))
    starts = [length_s * number // count for number in range(count)]
    ends: list[int | None] = [*starts[1:], None]
    return [
        Part(number=number, start_s=start_s, end_s=end_s, offset_s=start_s)
        for number, (start_s, end_s) in enumerate(zip(starts, ends, strict=True))
    ]


@dataclass(slots=True)
class _Course:
    """A range while it is being read."""

    part: Part
    seen: set[str]
    """Keys of its comments so far."""
    asking: bool = False
    failures: int = 0
    """In a row."""
    rest_until_s: float = 0.0


@dataclass(slots=True, kw_only=True)
class ChatPager:
    """The conversation about one video's chat."""

    video_id: str
    parts: Sequence[Part]
    parallel: int
    """Most requests under way."""
    attempts: int
    """Failures in a row that one page may have."""
    seen: Mapping[int, Iterable[str]] = field(default_factory=dict)
    """Keys of comments that are there already, by number of their range."""
    allowed: int = 0
    """Requests that may be under way now."""
    requests: int = 0
    retries: int = 0
    """Requests that brought no page."""
    failure: Fault | None = None
    """Why this is going nowhere."""
    by_place: bool = False
    """Cursors are refused."""
    in_full: bool = False
    """The hash of the query is not known any more."""
    _courses: list[_Course] = field(default_factory=list)
    _rest_until_s: float = 0.0
    _calm: int = 0

    def __post_init__(self) -> None:
        """Begin, or go on where the ranges stand."""
        self.allowed = self.parallel
        self._courses = [_Course(part, set(self.seen.get(part.number, ()))) for part in self.parts]

    @property
    def asking(self) -> int:
        """Requests under way."""
        return sum(course.asking for course in self._courses)

    @property
    def finished(self) -> bool:
        """Nothing is left to ask or to wait for."""
        return not self.asking and (self.failure is not None or all(part.done for part in self.parts))

    @property
    def comments(self) -> int:
        """Comments so far, of earlier runs too."""
        return sum(part.comments for part in self.parts)

    @property
    def pages(self) -> int:
        """Pages so far, of earlier runs too."""
        return sum(part.pages for part in self.parts)

    @property
    def cut_seconds(self) -> int:
        """Seconds that may lack comments."""
        return sum(part.cut_seconds for part in self.parts)

    def covered_s(self, length_s: int) -> float:
        """How much of the video is read; of what lies beyond its length nothing counts."""
        covered = 0
        for part in self.parts:
            end_s = max(part.start_s, length_s if part.end_s is None else part.end_s)
            covered += (end_s if part.done else min(max(part.offset_s, part.start_s), end_s)) - part.start_s
        return covered

    def due(self, *, now_s: float) -> list[Ask]:
        """The requests to send now; each is to be answered by `receive` or `fail`."""
        if self.failure is not None or now_s < self._rest_until_s:
            return []
        ready = [
            course
            for course in self._courses
            if not course.asking and not course.part.done and course.rest_until_s <= now_s
        ]
        return [self._ask(course) for course in ready[: max(0, self.allowed - self.asking)]]

    def wait_s(self, *, now_s: float) -> float | None:
        """How long until something is due that is not now; None when an answer has to come first."""
        if self.failure is not None or self.asking >= self.allowed:
            return None
        rests = [course.rest_until_s for course in self._courses if not course.asking and not course.part.done]
        return max(0.0, max(min(rests), self._rest_until_s) - now_s) if rests else None

    def receive(self, ask: Ask, page: Page) -> list[Comment]:
        """Take a page, and hand back what belongs to its range and is new."""
        course = self._courses[ask.part]
        part = course.part
        course.asking, course.failures = False, 0
        self._calm += 1
        if self._calm >= CALM_ANSWERS:
            self._calm, self.allowed = 0, min(self.parallel, self.allowed + 1)
        unseen = 0
        fresh = []
        for comment in page.comments:
            if comment.key not in course.seen:
                course.seen.add(comment.key)
                unseen += 1
                if _lies_in(part, comment.offset_s):
                    fresh.append(comment)
        part.pages += 1
        part.comments += len(fresh)
        _go_on(part, page, stuck=not unseen)
        if part.done:
            course.seen.clear()
        return fresh

    def fail(self, ask: Ask, fault: Fault, *, now_s: float, wait_s: float) -> None:
        """Take note that a request brought no page.

        Args:
            ask: the request.
            fault: what came instead.
            now_s: the caller's clock.
            wait_s: the wait that was drawn for the next try.
        """
        course = self._courses[ask.part]
        course.asking = False
        self.retries += 1
        if self._find_a_way_round(ask, fault):
            return
        course.failures += 1
        if fault.trouble in FINAL or fault.trouble is Trouble.ROTATED or course.failures >= self.attempts:
            self.failure = self.failure or fault
            return
        rest_until_s = now_s + max(wait_s, fault.retry_after_s)
        course.rest_until_s = rest_until_s
        if fault.trouble in {Trouble.BUSY, Trouble.EMPTY}:
            self._calm, self.allowed = 0, max(1, self.allowed // 2)
        if fault.trouble is Trouble.BUSY:
            self._rest_until_s = max(self._rest_until_s, rest_until_s)

    def _find_a_way_round(self, ask: Ask, fault: Fault) -> bool:
        """Whether the same page can be asked for in another way, at once."""
        if fault.trouble is Trouble.ROTATED and not ask.in_full:
            self.in_full = True
            return True
        if fault.trouble is Trouble.INTEGRITY and ask.cursor:
            self.by_place = True
            return True
        return False

    def _ask(self, course: _Course) -> Ask:
        part = course.part
        course.asking = True
        self.requests += 1
        cursor = "" if self.by_place else part.cursor
        return Ask(
            part=part.number, video_id=self.video_id, offset_s=part.offset_s, cursor=cursor, in_full=self.in_full
        )


def median_lag_s(start: str, written: Iterable[tuple[str, float]]) -> float | None:
    """How far chat lies behind the clock: by how much comments were written later than their place in the video says.

    Args:
        start: when the video began, ISO 8601.
        written: of some comments, when they say that they were written, and their place in seconds.

    Returns:
        The median in seconds, about 1 where all is well; None where nobody says a time, or where the times contradict
        each other, as on archives that were taken in anew.
    """
    began = _instant(start)
    if began is None:
        return None
    instants = [(_instant(text), offset_s) for text, offset_s in written]
    lags = [(at - began).total_seconds() - offset_s for at, offset_s in instants if at is not None]
    lag_s = statistics.median(lags) if lags else 0.0
    agreed = sum(abs(each - lag_s) <= AGREED_S for each in lags)
    return round(lag_s, 3) if agreed * 2 > len(lags) else None


def looks_moved(lag_s: float | None) -> bool:
    """Whether a chat seems to stand elsewhere than it belongs; whole quarters of hours are a matter of time zones."""
    if lag_s is None or abs(lag_s) <= MOVED_S:
        return False
    return abs(lag_s - round(lag_s / ZONE_S) * ZONE_S) > AGREED_S


def pick_shift(shifts: Mapping[str, float], *, video_id: str, channel: str) -> float:
    """The correction in seconds for one video: its own, else its channel's, else the one for all (`""`)."""
    return shifts.get(video_id, shifts.get(channel, shifts.get("", 0.0)))


def _go_on(part: Part, page: Page, *, stuck: bool) -> None:
    """Say where a range goes on behind a page."""
    last_s = int(page.comments[-1].offset_s) if page.comments else part.offset_s
    part.offset_s = max(part.offset_s, last_s)
    part.cursor = page.cursor
    part.done = not page.has_next or (part.end_s is not None and last_s >= part.end_s)
    if stuck and not part.done:
        # A page that brings nothing new would be asked for again and again: the second after it is the way out.
        part.cut_seconds += last_s == part.offset_s
        part.offset_s += 1
        part.cursor = ""


def _lies_in(part: Part, offset_s: float) -> bool:
    return (part.number == 0 or offset_s >= part.start_s) and (part.end_s is None or offset_s < part.end_s)


def _instant(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
