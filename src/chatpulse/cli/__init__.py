"""The command line: one module per group of commands, each command calling one pipeline."""


def main() -> None:
    """Run the command that was typed; no traceback ever reaches a user."""
    from chatpulse.cli import interrupts

    # Before anything that takes time to load.
    interrupts.hold()
    from chatpulse.cli.app import run

    run()
