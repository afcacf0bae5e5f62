"""Take a person out of everything that chatpulse keeps, also beside a collector, also after being killed in the middle.

    who is it? -> opt-out list -> collector lets go -> record -> tables -> exports -> what is left? -> audit

Who it is says what is stored: all ids and names that belong together. That would be lost with the first rows that go,
so it stands in `forgetting.json`, readable by its owner only, until the work is done; whoever is forgotten next, or the
same command again, ends what was begun. The opt-out list comes first: from the moment it is written, collector and
imports store nothing of the person, so that one walk through record and tables is enough. List and audit name nobody:
they hold keyed hashes.
"""

import contextlib
import os
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from chatpulse import registry
from chatpulse.domain.naming import TARGET, USER, Forgotten, rename_fields
from chatpulse.errors import AlreadyRunningError, ConnectionLostError, InputError, StorageFullError
from chatpulse.lake import forget as forget_rows
from chatpulse.pipelines.exports import Exports, Outcome
from chatpulse.pipelines.persons import Counts, RecordChange, Someone, identify, named
from chatpulse.pipelines.privacy import OptOut, UserKeys, write_whole
from chatpulse.runtime.lock import FileLock
from chatpulse.settings import Settings

BEGUN_FILE, AUDIT_FILE, LOCK_FILE = "forgetting.json", "audit.jsonl", "forget.lock"
HEEDED_S = 30.0
"""How long a running collector may take to let go: it looks every quarter of a second."""
POLL_S = 0.05
SEARCHED_BYTES = 64_000_000
"""Larger files that chatpulse does not know are not searched for the name."""

Progress = Callable[[str], None]


class ExportReport(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one exported file."""

    path: str
    outcome: str
    removed: int
    renamed: int


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a person."""

    dry_run: bool
    ids: int
    """How many ids and names were found to be this person's."""
    names: int
    tables: dict[str, Counts]
    record: Counts
    exports: tuple[ExportReport, ...]
    left: tuple[str, ...]
    """Files that still hold a name: exports that were changed since, and what somebody else put there."""
    channel: bool
    """Whether a collected channel bears the name, which `channel` keeps."""
    seconds: float


def forget(
    settings: Settings, user: str, *, by_id: bool = False, dry_run: bool = False, progress: Progress = lambda _: None
) -> Report:
    """Take a person out of record, tables, exports and a running collector, and keep him out from now on.

    Args:
        settings: where things are kept.
        user: the login, or any display name.
        by_id: `user` is Twitch's number instead.
        dry_run: only look, and count.
        progress: told what is done at the moment.

    Returns:
        What was found, and what became of it.
    """
    began_s = time.monotonic()
    data, state = _folders(settings)
    with _alone(state):
        progress("looking who it is")
        someone = identify(settings, _asked(state, user, by_id=by_id) | _begun(state))
        if not dry_run:
            write_whole(state / BEGUN_FILE, msgspec.json.encode(someone))
            _keep_out(state, someone)
            progress("waiting for the collector")
            _wait_for_collector(data, state)
        report = _remove(settings, someone, dry_run=dry_run, progress=progress)
        report = msgspec.structs.replace(report, seconds=round(time.monotonic() - began_s, 3))
        if not dry_run:
            _note(state, "forget", someone, report=report)
            for name in (BEGUN_FILE, f"{BEGUN_FILE}.draft"):
                (state / name).unlink(missing_ok=True)
    return report


def opt_out(settings: Settings, user: str, *, by_id: bool = False, remove: bool = False) -> int:
    """Keep a person out from now on, without touching what is stored, or let him in again; how long the list is."""
    _, state = _folders(settings)
    with _alone(state):
        someone = identify(settings, _asked(state, user, by_id=by_id))
        _keep_out(state, someone, remove=remove)
        _note(state, "opt-in" if remove else "opt-out", someone)
    return len(OptOut.open(state))


def _folders(settings: Settings) -> tuple[Path, Path]:
    """Where tables and state are, on this machine."""
    data = settings.local_data()
    if data is None:
        raise InputError(f"{settings.data!r}: people are forgotten in local tables only: run this where they are")
    if not data.is_dir():
        raise InputError(f"{settings.data!r} is no folder, so nobody is stored there: check --data")
    return data, settings.state_folder()


@contextlib.contextmanager
def _alone(state: Path) -> Iterator[None]:
    """Let one process at a time change who is stored."""
    try:
        state.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise StorageFullError(f"the folder {state} cannot be made ({exc.strerror}): give another --state") from exc
    lock = FileLock(state / LOCK_FILE, what=f"the list of people in {state}")
    try:
        yield
    finally:
        lock.release()


def _asked(state: Path, user: str, *, by_id: bool) -> Someone:
    user = user.strip().removeprefix("@")
    if not user or re.search(r"[\s\0]", user):
        raise InputError(f"a login, a display name or, with --id, a number is wanted, got {user!r}")
    return named(user, by_id=by_id, keys=UserKeys.find(state))


def _begun(state: Path) -> Someone:
    """With whom an earlier run was not done."""
    try:
        return msgspec.json.decode((state / BEGUN_FILE).read_bytes(), type=Someone)
    except (FileNotFoundError, msgspec.MsgspecError):
        return Someone()


def _keep_out(state: Path, someone: Someone, *, remove: bool = False) -> None:
    hashes = someone.hashes(UserKeys.load(state))
    OptOut.open(state).change(add=() if remove else hashes, remove=hashes if remove else ())


def _wait_for_collector(data: Path, state: Path) -> None:
    """Return once no collector runs, or the one that does keeps to the list and holds nothing older."""
    listed, until_s = OptOut.open(state), time.monotonic() + HEEDED_S
    while not listed.acknowledged():
        try:
            FileLock(data / "collector.lock", what=f"the folder of tables {data}").release()
        except AlreadyRunningError as exc:
            if time.monotonic() >= until_s:
                raise ConnectionLostError(
                    f"the collector did not let go within {HEEDED_S:.0f} s; stop it and run this again: {exc}"
                ) from None
            time.sleep(POLL_S)
        else:
            return


def _remove(settings: Settings, someone: Someone, *, dry_run: bool, progress: Progress) -> Report:
    people, state, url = someone.people, settings.state_folder(), settings.record_url()
    progress("record")
    record = RecordChange(someone)
    registry.backend("eventlog", url).rewrite(url, record.apply, dry_run=dry_run)
    progress("tables")
    tables = forget_rows(settings.data, people, dry_run=dry_run)
    progress("exports")
    exports = _change_exports(state, people, dry_run=dry_run)
    folders = {state, settings.local_data() or state}
    return Report(
        dry_run=dry_run,
        ids=len(someone.ids),
        names=len(someone.names),
        tables={name: Counts(removed=found.dropped, renamed=found.changed) for name, found in tables.items()},
        record=record.counts,
        exports=tuple(exports),
        left=() if dry_run else tuple(_left(folders, someone, exports)),
        channel=bool(record.channels),
        seconds=0.0,
    )


def _change_exports(state: Path, people: Forgotten, *, dry_run: bool) -> list[ExportReport]:
    def change(row: Mapping[str, Any]) -> Mapping[str, Any] | None:
        for role in (USER, TARGET):
            user_id, login, name = (str(row.get(one) or "") if one else "" for one in role)
            if people.has(user_id, login, name):
                return None
        changes = rename_fields(row, people)
        return {**row, **changes} if changes else row

    listed = Exports(state)
    found = listed.rewrite(change, dry_run=dry_run) if listed.entries() else []
    return [ExportReport(path=one.path, outcome=one.outcome, removed=one.dropped, renamed=one.changed) for one in found]


def _left(folders: Iterable[Path], someone: Someone, exports: Iterable[ExportReport]) -> list[str]:
    """Files that hold a name all the same."""
    words = b"|".join(re.escape(name.encode()) for name in sorted(someone.names)) or b"(?!)"
    pattern = re.compile(rb"(?<![\w#])(?:%s)(?!\w)" % words, re.IGNORECASE)
    found = {one.path for one in exports if one.outcome in {Outcome.CHANGED, Outcome.UNREADABLE}}
    for path in {path for folder in folders for path in folder.rglob("*") if path.is_file()}:
        # Record and tables were dealt with; their bytes, and those of the index, are compressed or no text.
        own = path.name.startswith((BEGUN_FILE, "record.db")) or path.suffix in {".parquet", ".run"}
        if not own and path.stat().st_size <= SEARCHED_BYTES and pattern.search(path.read_bytes()):
            found.add(str(path))
    return sorted(found)


def _note(state: Path, what: str, someone: Someone, *, report: Report | None = None) -> None:
    """Note what was done for whom, by hash, for good."""
    noted: dict[str, object] = {"at_us": time.time_ns() // 1_000, "what": what}
    noted["people"] = someone.hashes(UserKeys.load(state))
    if report is not None:
        noted["rows"] = sum(counts.removed + counts.renamed for counts in report.tables.values())
        noted["entries"] = report.record.removed + report.record.renamed
        noted["left"] = len(report.left)
    path = state / AUDIT_FILE
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            os.write(handle, msgspec.json.encode(noted) + b"\n")
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as exc:
        raise StorageFullError(f"{path} cannot be written ({exc.strerror}): make room, then run this again") from exc
