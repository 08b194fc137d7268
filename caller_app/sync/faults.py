"""What a centre that did answer may say besides yes; what did not answer validly is `CentreUnreachable`."""

from caller_app.base.errors import CentreUnreachable, Refused, SignInNeeded, Unavailable
from caller_app.protocol.messages import Problem


class Rejected(Refused):
    """The centre cannot take this message as it is (400, 413, 422): sending it again changes nothing."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class Busy(Unavailable):
    """The centre asks for patience; `retry_after` in seconds where it said how long."""

    def __init__(self, sentence: str, retry_after: int | None = None) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class CentreFailed(Unavailable):
    """A fault inside the centre (500), said in due form."""


class DeviceLost(Unavailable):
    """The centre does not know this device (`forgotten`), or another copy of it took its numbers: ask for a new id."""

    def __init__(self, sentence: str, *, forgotten: bool = False) -> None:
        super().__init__(sentence)
        self.forgotten = forgotten


class UnknownCall(Refused):
    """A centre older than this program does not know what it was asked."""


class NotServed(Unavailable):
    """The list may not be kept here any more (account ended, device revoked); what was recorded can still be sent."""

    def __init__(self, sentence: str, *, wipe: bool) -> None:
        super().__init__(sentence)
        self.wipe = wipe


_REFUSED = {
    "wrong_password": "Name or password is not right.",
    "account_locked": "This account is locked after too many wrong passwords. Wait a while or ask your supervisor.",
    "not_allowed": "Your account may not do this.",
}


def of_problem(problem: Problem, status: int) -> Exception:
    """Give the family a problem document belongs to."""
    words = problem.detail or problem.title
    if problem.code == "sign_in_needed":
        return SignInNeeded("Your sign-in has run out. Give your password again; what you recorded is safe.")
    if problem.code in _REFUSED:
        return Refused(problem.detail or _REFUSED[problem.code])
    if problem.code in ("device_unknown", "device_forked") or status == 410:
        words = "The centre does not know this installation any more; it is registered anew."
        return DeviceLost(words, forgotten=problem.code != "device_forked")
    if problem.code == "device_revoked":
        return NotServed("This computer was barred by your team. What you recorded is still being sent.", wipe=True)
    if problem.code == "account_disabled":
        return NotServed("This account was ended. What you recorded is still being sent.", wipe=True)
    if problem.code == "too_new":
        return NotServed("The centre is older than this program. What you recorded is kept; ask IT.", wipe=False)
    if problem.code == "too_old" or status == 426:
        return NotServed(
            "This version of the program is too old for the centre. What you recorded is still sent; ask IT.",
            wipe=False,
        )
    if problem.code == "busy" or status in (429, 503):
        return Busy("The centre is busy; we try again shortly.", problem.retry_after)
    if status in (400, 413, 415, 422):
        return Rejected(problem.code, words)
    if problem.code in ("not_found", "method_not_allowed"):
        return UnknownCall(words)
    if status in (401, 403, 404, 405, 409):
        return Refused(words)
    if status >= 500:
        return CentreFailed("The centre has a fault of its own; we try again shortly.")
    return CentreUnreachable("The centre gave an answer that is not understood.")
