"""Settings in, finished objects out: the only place where backends are chosen and parts are joined."""

import asyncio
import contextlib
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from chatpulse import registry
from chatpulse.domain.scores import Scored
from chatpulse.errors import StorageFullError
from chatpulse.eventlog import EventLog, SeenIndex
from chatpulse.lake import Tables, TableWriter
from chatpulse.lake.forget import guard
from chatpulse.nlp import ChatScorer, EmoteSets
from chatpulse.pipelines.duplicates import Duplicates
from chatpulse.pipelines.emotes import emote_watch, known_emotes
from chatpulse.pipelines.live import LivePipeline
from chatpulse.pipelines.parts import Parts, Plan
from chatpulse.pipelines.privacy import Privacy
from chatpulse.pipelines.upkeep import Upkeep
from chatpulse.runtime.lock import FileLock
from chatpulse.runtime.memory import settle
from chatpulse.settings import Settings
from chatpulse.simulation import Crowd, Script, SimulatedTwitch
from chatpulse.twitch import ChatSource, Listener, parse_server

if TYPE_CHECKING:
    from chatpulse.pipelines.import_chat import Importer


def default_scorer(emotes: EmoteSets | None = None) -> ChatScorer:
    """The scorer that needs nothing but the base install; it reads chat with the emotes that are given."""
    return ChatScorer(registry.backend("scorer", "linear:")(), emotes=emotes)


def score_text(text: str) -> Scored:
    """Score one text with the default scorer."""
    return default_scorer().score_text(text)


def listener(server: str, channels: Sequence[str], *, ca: Path | None = None) -> Listener:
    """A listener to `HOST:PORT` or a URL, that trusts the certificates in `ca` as well."""
    url = parse_server(server)
    return Listener(registry.backend("twitch", url)(url, ca_file=ca), channels)


def simulated_twitch(*, seed: int) -> SimulatedTwitch:
    """A server with three channels full of people who do not exist, starting now."""
    crowd = Crowd(seed, start_us=time.time_ns() // 1_000)
    return SimulatedTwitch(Script(lines=crowd.lines(), rooms=crowd.room_ids, keep_ids=False))


@contextlib.asynccontextmanager
async def pipeline(settings: Settings, source: ChatSource, plan: Plan) -> AsyncIterator[LivePipeline]:
    """A pipeline with everything open; what was opened is closed again, whatever happens.

    Args:
        settings: where things are kept.
        source: what to read; it is closed with the rest.
        plan: how the run goes about it.

    Yields:
        The pipeline, ready to run.
    """
    emotes = known_emotes(settings, fetches=bool(plan.emote_services))
    scorer = default_scorer(emotes)
    settle()
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(source.close)
        tables = Tables(settings.data)
        # What is wrong with --data shows before anything is made for it.
        await asyncio.to_thread(tables.row_counts)
        folder = settings.local_data()
        if folder is not None:
            stack.callback(_hold(folder).release)
        # Behind the lock: who is forgotten while this starts is on the list that is read here, or waits for this one.
        privacy = Privacy.open(settings.state_folder(), users=settings.privacy_users)
        url = settings.record_url()
        record = await asyncio.to_thread(
            registry.backend("eventlog", url).open,
            url,
            durability=settings.durability,
            max_bytes=settings.record_max_mb * 1_000_000,
        )
        stack.push_async_callback(record.close)
        writer = await asyncio.to_thread(
            TableWriter,
            settings.data,
            record_id=record.record_id,
            scorer=scorer.name,
            scorer_version=scorer.version,
            guard=guard(privacy.opt_out),
        )
        written = await asyncio.to_thread(tables.positions, record.record_id)
        duplicates = await Duplicates.open(settings.state_folder() / "seen", record=record, tables=tables)
        stack.push_async_callback(duplicates.close)
        parts = Parts(
            record=record,
            duplicates=duplicates,
            privacy=privacy,
            scorer=scorer,
            writer=writer,
            upkeep=_upkeep(settings, record),
            written=written,
            emotes=emote_watch(settings, plan.emote_services, emotes=emotes, channels=source.channels),
        )
        yield LivePipeline(source, parts, plan)


def _upkeep(settings: Settings, record: EventLog) -> Upkeep:
    return Upkeep(
        record,
        data=settings.data,
        # Trimming starts well before the record is full, so that what tables hold never stops a reader.
        max_bytes=settings.record_max_mb * 500_000,
        max_age_s=settings.record_max_age_h * 3_600,
        compact_every_s=settings.compact_every_s,
        retention_days=settings.retention_days,
    )


def _hold(folder: Path) -> FileLock:
    """Let nobody else collect into the tables of a folder; who reads or compacts them does not ask."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise StorageFullError(
            f"the folder of tables {folder} cannot be made ({exc.strerror}): choose another --data"
        ) from exc
    return FileLock(folder / "collector.lock", what=f"the folder of tables {folder}")


@contextlib.contextmanager
def importer(settings: Settings) -> "Iterator[Importer]":
    """What imports chat files into the tables; one at a time, beside a collector or without."""
    from chatpulse.pipelines.import_chat import Importer  # dozens of readers, which nothing else needs

    tables = Tables(settings.data)
    tables.row_counts()  # what is wrong with --data shows before anything is made for it
    state = settings.state_folder()
    try:
        state.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise StorageFullError(f"the folder {state} cannot be made ({exc.strerror}): give another --state") from exc
    with contextlib.ExitStack() as stack:
        stack.callback(FileLock(state / "import.lock", what=f"the import into {settings.data}").release)
        # Nothing but what the tables hold, and made anew each time: a collector may add to them meanwhile.
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="import-seen-", dir=state))
        seen = SeenIndex.open(Path(folder))
        stack.callback(seen.close)
        scorer = default_scorer(known_emotes(settings))
        settle()
        privacy = Privacy.open(state, users=settings.privacy_users)
        writer = TableWriter(
            settings.data,
            record_id="",
            scorer=scorer.name,
            scorer_version=scorer.version,
            guard=guard(privacy.opt_out),
        )
        yield Importer(tables=tables, writer=writer, seen=seen, scorer=scorer, privacy=privacy)
