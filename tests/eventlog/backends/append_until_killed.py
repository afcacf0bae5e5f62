"""Append to the record named on the command line until somebody kills this process; say after each append its end.

Every body is its own offset, so that a reader can tell a lost, doubled or moved entry from its neighbours.
"""

import asyncio
import sys

from chatpulse.domain.chat import Topic
from chatpulse.eventlog.backends.sqlite import SqliteEventLog

BATCH = 7
ROOM_EVERY = 5


async def main(url: str, durability: str) -> None:
    """Append batches of chat, with a change of room now and then in the same commit."""
    log = SqliteEventLog.open(url, durability="full" if durability == "full" else "normal")
    ends = await log.ends()
    step = 0
    while True:
        step += 1
        sizes = {Topic.CHAT_MESSAGES: BATCH, Topic.ROOM: 0 if step % ROOM_EVERY else 1}
        bodies = {
            topic: [b"%d" % number for number in range(ends[topic] + 1, ends[topic] + size + 1)]
            for topic, size in sizes.items()
        }
        ends |= await log.append(bodies)
        sys.stdout.write(f"{ends[Topic.CHAT_MESSAGES]} {ends[Topic.ROOM]}\n")
        sys.stdout.flush()


asyncio.run(main(sys.argv[1], sys.argv[2]))
