"""The signed-in window: places and what leads from one to another."""

from ui.navigation.frame import Navigation

__all__ = ["Navigation"]
