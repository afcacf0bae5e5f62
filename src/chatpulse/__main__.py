"""`python -m chatpulse` is the command `chatpulse`."""

from chatpulse.cli import main

if __name__ == "__main__":
    main()
