"""What is checked of a script beyond its form: conditions, codes, words, and whether every page can be reached."""

from caller_app.script.lint.surroundings import Surroundings
from caller_app.script.lint.whole import lint

__all__ = ["Surroundings", "lint"]
