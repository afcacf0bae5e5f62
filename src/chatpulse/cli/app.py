"""The `chatpulse` program: its commands, and how errors leave it.

Exit codes: 0 success, 1 failure, 2 wrong use or bad input. Results go to standard output, all else to standard error.
Heavy libraries are imported inside commands, so that `--help` answers at once.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn, cast

import typer

from chatpulse.cli import (
    collect,
    config,
    doctor,
    emotes,
    export,
    forget,
    import_chat,
    inspect,
    lake,
    score,
    serve,
    vod_chat,
)
from chatpulse.cli.output import masked, printable
from chatpulse.errors import ChatPulseError, InputError

# Typer may bring a click of its own, in which only this public name leads to what all wrong use is.
UsageError = cast("type[typer.BadParameter]", typer.BadParameter.__bases__[0])
EXPECTED = (ChatPulseError, UsageError)

app = typer.Typer(
    name="chatpulse",
    # Rich help costs .2 s of CPU at every start, plain help .1 s.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help="Turn Twitch chat into things people act on: live sentiment, hype, events, open tables.\n\n"
    "Example: chatpulse demo",
)
app.command()(collect.demo)
app.command()(collect.live)
app.command()(collect.replay)
app.command()(inspect.inspect)
app.command(name="import")(import_chat.import_chat)
app.command()(vod_chat.vod_chat)
app.add_typer(export.app, name="export")
app.command()(emotes.emotes)
app.command()(serve.serve)
app.command()(score.score)
app.command()(lake.sql)
app.add_typer(lake.app, name="lake")
app.command()(forget.forget)
app.command()(forget.opt_out)
app.command()(config.config)
app.command()(doctor.doctor)


def run() -> None:
    """Run the command line and turn every error into one line and an exit code."""
    # Record, tables and state hold chat: what is made belongs to its owner alone.
    os.umask(0o077)
    _prepare_output()
    # What libraries in Rust have to say comes as an error of ours, in one line.
    os.environ.setdefault("RUST_LOG", "error")
    try:
        _run(sys.argv[1:] or ["--help"])
        sys.stdout.flush()
    except typer.Exit as exc:
        sys.exit(exc.exit_code)
    except BrokenPipeError:
        # The reader of our output went away (`| head`): that is no error, and nothing can be printed any more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except KeyboardInterrupt:
        _fail("stopped before it was done", code=1)
    except Exception as exc:
        if "debug" in (os.environ.get("CHATPULSE_LOG_LEVEL"), *sys.argv) and not isinstance(exc, EXPECTED):
            raise
        _fail(*_explained(exc))


def _prepare_output() -> None:
    for name in ("stdout", "stderr"):
        # What was closed (`>&-`) goes nowhere, and above all not into the next file that is opened.
        stream = getattr(sys, name) or Path(os.devnull).open("w")  # noqa: SIM115  (open until the program ends)
        stream.reconfigure(errors="replace")  # a terminal that has no such character gets a question mark
        setattr(sys, name, stream)


def _run(arguments: Sequence[str]) -> None:
    program = typer.main.get_command(app)
    # Not `app()`: that would print errors in its own way, and end on signals in another.
    with program.make_context("chatpulse", list(arguments)) as context:
        program.invoke(context)


def _explained(error: Exception) -> tuple[str, int]:
    """What to say about an error, and the exit code for it."""
    match error:
        case UsageError():
            command = error.ctx.command_path if error.ctx else "chatpulse"
            return f"{error.format_message().rstrip('.')}: see {command} --help", 2
        case ChatPulseError():
            return str(error), 2 if isinstance(error, InputError) else 1
        case OSError(strerror=str(reason)):
            where = error.filename or "what the answer is written to"
            return f"{where} cannot be used ({reason}): make room, get the right to use it, or name another", 1
        case _:
            return (
                f"unexpected {type(error).__name__}: {str(error)[:300]}; "
                "run again with --log-level debug for the traceback, and please report it"
            ), 1


def _fail(message: str, code: int) -> NoReturn:
    """Print one line on standard error and leave."""
    print(f"chatpulse: {masked(printable(' '.join(message.split())))}", file=sys.stderr)
    sys.exit(code)
