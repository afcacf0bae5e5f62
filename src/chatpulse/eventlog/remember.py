"""Keep the index of seen ids in step with the record and the tables.

Every id is at any time in a file of the index, or in an entry of the record behind the index's mark. The record keeps
those entries because the index is a group of readers, `seen`, that commits its mark: trimming stops there.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence

from chatpulse.domain.chat import Topic
from chatpulse.eventlog.core.encoding import GONE, Entry, decode_id
from chatpulse.eventlog.ports import ReplayableLog
from chatpulse.eventlog.seen import SeenIndex

GROUP = "seen"
PAGE_ENTRIES = 2_000


async def catch_up(
    seen: SeenIndex,
    record: ReplayableLog,
    *,
    basis: object,
    tables_fit: bool,
    stored_ids: Callable[[], Iterable[Sequence[str]]],
) -> bool:
    """Make the index whole before the first event of a run is appended.

    Args:
        seen: the index as it was opened.
        record: the record that it goes with.
        basis: the tables as they are now, any JSON value; a later run finds it in `seen.basis`.
        tables_fit: whether the tables are those of `seen.basis`, grown by nothing but this record.
        stored_ids: reads all ids of the tables in batches; asked only when the index has to be rebuilt.

    Returns:
        Whether it was rebuilt: it was missing, damaged, of another record or other tables, or ahead of a record that
        lost its end in a power cut.
    """
    await record.commit(GROUP, dict.fromkeys(Topic, 0))
    rebuilt = not tables_fit or not _fits(seen.mark, record.record_id, await record.ends())
    if rebuilt:
        await asyncio.to_thread(seen.rebuild, stored_ids())
    reached = {topic: 0 if rebuilt else seen.mark["ends"].get(topic, 0) for topic in Topic}
    for topic in Topic:
        while entries := await record.entries(topic, after=reached[topic], limit=PAGE_ENTRIES):
            await asyncio.to_thread(_hold, seen, topic, entries)
            reached[topic] = entries[-1].offset
            if seen.due:
                await keep(seen, record, ends=reached, basis=basis)
    if rebuilt:
        await keep(seen, record, ends=reached, basis=basis)
    return rebuilt


async def keep(seen: SeenIndex, record: ReplayableLog, *, ends: Mapping[Topic, int], basis: object) -> None:
    """Move the index's memory to disk and let the record trim up to `ends`, before which all ids are held."""
    mark = {"record": record.record_id, "ends": dict(ends)}
    await asyncio.to_thread(seen.flush, mark=mark, basis=basis)
    await record.commit(GROUP, ends)


def _hold(seen: SeenIndex, topic: Topic, entries: Sequence[Entry]) -> None:
    seen.fresh([decode_id(topic, entry.body) for entry in entries if entry.body != GONE])


def _fits(mark: object, record_id: str, ends: Mapping[Topic, int]) -> bool:
    """Whether a mark is of this record and not beyond its end."""
    if not isinstance(mark, dict) or mark.get("record") != record_id:
        return False
    return all(offset <= ends.get(topic, 0) for topic, offset in mark["ends"].items())
