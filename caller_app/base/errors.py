"""The three families an error can belong to, decided where it is understood.

A reader would get wrong that a sentence carried here may be logged: it may not hold patient data. What
names a cell or a field goes into `place` and `field`, never a value that stood there.
"""


class Refused(Exception):
    """Something a person can put right: carries the sentence to show them."""

    def __init__(self, sentence: str, *, field: str | None = None, place: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
        self.place = place


class Unavailable(Exception):
    """The surroundings fail (disk full, offline, locked, busy): says what happens next."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class SignInNeeded(Unavailable):
    """The access token is spent: ask for the password; nothing in the outbox is touched."""


class CentreUnreachable(Unavailable):
    """No valid reply from the centre: no network, a portal, a proxy page, an echo that does not match.

    `portal`: something else answered in its place; `no_answer`: nothing came that says more than that. Screens where
    nothing can be worked on yet have sentences of their own for both.
    """

    def __init__(self, sentence: str, *, portal: bool = False, no_answer: bool = False) -> None:
        super().__init__(sentence)
        self.portal = portal
        self.no_answer = no_answer
