"""The web face: REST, Socket.IO and the built dashboard. Flask lives here and nowhere else.

Nothing in this room imports the strategy, the matcher or the exchange client, so that a web
worker stays small.
"""

from src.web.app import Web, create_web
from src.web.dependencies import WebDependencies, WebFacts

__all__ = ["Web", "WebDependencies", "WebFacts", "create_web"]
