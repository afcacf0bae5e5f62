"""The page and the API: live or stored chat out to browsers and programs."""

from chatpulse.web.app import create_app
from chatpulse.web.guard import check_binding
from chatpulse.web.serve import WebServer, start

__all__ = ["WebServer", "check_binding", "create_app", "start"]
