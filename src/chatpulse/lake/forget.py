"""Take people out of the tables: their own rows go, and where others name them a mark stands in place of the name.

Whose row it is says `user_id` or `user_login`, in `moderation` the target; in `quarantine` any word of the line. Values
are looked at once for each person in a row group, and texts only where they can hold a name.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from chatpulse.domain.chat import Topic
from chatpulse.domain.naming import ROLES, TARGET, USER, People, rename_fields
from chatpulse.domain.tables import TABLES, Table
from chatpulse.lake.gate import alone
from chatpulse.lake.rewrite import Counts, clean, rewrite
from chatpulse.lake.store import locate, require_folder
from chatpulse.lake.views import Views
from chatpulse.lake.write import Guard
from chatpulse.twitch.core.naming import rename_tags

if TYPE_CHECKING:
    import pyarrow as pa

    from chatpulse.domain.naming import Person

TEXTS = ("text", "system_text")


class Forgetting:
    """The change of a table's rows that takes people out."""

    def __init__(self, people: People, table: Table) -> None:
        self._people = people
        self._quarantine = table.topic is Topic.QUARANTINE
        names = [column.name for column in table.columns]
        self._whose = tuple(role for role in (USER, TARGET) if role[1] in names)
        self._others = tuple(role for role in ROLES[2:] if role[1] in names)
        self._texts = tuple(name for name in TEXTS if name in names)
        naming = (*(field for role in (*self._whose, *self._others) for field in role), *self._texts, "tags")
        self.columns = tuple(name for name in (("raw",) if self._quarantine else naming) if name in names)
        self.counts = Counts()

    def touches(self, part: "pa.Table") -> bool:
        """Whether somebody is named."""
        return bool(self._own(part).any() or self._naming(part).any())

    def apply(self, rows: "pa.Table") -> "pa.Table":
        """The rows of others, without the names."""
        own = self._own(rows)
        self.counts.dropped += int(own.sum())
        return self._renamed(rows.filter(_mask(~own)) if own.any() else rows)

    def _own(self, part: "pa.Table") -> np.ndarray:
        """Which rows are theirs."""
        if self._quarantine:
            lines = part.column("raw").to_pylist()
            return np.fromiter((self._people.in_line(line) for line in lines), np.bool_, part.num_rows)
        own = np.zeros(part.num_rows, np.bool_)
        for role in self._whose:
            own |= self._in_role(part, role)
        return own

    def _naming(self, part: "pa.Table") -> np.ndarray:
        """Which rows may name them beside their own."""
        import pyarrow.compute as pc

        found = np.zeros(part.num_rows, np.bool_)
        for role in self._others:
            found |= self._in_role(part, role)
        for text in self._texts:
            hits = pc.match_substring_regex(part.column(text), self._people.hint, ignore_case=True)
            found |= pc.fill_null(hits, fill_value=False).to_numpy()
        if "tags" in part.column_names:
            found |= pc.is_valid(part.column("tags")).to_numpy()
        return found

    def _in_role(self, part: "pa.Table", role: "Person") -> "np.ndarray":
        """Which rows have one of them in a role; each person is asked for once."""
        import pyarrow as pa
        import pyarrow.compute as pc

        fields = [
            pc.fill_null(part.column(field), "") if field in part.column_names else pa.scalar("") for field in role
        ]
        persons = pc.binary_join_element_wise(*fields, "\0").combine_chunks().dictionary_encode()
        asked = [person.split("\0") for person in persons.dictionary.to_pylist()]
        known = np.fromiter((any(who) and self._people.has(*who) for who in asked), np.bool_, len(asked))
        return known[persons.indices.to_numpy()] if asked else np.zeros(part.num_rows, np.bool_)

    def _renamed(self, rows: "pa.Table") -> "pa.Table":
        places = np.flatnonzero(self._naming(rows))
        if not len(places):
            return rows
        fields = [name for name in (*self.columns, "emotes", "terms", "notice_id") if name in rows.column_names]
        said = rows.select(fields).take(places).to_pylist()
        changes = {place: new for place, row in zip(places.tolist(), said, strict=True) if (new := self._new(row))}
        self.counts.changed += len(changes)
        return with_values(rows, changes)

    def _new(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """The columns of a row that change."""
        changes = rename_fields(row, self._people)
        if tags := dict(row.get("tags") or ()):
            renamed = rename_tags(tags, self._people)
            changes |= {"tags": list(renamed.items())} if renamed != tags else {}
        return {name: value if value != "" or name in TEXTS else None for name, value in changes.items()}


def guard(people: People) -> Guard:
    """What keeps people out of rows that are about to be stored."""
    return lambda table, rows: Forgetting(people, table).apply(rows) if people.hint else rows


def forget(url: str, people: People, *, dry_run: bool = False) -> dict[str, Counts]:
    """Take people out of all tables at a URL, with all their older versions.

    Args:
        url: where the tables are, a local folder.
        people: who.
        dry_run: only count.

    Returns:
        What became of the rows of each table that was written.
    """
    store = locate(url)
    require_folder(store)
    change_of = partial(Forgetting, people)
    if dry_run:
        return rewrite(store, change_of, dry_run=True)
    with alone(store):
        counts = rewrite(store, change_of)
        clean(store)
    return counts


def find_people(url: str, *, ids: Iterable[str] = (), names: Iterable[str] = ()) -> "set[Person]":
    """Everybody in the tables with one of these ids or folded names, as id, login and display name."""
    store = locate(url)
    require_folder(store)
    parts = []
    for table in TABLES.values():
        columns = {column.name for column in table.columns}
        parts += [_persons(table.name, role, columns) for role in ROLES if role[1] in columns]
    with Views(store, list(TABLES)) as views:
        sql = f"SELECT DISTINCT * FROM ({' UNION ALL '.join(parts)}) "  # noqa: S608
        sql += "WHERE list_contains(?, id) OR list_contains(?, lower(login)) OR list_contains(?, lower(name))"
        folded = [name.lower() for name in names]
        found = views.run(sql, [list(ids), folded, folded])
    return {tuple(row.values()) for row in found.to_pylist()}


def with_values(rows: "pa.Table", changes: Mapping[int, Mapping[str, Any]]) -> "pa.Table":
    """The same rows with other values in some places: row number -> column -> value."""
    import pyarrow as pa

    for name in sorted({name for new in changes.values() for name in new}):
        places = [place for place, new in changes.items() if name in new]
        column, kind = rows.column(name), rows.schema.field(name)
        values = pa.array([changes[place][name] for place in places], kind.type)
        order = np.arange(rows.num_rows)
        order[places] = rows.num_rows + np.arange(len(places))
        both = pa.chunked_array([*column.chunks, values], kind.type)
        rows = rows.set_column(rows.column_names.index(name), kind, both.take(order))
    return rows


def _persons(table: str, role: Sequence[str], columns: Collection[str]) -> str:
    fields = [f"coalesce({field}, '')" if field in columns else "''" for field in role]
    return f"SELECT {fields[0]} AS id, {fields[1]} AS login, {fields[2]} AS name FROM {table}"  # noqa: S608


def _mask(flags: "np.ndarray") -> "pa.Array":
    import pyarrow as pa

    return pa.array(flags)
