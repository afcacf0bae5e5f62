"""The `chatpulse` program: its commands, and how errors leave it.

Exit codes: 0 success, 1 failure, 2 wrong use or bad input. Results go to standard output, all else to standard error.
Heavy libraries are imported inside commands, so that `--help` answers at once.
"""

import os
import signal
import sys

import typer

from chatpulse.cli import collect, config, doctor, inspect, lake, score, serve
from chatpulse.cli.output import printable
from chatpulse.errors import ChatPulseError, InputError

app = typer.Typer(
    name="chatpulse",
    # Rich help costs .2 s of CPU at every start, plain help .1 s.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help="Turn Twitch chat into things people act on: live sentiment, hype, events, open tables.\n\n"
    "Start with: chatpulse demo",
)
app.command()(collect.demo)
app.command()(collect.live)
app.command()(collect.replay)
app.command()(inspect.inspect)
app.command()(serve.serve)
app.command()(score.score)
app.command()(lake.sql)
app.add_typer(lake.app, name="lake")
app.command()(config.config)
app.command()(doctor.doctor)


def run() -> None:
    """Run the command line and turn every error into one line and an exit code."""
    # Record, tables and state hold chat: what is made belongs to its owner alone.
    os.umask(0o077)
    # As Ctrl+C does, so that temporary folders go whichever way a command is ended.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        app()
    except ChatPulseError as exc:
        fail(str(exc), code=2 if isinstance(exc, InputError) else 1)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output went away (`| head`): that is no error, and nothing can be printed any more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as exc:
        if "debug" in (os.environ.get("CHATPULSE_LOG_LEVEL"), *sys.argv):
            raise
        fail(
            f"unexpected {type(exc).__name__}: {' '.join(str(exc).split())[:300]}; "
            "run again with --log-level debug for the traceback, and please report it",
            code=1,
        )


def fail(message: str, *, code: int) -> None:
    """Print one line on standard error and leave with this exit code."""
    print(f"chatpulse: {printable(' '.join(message.split()))}", file=sys.stderr)
    sys.exit(code)
