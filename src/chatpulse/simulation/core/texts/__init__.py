"""The invented words of simulated chat: data only, one template per line, slots in braces."""
