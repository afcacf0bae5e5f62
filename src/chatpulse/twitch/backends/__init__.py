"""Connections to Twitch, one module per technology."""
