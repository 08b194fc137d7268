"""The classes of review: why a change needs a person's decision, how urgent that is, and the acts that settle it.

What a reader would get wrong: an act never edits what was recorded. It decides what follows from it, once, at the
centre. A class that is not known here (a newer centre's) is still shown and can be settled by leaving it as it stands.
`reason_words` says a class or a settled reason to the caller who recorded the change.
"""

from dataclasses import dataclass
from typing import Literal

Group = Literal["safety", "results", "corrections", "promises", "aside"]

GROUPS: dict[Group, str] = {
    "safety": "Safety first",
    "results": "Results of calls",
    "corrections": "Corrections",
    "promises": "Promises and referrals",
    "aside": "Put aside",
}
SETTLED = "settled_"  # a reason that begins with this says what a supervisor decided


@dataclass(frozen=True, slots=True)
class Act:
    """One way to settle a case: the verb on the button, and what it will do."""

    code: str
    label: str
    will: str
    asks_why: bool = True


@dataclass(frozen=True, slots=True)
class ReviewClass:
    """One class: what it is called, what happened, in words for the supervisor and for the caller."""

    code: str
    group: Group
    title: str
    happened: str
    said: str
    acts: tuple[Act, ...]
    urgent: bool = False


def _keep(label: str = "Leave it as it stands", will: str = "Nothing changes; it stays in the history.") -> Act:
    return Act("keep", label, will, asks_why=False)


_REAPPLY = Act("reapply", "Take it in now", "It is judged again as if it had been allowed, and takes effect.")
_DISMISS = Act("dismiss", "Put it away", "It stays stored and has no effect.")
_INCIDENT = Act(
    "incident", "Mark as an incident", "It is written down as an information incident; nothing else changes."
)
_RING = Act("ring_again", "Back to dialling", "No result stands: the person comes back onto the list to be rung.")
_NO_INCIDENT = Act("no_incident", "Not an incident", "It stays in the history as a late record; the stop stands.")
_REJECT = Act("reject", "Do not take it", "What we hold stays, and the practice is not asked about it.")
_WITHDRAW = Act("withdraw", "Do not send it", "The referral is withdrawn; nothing is sent.")
_RELEASE = Act("release", "Send it on", "The referral is released and goes out like any other.")
_TAKE_VALUE = Act("take", "Take what we were told", "Our copy follows, and the practice is asked to put it right.")
_AGAIN = (_REAPPLY, _DISMISS)
_STRANGE = (_REAPPLY, _DISMISS, _INCIDENT)

_CLASSES = (
    ReviewClass(
        "contact_after_optout", "safety", "Contact after the person asked us to stop",
        "A call was recorded for a time after this person had been stopped.",
        "recorded after the person asked not to be called",
        (_INCIDENT, _NO_INCIDENT),
        urgent=True,
    ),
    ReviewClass(
        "unconfirmed_stop", "safety", "A stop that is not certain",
        "The person was stopped at once, but what was said left doubt about how far it goes or who said it.",
        "the stop is being confirmed",
        (_keep("The stop stands", "Nothing changes: nobody rings this person."),),
        urgent=True,
    ),
    ReviewClass(
        "undo_of_safety", "safety", "Taking back a stop or a concern",
        "A caller took back a result that protects the person. From a workstation that is never done by itself.",
        "a stop or a concern is taken back only by a supervisor",
        (
            _keep("The result stands", "The stop or the concern stays as it is."),
            Act("reapply", "Take the result back", "It no longer counts, and a stop it set is lifted."),
        ),
        urgent=True,
    ),
    ReviewClass(
        "contradictory_outcomes", "results", "Two results that disagree",
        "Two callers ended this case with different results. It is out of dialling until one of them stands.",
        "a colleague recorded another result",
        (
            Act("earlier", "The earlier result stands", "The case ends with the earlier result; this one is history."),
            Act("take", "This result stands", "The case ends with this result; the earlier one is history."),
            _RING,
        ),
    ),
    ReviewClass(
        "late_outcome", "results", "A late result",
        "The result came after the case had gone to somebody else, or had ended.",
        "recorded after the person was passed to a colleague",
        (
            _keep("Let it stand", "The result goes on deciding where the case stands."),
            Act("late_only", "Count as late only", "It stays in the history and decides nothing.", asks_why=False),
            Act("take", "Let this result decide", "The case goes where this result would have taken it."),
        ),
    ),
    ReviewClass(
        "withdrawn_before_dialling", "results", "Withdrawn before dialling",
        "The caller saw before dialling that this person should not be rung, and closed the case.",
        "the withdrawal is being looked at",
        (_keep("It stays closed", "Nobody rings this person about this."), _RING),
    ),
    ReviewClass(
        "without_authority", "results", "Somebody spoke for the person without authority",
        "The call went on with somebody who speaks for the person, and no authority is recorded that held on that day.",
        "no authority is recorded of who spoke for the person",
        (_keep("Let it stand", "The result counts. Record the authority if there is one."), _RING, _INCIDENT),
    ),
    ReviewClass(
        "message_not_allowed", "results", "A message left where none may be",
        "A message was left on a machine although the rules said to leave none for this person, number or attempt.",
        "a message was left although none may be",
        (_keep("Noted", "The call counts as it was recorded."), _INCIDENT),
    ),
    ReviewClass(
        "author_disabled", "results", "Recorded by somebody who has left",
        "It was handed in from an account that had been switched off meanwhile. It has taken effect.",
        "your account was closed meanwhile",
        (_keep("Let it stand", "Nothing changes: it counts like any other."),),
    ),
    ReviewClass(
        "undo_of_anothers", "results", "Taking back a colleague's result",
        "A caller took back a result that somebody else had recorded. It has not been done.",
        "the result was recorded by somebody else",
        (
            Act("reapply", "Take the result back", "The colleague's result no longer counts; it stays in the history."),
            _keep("The result stands", "Nothing changes."),
        ),
    ),
    ReviewClass(
        "undo_of_unknown", "results", "Taking back a result nobody knows",
        "A caller took back a result that never reached the centre.",
        "the result that was taken back is not known",
        (_keep("Nothing to do", "Nothing changes."), _REAPPLY),
    ),
    ReviewClass(
        "review_date", "results", "Held until today",
        "The case was held until a day that has come.",
        "the case is being looked at again",
        (_RING, _keep("Leave it held", "The case stays where it is.")),
    ),
    ReviewClass(
        "correction_conflict", "corrections", "A correction that clashes",
        "The detail had been changed to something else before this correction came. What we hold has stayed.",
        "the detail had been changed meanwhile",
        (_TAKE_VALUE, _REJECT),
    ),
    ReviewClass(
        "correction_after_end", "corrections", "A correction after the end",
        "The case had ended before this correction came. It goes to the practice, but our own copy has not followed.",
        "the case had ended before",
        (_keep("Pass it on only", "The practice is asked; our copy stays."), _TAKE_VALUE, _REJECT),
    ),
    ReviewClass(
        "two_promises", "promises", "Two promised calls",
        "Two callers promised this person a call. The promise that came last has the slot.",
        "a colleague had promised a call too",
        (
            _keep("The newer time holds", "The earlier promise stays cancelled."),
            Act("earlier", "The earlier time holds", "The newer promise is cancelled and the earlier one is kept."),
        ),
    ),
    ReviewClass(
        "promise_needs_its_maker", "promises", "A promise made in person",
        "The person asked for the caller who promised, and the case is now with somebody else.",
        "the person asked for you, and is now with a colleague",
        (_keep("Whoever has the case rings", "The promise holds and binds the team."),),
    ),
    ReviewClass(
        "promise_outside_hours", "promises", "A promise outside calling hours",
        "The time that was promised lies outside the hours in which this project may ring.",
        "the promised time lies outside calling hours",
        (
            _keep("The time holds", "The call is made at the promised time."),
            Act("cancel", "Cancel the promise", "Nobody rings at that time; the case goes back to dialling."),
        ),
    ),
    ReviewClass(
        "promise_after_end", "promises", "A promise after the end",
        "A call was promised on a case that had ended. The promise has been cancelled.",
        "the case had ended before",
        (
            _keep("It stays cancelled", "Nobody rings."),
            Act("reopen", "Keep the promise", "The case opens again and the person is rung at the promised time."),
        ),
    ),
    ReviewClass(
        "referral_after_end", "promises", "A referral after the end",
        "A referral was recorded on a case that had ended. It is held; nothing has been sent.",
        "the case had ended before",
        (_RELEASE, _WITHDRAW),
    ),
    ReviewClass(
        "duplicate_referral", "promises", "A second referral",
        "The same pathway was taken up a short while ago. This referral is held; nothing has been sent.",
        "the same referral was made a short while ago",
        (_WITHDRAW, _RELEASE),
    ),
    ReviewClass(
        "pathway_full", "promises", "A referral to a pathway that is full",
        "All places had been taken before this referral came. It is held; nothing has been sent.",
        "all places of the pathway had been taken",
        (_RELEASE, _WITHDRAW),
    ),
    ReviewClass(
        "withdrawal_of_unknown", "promises", "Withdrawing a referral nobody knows",
        "A caller withdrew a referral that never reached the centre.",
        "the referral that was withdrawn is not known",
        (_keep("Nothing to do", "Nothing changes."), _REAPPLY),
    ),
    ReviewClass(
        "referral_without_consent", "promises", "A referral without consent",
        "A referral that sends the person's data was recorded without a yes. It is held and cannot be sent.",
        "the person's consent is missing",
        (_WITHDRAW,),
    ),
    ReviewClass(
        "referral_without_authority", "promises", "Agreed by somebody without authority",
        "Somebody else agreed for the person, under no authority that covers it. It is held; nothing has been sent.",
        "no authority is recorded for who agreed",
        (_WITHDRAW, _RELEASE),
    ),
    ReviewClass(
        "withdrawal_without_authority", "promises", "Withdrawn by somebody without authority",
        "Somebody else took a referral back, under no authority that covers it. It has stopped: stopping always may.",
        "no authority is recorded for who withdrew it",
        (_keep("It stays withdrawn", "Ask the person in the next call."),),
    ),
    ReviewClass(
        "never_in_scope", "aside", "About a person who was never theirs",
        "It is about a person who was never on the sender's list. It is stored and has had no effect.",
        "this person was never on your list",
        _STRANGE,
    ),
    ReviewClass(
        "revoked_device", "aside", "From a workstation that was shut out",
        "It came from a workstation that had been taken out of use. It is stored and has had no effect.",
        "this workstation was shut out",
        _STRANGE,
    ),
    ReviewClass(
        "id_reuse", "aside", "The same number with other content",
        "A second content came under the number of an earlier change. Both are stored; only the first has had effects.",
        "the same entry arrived with other content",
        (_DISMISS, _INCIDENT),
    ),
    ReviewClass(
        "unknown_schema", "aside", "Not known to the centre yet",
        "It was recorded by a newer program than the centre's. It is stored and has had no effect.",
        "the centre does not know this kind of entry yet",
        _AGAIN,
    ),
    ReviewClass(
        "judging_failed", "aside", "Could not be judged",
        "A fault of the centre's program kept it from taking effect. It is stored.",
        "the centre could not take it in",
        _AGAIN,
    ),
    ReviewClass(
        "malformed", "aside", "Cannot be read",
        "It did not come in the agreed form. It is stored as it came and has had no effect.",
        "the centre could not read it",
        _AGAIN,
    ),
    ReviewClass(
        "opaque", "aside", "Handed in unread",
        "The centre could not take it in as it was, so the workstation handed in the bytes. It has had no effect.",
        "the centre could not read it",
        _AGAIN,
    ),
    ReviewClass(
        "too_large", "aside", "Too large",
        "It was larger than a change may be. It is stored and has had no effect.",
        "it was too large",
        _AGAIN,
    ),
    ReviewClass(
        "unknown_outcome", "aside", "A result the centre does not know",
        "It holds a result code that is not in the catalogue. It is stored and has had no effect.",
        "the centre does not know this result",
        _AGAIN,
    ),
    ReviewClass(
        "unknown_correction", "aside", "A correction the centre does not know",
        "It holds a kind of correction that is not in the catalogue. It is stored and has had no effect.",
        "the centre does not know this kind of correction",
        _AGAIN,
    ),
)  # fmt: skip
CLASSES = {one.code: one for one in _CLASSES}
_SAFETY = "_safety"  # put aside, and about a person's safety
QUARANTINED = frozenset(one.code for one in _CLASSES if one.group == "aside")

_DECIDED = {
    "keep": "it stays as it stands",
    "late_only": "it counts as late and decides nothing",
    "no_incident": "it was no incident; it stays in the history",
    "incident": "it is treated as an incident; your supervisor will speak with you",
    "take": "it was taken over",
    "earlier": "what had been recorded before holds",
    "ring_again": "the person is rung again",
    "reject": "it was not taken over",
    "cancel": "the promise was cancelled",
    "reopen": "the promise is kept",
    "release": "it was sent on",
    "withdraw": "it was not sent",
    "reapply": "it has been taken in now",
    "dismiss": "it was put away without effect",
}


def class_of(code: str) -> ReviewClass:
    """Give a class; one put aside about safety is urgent, one not known here can only be left as it stands."""
    known = CLASSES.get(code)
    if known is not None:
        return known
    base = CLASSES.get(code.removesuffix(_SAFETY)) if code.endswith(_SAFETY) else None
    if base is not None:
        happened = f"It is about a person's safety. {base.happened}"
        return ReviewClass(code, "safety", f"Safety: {base.title[0].lower()}{base.title[1:]}", happened, base.said,
                           base.acts, urgent=True)  # fmt: skip
    words = code.replace("_", " ")
    return ReviewClass(code, "results", words[:1].upper() + words[1:], "The centre asks a person to decide.", words,
                       (_keep(),))  # fmt: skip


def codes_of(group: Group) -> tuple[str, ...]:
    """Give the known classes of a group; safety also has every class put aside about safety."""
    own = [one.code for one in _CLASSES if one.group == group]
    return tuple(own + [code + _SAFETY for code in sorted(QUARANTINED)] if group == "safety" else own)


def urgent_codes() -> tuple[str, ...]:
    """Give the classes that are looked at before all others."""
    return tuple(code for code in codes_of("safety") if class_of(code).urgent)


def act_of(review_class: str, code: str) -> Act | None:
    """Give an act of a class; None where it does not fit."""
    return next((one for one in class_of(review_class).acts if one.code == code), None)


def settled_reason(act: str) -> str:
    """Give the reason a change carries once its review is settled."""
    return SETTLED + act


def reason_words(reason: str) -> str:
    """Say a reason to the caller; one that is not known here is shown as it came, without its underscores."""
    if reason.startswith(SETTLED):
        decided = reason.removeprefix(SETTLED)
        return f"your supervisor has looked at it: {_DECIDED.get(decided, decided.replace('_', ' '))}"
    return _PLAIN.get(reason) or class_of(reason).said


_PLAIN = {
    "late": CLASSES["late_outcome"].said,
    "duplicate_contact": "a colleague recorded the same result",
    "same_claim_again": "the same correction was there already",
    "withdrawn_after_sending": "it had been sent already: the supervisor tells the service",
    "withdrawn_too_late": "it had ended before: nothing was left to withdraw",
}
