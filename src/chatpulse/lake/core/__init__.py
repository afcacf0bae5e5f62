"""What the lake knows without touching a file: rows, removals, values."""
