"""That a copy of what is kept here was made for support: written down before the file is, and sent like all else.

What a reader would get wrong: a copy with words is noted once for each person in it, so that it stands in the record
of who looked at whom. One without words holds nothing of anybody; that it was made is noted once, with the newest
entry.
"""

from caller_app.base.ids import new_id
from caller_app.domain.changes import Accessed
from caller_app.store.engine import quick
from caller_app.store.unit import Unit

WITHOUT_WORDS = "without words: nothing of this person is in it"


def note_copy(unit: Unit, *, with_words: bool) -> int:
    """Write down that a copy is made for support; gives about how many people it says something, 0 without words."""
    found = "SELECT rec_id, max(dseq) AS newest FROM outbox WHERE rec_id IS NOT NULL GROUP BY rec_id ORDER BY newest"
    cases = [case_id for case_id, _newest in quick(unit.outbox, found)]
    act_id = new_id()
    for case_id in cases if with_words else cases[-1:]:
        detail = "with words" if with_words else WITHOUT_WORDS
        unit.record(Accessed(case_id=case_id, act_id=act_id, what="copied", detail=detail))
    return len(cases) if with_words else 0
