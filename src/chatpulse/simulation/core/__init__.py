"""The simulated world as values: what is said and when, without socket, clock or task."""
