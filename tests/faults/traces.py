"""Where a name stands in a folder of chatpulse: every byte of every file, and every page of Parquet files unpacked."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

ZSTD_FRAME = b"\x28\xb5\x2f\xfd"


def traces(folder: Path, *names: str) -> set[str]:
    """Files in which one of the names stands, whatever its case."""
    wanted = [form for name in names for form in (name.lower().encode(), name.encode())]
    found = set()
    for path in (path for path in folder.rglob("*") if path.is_file()):
        for part in (path.name.encode(), *_parts(path)):
            lowered = part.lower()
            if any(name in part or name in lowered for name in wanted):
                found.add(str(path.relative_to(folder)))
                break
    return found


def kinds(found: set[str]) -> set[str]:
    """What sorts of files those are: the record, or the table's name."""
    return {path.split("/")[0].removesuffix("-wal") for path in found}


def _parts(path: Path) -> Iterator[bytes]:
    try:
        raw = path.read_bytes()
    except FileNotFoundError:  # a collector at work has replaced it
        return
    yield raw
    if path.suffix == ".gz":
        yield gzip.decompress(raw)
    if path.suffix == ".parquet":
        yield from _frames(raw)
        yield from _values(path)


def _frames(raw: bytes) -> Iterator[bytes]:
    """What is packed in a file, page by page, dictionaries and all."""
    buffer, at = pa.py_buffer(raw), raw.find(ZSTD_FRAME)
    while at >= 0:
        # A page header comes behind each frame, and is no frame itself.
        stream = pa.CompressedInputStream(pa.BufferReader(buffer.slice(at)), "zstd")
        try:
            while chunk := stream.read(4096):
                yield chunk
        except (OSError, pa.ArrowException):
            pass
        at = raw.find(ZSTD_FRAME, at + 1)


def _values(path: Path) -> Iterator[bytes]:
    """Every value of every column."""
    with pq.ParquetFile(path) as file:
        for column in file.read().columns:
            yield repr(column.to_pylist()).encode("utf-8", "replace")
            if pa.types.is_binary(column.type):
                yield b"\n".join(value or b"" for value in column.to_pylist())
