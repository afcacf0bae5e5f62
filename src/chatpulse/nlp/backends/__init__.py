"""One module per technology that can score a text."""
