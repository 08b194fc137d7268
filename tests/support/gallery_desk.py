"""Pictures of the review desk and of the workstations."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from caller_app.base.clock import to_text
from caller_app.base.errors import CentreUnreachable
from caller_app.domain.reviews import GROUPS, class_of
from caller_app.protocol.supervision import (
    MoveOrder,
    OrderTaken,
    RecordsToGo,
    RecordToGo,
    ReviewAct,
    ReviewLine,
    ReviewRow,
    Reviews,
    ReviewSettled,
    ReviewSheet,
    Revoked,
    Workstation,
    Workstations,
)
from caller_app.supervise.reviews import review, reviews, settle_review
from caller_app.supervise.workstations import records_to_go, revoke_workstation, workstations
from tests.support.gallery import Stage, picture
from tests.support.gallery_board import REPLY, ago, supervisor
from tests.support.gallery_window import signed_in
from tests.support.qt import NOW, FakeClient

SMALL = (QSize(1366, 768),)
LONG = "Wilhelmina-Anastasia Featherstonehaugh-Cholmondeley"


def review_line(number: int, code: str, patient: str | None, who: str, **more: str | None) -> ReviewLine:
    """Give one line of the list."""
    known = class_of(code)
    facts: dict[str, str | None] = {"opened_at": ago(hours=number), "state": "open", **more}
    return ReviewLine(
        review_id=f"r{number}", review_class=code, group=known.group, title=known.title, urgent=known.urgent,
        who=who, patient=patient, project="Diabetes prevention", **facts,  # type: ignore[arg-type]
    )  # fmt: skip


OPEN = (
    review_line(4, "never_in_scope_safety", "Jo Ng", "Amina Yusuf"),
    review_line(2, "contact_after_optout", "Ruth Oyelaran-Whitcombe", "Ben Carter"),
    review_line(50, "contradictory_outcomes", LONG, "Ben Carter"),
    review_line(30, "correction_conflict", "Ravi Sharma", "Dai Evans"),
    review_line(9, "two_promises", "Zoë Müller", "Amina Yusuf"),
    review_line(7, "late_outcome", "Mohammed Abdul-Rahman", LONG),
    review_line(3, "opaque", None, "Dai Evans"),
)
SETTLED = (
    review_line(60, "late_outcome", "Jo Ng", "Ben Carter", state="resolved", settled_by="Sian Pritchard",
                settled_at=ago(minutes=20), settled_as="late_only"),
)  # fmt: skip


def sheet_of(line: ReviewLine) -> ReviewSheet:
    """Give a case in full."""
    known = class_of(line.review_class)
    rows = [
        ReviewRow(label="What", held="Call: Declined this time", came="Call: Will refer or book themselves"),
        ReviewRow(label="Made", held="3 Mar 2026, 09:12", came="3 Mar 2026, 08:40"),
        ReviewRow(label="Number", held="07700 900123", came="01632 960456"),
        ReviewRow(label="Pathway", came="The diabetes prevention programme"),
        ReviewRow(label="Note", held="Said she has no time before the summer.",
                  came="Her daughter Wilhelmina-Anastasia will book it with her at the weekend."),
        ReviewRow(label="Where the case stands",
                  held="Out of dialling until this is settled: two results disagree. With Ben Carter."),
    ]  # fmt: skip
    settled = line.state == "resolved"
    acts = [ReviewAct(code=one.code, label=one.label, will=one.will, asks_why=one.asks_why) for one in known.acts]
    return ReviewSheet(
        **REPLY,
        as_of=to_text(NOW),
        line=line,
        happened=known.happened,
        when="Amina Yusuf recorded it on 3 Mar 2026, 08:40; it reached the centre on 3 Mar 2026, 09:58. By the "
        "workstation's clock, which was off, it was 3 Mar 2026, 10:20.",
        held_by="From Ben Carter",
        came_by="From Amina Yusuf",
        rows=rows,
        acts=[] if settled else acts,
        settled_why="spoke with both callers" if settled else None,
    )


def desk_client(lines: tuple[ReviewLine, ...] = OPEN) -> FakeClient:
    """Give a supervisor whose centre has cases to decide and workstations."""
    client = supervisor()
    every = {one.review_id: one for one in (*lines, *SETTLED)}

    def page(show: str, group: str | None, offset: int, limit: int) -> Reviews:
        found = SETTLED if show == "settled" else tuple(one for one in lines if group in (None, one.group))
        counts = {key: sum(one.group == key for one in lines) for key in GROUPS}
        return Reviews(
            **REPLY, as_of=to_text(NOW), total=len(found), lines=list(found[offset : offset + limit]),
            open_by_group=counts,
        )  # fmt: skip

    client.set(reviews, page)
    client.set(review, lambda review_id: sheet_of(every[review_id]))
    client.set(
        settle_review,
        lambda review_id, act, **_why: ReviewSettled(
            **REPLY, review_id=review_id, done=True, by="Sian Pritchard", at=to_text(NOW), act=act,
            sentence="Settled: it was taken over.",
        ),
    )  # fmt: skip
    client.set(workstations, full_workstations())
    client.set(records_to_go, RecordsToGo(**REPLY, as_of=to_text(NOW), total=3, lines=list(TO_GO)))
    client.set(
        revoke_workstation,
        Revoked(**REPLY, device_id="d2", done=True, sentence="Ben Carter's workstation is out of use."),
    )
    return client


def station(number: int, person: str, **more: object) -> Workstation:
    """Give one workstation."""
    facts: dict[str, object] = {
        "user_id": number, "account": "active", "status": "active", "app_version": "caller-app 0.1.0",
        "registered_at": ago(days=40), "last_heard_at": ago(minutes=1), "unsent_said": 0,
        "unsent_said_at": ago(minutes=1), "received": 412, "to_go": 0, "to_go_since": None, "held_open": 0,
        "list_locked": False,
    }  # fmt: skip
    return Workstation(device_id=f"d{number}", person=person, **{**facts, **more})  # type: ignore[arg-type]


TO_GO = (
    RecordToGo(rec_id="k1", what="Ruth Oyelaran-Whitcombe", why="opted_out", since=ago(hours=26), held_open=False),
    RecordToGo(rec_id="k2", what=LONG, why="reassigned", since=ago(hours=3), held_open=True),
    RecordToGo(rec_id="k3", what="Jo Ng", why="reassigned", since=ago(hours=3), held_open=False),
)


def full_workstations() -> Workstations:
    """Give workstations in every state."""
    return Workstations(
        **REPLY,
        as_of=to_text(NOW),
        own_device="d4",
        lines=[
            station(2, "Ben Carter", last_heard_at=ago(hours=26), unsent_said=3, unsent_said_at=ago(hours=26), to_go=3,
                    to_go_since=ago(hours=26), held_open=1),
            station(3, LONG, status="revoked", last_heard_at=ago(days=4), to_go=112, list_locked=True),
            station(1, "Amina Yusuf"),
            station(5, "Dai Evans", account="draining", unsent_said=None, unsent_said_at=None, last_heard_at=None,
                    app_version=None),
            station(4, "Sian Pritchard", received=7),
        ],
        orders=[
            MoveOrder(reassign_id="o1", at=ago(hours=3), giver="Ben Carter", giver_id=2, taker="Amina Yusuf",
                      by="Sian Pritchard", why="on leave until Monday", cases=40, promises=3,
                      devices=[OrderTaken(device_id="d2", taken_at=None, last_heard_at=ago(hours=26),
                                          status="active")]),
            MoveOrder(reassign_id="o2", at=ago(days=2), giver="Amina Yusuf", giver_id=1, taker=LONG, by=None,
                      why="evening shift", cases=12, promises=0,
                      devices=[OrderTaken(device_id="d1", taken_at=ago(hours=47), last_heard_at=ago(minutes=1),
                                          status="active")]),
            MoveOrder(reassign_id="o3", at=ago(days=9), giver="Dai Evans", giver_id=5, taker="Ben Carter",
                      by="Sian Pritchard", why="ill", cases=1, promises=1, devices=[]),
        ],
    )  # fmt: skip


def at_reviews(stage: Stage, client: FakeClient, row: int = 2) -> QWidget:
    """Give the review desk with a case chosen."""
    made = signed_in(stage, client, "reviews")
    made.built("reviews").table.selectRow(row)
    stage.settle()
    return made


@picture("reviews")
def reviews_full(stage: Stage) -> QWidget:
    return at_reviews(stage, desk_client())


@picture("reviews-settled", sizes=SMALL)
def reviews_settled(stage: Stage) -> QWidget:
    made = signed_in(stage, desk_client(), "reviews")
    made.built("reviews").filters.buttons["settled"].click()
    stage.settle()
    return made


@picture("reviews-settle", sizes=SMALL)
def reviews_settle(stage: Stage) -> QWidget:
    made = at_reviews(stage, desk_client())
    made.resize(1366, 768)
    made.show()
    screen = made.built("reviews")
    screen.open_settle("take")
    screen._dialog.deed.click()
    stage.settle()
    return made


@picture("reviews-done", sizes=SMALL)
def reviews_done(stage: Stage) -> QWidget:
    made = at_reviews(stage, desk_client())
    made.built("reviews").presenter.on_settle("take", "spoke with both")
    stage.settle()
    return made


@picture("reviews-empty", sizes=SMALL)
def reviews_empty(stage: Stage) -> QWidget:
    return signed_in(stage, desk_client(()), "reviews")


@picture("reviews-never", sizes=SMALL)
def reviews_never(stage: Stage) -> QWidget:
    client = desk_client()
    client.set(reviews, CentreUnreachable("The centre cannot be reached."))
    return signed_in(stage, client, "reviews")


@picture("workstations")
def workstations_full(stage: Stage) -> QWidget:
    return signed_in(stage, desk_client(), "workstations")


@picture("workstations-own", sizes=SMALL)
def workstations_own(stage: Stage) -> QWidget:
    made = signed_in(stage, desk_client(), "workstations")
    made.built("workstations").table.selectRow(4)
    stage.settle()
    return made


@picture("workstations-revoke", sizes=SMALL)
def workstations_revoke(stage: Stage) -> QWidget:
    made = signed_in(stage, desk_client(), "workstations")
    made.resize(1366, 768)
    made.show()
    made.built("workstations").open_revoke()
    stage.settle()
    return made


@picture("workstations-unreachable", sizes=SMALL)
def workstations_unreachable(stage: Stage) -> QWidget:
    client = desk_client()
    made = signed_in(stage, client, "workstations")
    client.set(workstations, CentreUnreachable("The centre cannot be reached."))
    stage.clock.pass_by(minutes=4)
    made.built("workstations").presenter.refresh()
    stage.settle()
    return made


@picture("workstations-empty", sizes=SMALL)
def workstations_empty(stage: Stage) -> QWidget:
    client = desk_client()
    client.set(workstations, Workstations(**REPLY, as_of=to_text(NOW), own_device=None, lines=[], orders=[]))
    return signed_in(stage, client, "workstations")
