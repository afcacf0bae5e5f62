"""The page's own files, read once into memory and served with their digest as entity tag.

Nothing is looked up by a name from outside: a request either names one of these files or finds nothing.
"""

import hashlib
from dataclasses import dataclass
from importlib import resources
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

MEDIA_TYPES: Final = {
    "html": "text/html",
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """One file of the page."""

    body: bytes
    media_type: str
    etag: str

    def answer(self, request: Request) -> Response:
        """The file, or 304 when the browser still has it; browsers ask each time, so an update shows at once."""
        headers = {"ETag": self.etag, "Cache-Control": "no-cache"}
        if request.headers.get("if-none-match") == self.etag:
            return Response(status_code=304, headers=headers)
        return Response(self.body, headers=headers, media_type=self.media_type)


def load_assets() -> dict[str, Asset]:
    """Read all files of the page, by name."""
    folder = resources.files("chatpulse.web") / "static"
    found = {}
    for file in folder.iterdir():
        media_type = MEDIA_TYPES.get(file.name.rpartition(".")[2])
        if media_type:
            body = file.read_bytes()
            etag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
            found[file.name] = Asset(body=body, media_type=media_type, etag=etag)
    return found
