"""Twitch's wire format as values: bytes in, typed events out, nothing raises."""
