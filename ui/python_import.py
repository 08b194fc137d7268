"""Python's own `import`, put back after PySide has put its own in its place. Loaded before anything else of ours.

WORKAROUND (PySide6 6.11): so that a module can ask for snake_case names, PySide looks into the *source text* of every
module that is imported after it, ours and every library's. We never ask for them; without the looking, what loads
while the password is typed loads in three quarters of the time, and the sources do not stay in memory.
"""

import builtins

import PySide6.QtCore  # noqa: F401 - it is its import that puts the other one in place


def restore() -> bool:
    """Put Python's own import back; tells whether another one stood in its place."""
    own = getattr(builtins, "__orig_import__", None)
    replaced = own is not None and builtins.__import__ is not own
    if replaced:
        builtins.__import__ = own
    return replaced


restore()
