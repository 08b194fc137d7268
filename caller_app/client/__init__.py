"""The workstation without a pixel: the doorway before sign-in, the client after it.

What a reader would get wrong: importing the doorway is light on purpose (no SQLAlchemy, no requests): sign-in is
painted before they are loaded. `Client` is loaded when it is first named.
"""

from typing import TYPE_CHECKING, Any

from caller_app.client.doorway import CentreInfo, Doorway, Remembered

if TYPE_CHECKING:
    from caller_app.client.client import Client

__all__ = ["CentreInfo", "Client", "Doorway", "Remembered"]


def __getattr__(name: str) -> Any:
    if name == "Client":
        from caller_app.client.client import Client

        return Client
    raise AttributeError(name)
