"""Windows, trends and boards as values: no file, no clock."""
