"""The world of real parts lives in tests/world; its names are kept here for the tests of this folder."""

from tests.world.device import Device
from tests.world.line import Line
from tests.world.world import World

__all__ = ["Device", "Line", "World"]
