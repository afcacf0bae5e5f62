"""Every error that chatpulse raises on purpose, and what a caller can do about it.

    ChatPulseError
    ├── TransientError               try again later
    │   ├── ConnectionLostError      the other side went away or does not answer
    │   └── StorageFullError         no room, or no right to write, where chat is kept
    └── PermanentError               tell someone
        ├── InputError               the caller asked for something that cannot be (exit 2)
        │   ├── UnknownSchemeError   no backend for the scheme of a URL
        │   └── MissingExtraError    the backend's optional library is not installed
        ├── LoginRefusedError        the server does not let us in
        ├── StorageError             what is on disk is not what it should be
        │   ├── DamagedError         a file or table is broken, or is not ours
        │   └── FutureVersionError   written by a newer chatpulse
        └── AlreadyRunningError      another process holds the record

Each message names what was asked, what was found, and the next step.
"""


class ChatPulseError(Exception):
    """Something that chatpulse can explain in one sentence."""


class TransientError(ChatPulseError):
    """Worth another try after a while."""


class ConnectionLostError(TransientError):
    """The other side went away or does not answer."""


class StorageFullError(TransientError):
    """Chat cannot be written now: no room, or no right."""


class PermanentError(ChatPulseError):
    """Will not go away by itself."""


class InputError(PermanentError):
    """The caller asked for something that cannot be; the command line exits with 2."""


class UnknownSchemeError(InputError):
    """No backend serves the scheme of a URL."""


class MissingExtraError(InputError):
    """A backend needs an optional library that is not installed."""


class LoginRefusedError(PermanentError):
    """The server does not let us in."""


class StorageError(PermanentError):
    """What is on disk is not what it should be."""


class DamagedError(StorageError):
    """A file or table is broken, or was not written by chatpulse."""


class FutureVersionError(StorageError):
    """A file or table was written by a newer chatpulse."""


class AlreadyRunningError(PermanentError):
    """Another process holds the record."""
