"""The only place that turns a fault into pixels.

Refused goes to its field where a form has it, else into the banner with a way to put it right; Unavailable says what
happens next; anything else is a bug: the crash path has it already, and the person is told what it means for them.
"""

from typing import Protocol

from caller_app.base.errors import CentreUnreachable, Refused, SignInNeeded, Unavailable

BUG = "Something in the program went wrong. What you had recorded is safe. The details are in the fault report."


class ShowsBanner(Protocol):
    """A banner as `ui.widgets.banner.Banner` is one."""

    def say(self, sentence: str, tone: str = "info") -> None: ...
    def clear(self) -> None: ...


class ShowsFieldErrors(Protocol):
    """A form as `ui.widgets.forms.Form` is one."""

    def show_error(self, field: str, sentence: str) -> bool: ...


def sentence_of(fault: Exception) -> str:
    """Give the sentence a person reads for a fault."""
    if isinstance(fault, Refused | Unavailable):
        return fault.sentence
    return BUG


def tone_of(fault: Exception) -> str:
    """Give the tone: refused asks for care, away from the centre informs, a bug is red."""
    if isinstance(fault, SignInNeeded | Refused):
        return "caution"
    if isinstance(fault, CentreUnreachable):
        return "caution" if fault.portal else "info"
    if isinstance(fault, Unavailable):
        return "caution"
    return "danger"


def tell(fault: Exception, *, banner: ShowsBanner, form: ShowsFieldErrors | None = None) -> None:
    """Show a fault where the person can act on it."""
    if isinstance(fault, Refused) and fault.field and form is not None and form.show_error(fault.field, fault.sentence):
        banner.clear()
        return
    banner.say(sentence_of(fault), tone_of(fault))
