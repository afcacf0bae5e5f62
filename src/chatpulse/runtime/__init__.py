"""What long-running programs need whatever they do: logs, retries, child processes."""
