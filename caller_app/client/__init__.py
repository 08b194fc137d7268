"""The workstation without a pixel: the doorway before sign-in, the client after it.

Importing this is cheap on purpose (no SQLAlchemy, no requests): the sign-in screen paints first, and the doorway's own
thread imports the rest. `keep_off_this_thread` is called once by the window for its own thread.
"""

from typing import TYPE_CHECKING, Any

from caller_app.client.doorway import CentreInfo, Doorway, Remembered

if TYPE_CHECKING:
    from caller_app.client.client import Client

__all__ = ["CentreInfo", "Client", "Doorway", "Remembered", "keep_off_this_thread"]


def keep_off_this_thread() -> None:
    """Forbid the calling thread (the window's) to touch the store, in every build."""
    from caller_app.base.threads import forbid_thread

    forbid_thread()


def __getattr__(name: str) -> Any:
    if name == "Client":
        from caller_app.client.client import Client

        return Client
    raise AttributeError(name)
