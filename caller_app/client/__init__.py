"""The workstation without a pixel: the doorway before sign-in, the client after it."""

from caller_app.client.client import Client
from caller_app.client.doorway import CentreInfo, Doorway, Remembered

__all__ = ["CentreInfo", "Client", "Doorway", "Remembered"]
