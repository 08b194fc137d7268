"""A refusal with its HTTP status and stable code: what rules raise and `problems` writes as a problem document."""

from caller_app.base.errors import Refused


class Fault(Refused):
    """A request that cannot be done; `code` is the stable name clients act on, the sentence may be shown."""

    def __init__(
        self,
        status: int,
        code: str,
        sentence: str,
        *,
        retry_after: int | None = None,
        place: str | None = None,
        field: str | None = None,
    ) -> None:
        super().__init__(sentence, place=place, field=field)
        self.status = status
        self.code = code
        self.retry_after = retry_after


def not_allowed(sentence: str = "Your role does not allow this.") -> Fault:
    """Make the refusal for a role or scope that does not fit."""
    return Fault(403, "not_allowed", sentence)


def malformed(sentence: str = "The message is not in the agreed form.", *, place: str | None = None) -> Fault:
    """Make the refusal for a message that cannot be read; `place` is the path to the field, never its value."""
    return Fault(422, "malformed", sentence, place=place)
