"""An invariant that did not hold, by the name it has in docs/sync.md."""


class Breach(AssertionError):
    """Raised by a check; `name` is the invariant's."""

    def __init__(self, name: str, words: str) -> None:
        super().__init__(f"{name}: {words}")
        self.name = name


def hold(name: str, right: bool, words: str) -> None:
    """Raise a breach of an invariant unless it held."""
    if not right:
        raise Breach(name, words)
