"""A world that behaves like Twitch: a crowd that chats, and a server that carries it."""

from chatpulse.simulation.core.crowd import Crowd
from chatpulse.simulation.core.faults import Fault, FaultKind
from chatpulse.simulation.server import Script, SimulatedTwitch

__all__ = ["Crowd", "Fault", "FaultKind", "Script", "SimulatedTwitch"]
