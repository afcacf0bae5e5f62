"""Turn a table's columns into Arrow, and its definition into an Arrow schema.

Arrow and Delta know every column as nullable, whatever `domain.tables` promises: rows of an older version of a table
lack the columns that came later.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from chatpulse.domain.tables import Table, Type
from chatpulse.lake.core.rows import Lists, Values

_EMOTE = pa.struct([("id", pa.string()), ("name", pa.string()), ("start", pa.int64()), ("end", pa.int64())])
_TYPES: dict[Type, pa.DataType] = {
    Type.STRING: pa.string(),
    Type.INT: pa.int64(),
    Type.FLOAT: pa.float64(),
    Type.BOOL: pa.bool_(),
    Type.TIMESTAMP: pa.timestamp("us", tz="UTC"),
    Type.DATE: pa.date32(),
    Type.BINARY: pa.binary(),
    Type.STRINGS: pa.list_(pa.string()),
    Type.EMOTES: pa.list_(_EMOTE),
    Type.TAGS: pa.map_(pa.string(), pa.string()),
}


def schema_of(table: Table) -> pa.Schema:
    """The Arrow schema of a table."""
    return pa.schema([(column.name, _TYPES[column.type]) for column in table.columns])


def to_arrow(table: Table, columns: Mapping[str, Values], *, rows: int) -> pa.Table:
    """Join a table's columns, each with `rows` values, into an Arrow table."""
    schema = schema_of(table)
    return pa.table([_array(columns[kind.name], kind.type, rows) for kind in schema], schema=schema)


def _array(values: Values, kind: pa.DataType, rows: int) -> pa.Array:
    if values is None:
        return pa.nulls(rows, kind)
    if isinstance(values, Lists):
        return pa.ListArray.from_arrays(_offsets(values.lengths), _items(values.items, kind.value_type), type=kind)
    try:
        return pa.array(values, kind)
    except UnicodeEncodeError:
        # Half of a surrogate pair is no text: UTF-8 cannot say it.
        return pa.array([_sayable(value) for value in values], kind)


def _offsets(lengths: list[int]) -> pa.Array:
    offsets = np.zeros(len(lengths) + 1, dtype=np.int32)
    np.cumsum(lengths, out=offsets[1:])
    return pa.array(offsets)


def _items(items: list[Any] | dict[str, Any], kind: pa.DataType) -> pa.Array:
    if isinstance(items, dict):
        children = [_array(items[child.name], child.type, len(items[child.name])) for child in kind]
        return pa.StructArray.from_arrays(children, fields=list(kind))
    return _array(items, kind, len(items))


def _sayable(value: object) -> object:
    match value:
        case str():
            return value.encode("utf-8", "replace").decode("utf-8")
        case list():
            return [_sayable(item) for item in value]
        case tuple():
            return tuple(_sayable(item) for item in value)
        case _:
            return value
