"""One module per technology that can hold the record."""
