"""What workstation and centre say to each other, as msgspec structs shared by both ends.

Unknown fields are ignored (additive within a major). Every valid reply carries the `Standing` fields and echoes the
request id: anything else, whatever its status, is no reply.
"""

from typing import Annotated, Any, Literal

import msgspec

Verdict = Literal["received", "applied", "applied_review", "quarantined"]
# What the centre says is held to what files and headers can hold: anything else is no reply.
Count = Annotated[int, msgspec.Meta(ge=0, le=2**62)]
Span = tuple[Count, Count]  # of numbers: the first and the last
InHeader = Annotated[str, msgspec.Meta(pattern="^[!-~]{1,4000}$")]


class Reply(msgspec.Struct, kw_only=True):
    """Fields of every reply. `head` is the newest feed number of this user; `last_seq` the contiguous watermark.

    `resync_within`: after a restore, over how many seconds workstations spread what they send and read again.
    """

    request_id: str
    server_id: str
    epoch: str
    server_time: str
    last_seq: Count = 0
    durable_seq: Count = 0
    head: Count = 0
    resync_within: Count = 0


class Hello(Reply, kw_only=True):
    """`GET /v1/hello`, no sign-in: is this a centre, and which one?"""

    name: str
    protocol: int
    test_mode: bool


class SignIn(msgspec.Struct, kw_only=True):
    """`POST /v1/sign-in`."""

    name: str
    password: str


class SignedIn(Reply, kw_only=True):
    """Answer to sign-in and to refresh. `access_token` is short-lived; `refresh_token` lasts until `refresh_until`."""

    user_id: Count
    name: str
    shown_name: str
    role: str
    access_token: InHeader
    access_until: str
    refresh_token: str
    refresh_until: str


class Refresh(msgspec.Struct, kw_only=True):
    """`POST /v1/refresh`: a fresh access token without the password; the refresh token is replaced too."""

    refresh_token: str


class Register(msgspec.Struct, kw_only=True):
    """`POST /v1/register`: this installation and profile ask for a device id."""

    app: str
    proto_min: int = 1
    proto_max: int = 1


class Registered(Reply, kw_only=True):
    """The device id and what the centre can do."""

    device_id: InHeader
    features: list[str] = []


class PushedChange(msgspec.Struct, kw_only=True):
    """One change in a push; `data` is the payload of its kind, kept as sent. `sha256` is over the data bytes (hex)."""

    id: str
    seq: int
    kind: str
    schema: int
    rec: str | None
    base_ver: int | None = None
    assign_gen: int | None = None
    occurred_at: str
    mono: int = 0
    data: msgspec.Raw = msgspec.Raw(b"{}")


class Push(msgspec.Struct, kw_only=True, omit_defaults=True):
    """`POST /v1/push`: at most PUSH_CHANGES changes in device order (lane 0 batches excepted).

    Everything up to `acked_hw` has its receipt; so have the spans of `acked_beyond`, though something before them is
    still unsent (selective acknowledgement, as RFC 2018 has it for TCP): a centre that lacks any of it was put back.
    """

    device: str
    epoch: str
    batch: str
    acked_hw: int
    sent_at: str
    changes: list[PushedChange]
    acked_beyond: list[Span] = []


class PushResult(msgspec.Struct, kw_only=True):
    """What the centre made of one change; `dup` says it had it already."""

    id: str
    seq: Count
    verdict: Verdict
    dup: bool = False
    reason: str | None = None
    review_id: str | None = None
    ver: Count | None = None


class Pushed(Reply, kw_only=True):
    """Receipt per change: every id sent comes back."""

    batch: str
    results: list[PushResult]


class OpaqueChange(msgspec.Struct, kw_only=True):
    """A change the centre could not parse: its bytes in base64 with their sha256 (hex)."""

    id: str
    seq: int
    bytes64: str
    sha256: str


class PushOpaque(msgspec.Struct, kw_only=True):
    """`POST /v1/push/opaque`: stored without parsing, verdict quarantined."""

    device: str
    epoch: str
    batch: str
    changes: list[OpaqueChange]


class AskedChange(msgspec.Struct, kw_only=True):
    """A change a workstation asks about; `seq` 0 asks only whether the centre has it, under whatever number."""

    id: str
    seq: int = 0


class AskHeld(msgspec.Struct, kw_only=True):
    """`POST /v1/held`: does the centre hold these, and are they durable under these numbers of this device?"""

    device: str
    changes: list[AskedChange]


class Held(Reply, kw_only=True):
    """Names what it holds of what was asked, and which of that is durable: silence about an id is no proof."""

    held: list[str]
    durable: list[str]


# A pulled page is NDJSON: one `begin`, then `put`/`gone` in order of number, then `end`.
class Begin(msgspec.Struct, kw_only=True, tag_field="t", tag="begin"):
    """Opens a page: numbers (from, to], head of the same snapshot, how many lines follow, new token, lease."""

    request_id: str
    server_id: str
    epoch: str
    server_time: str
    last_seq: Count
    durable_seq: Count
    from_: Count = msgspec.field(name="from")
    to: Count
    head: Count
    n: Count
    token: str
    lease_until: str
    more: bool


class Put(msgspec.Struct, kw_only=True, tag_field="t", tag="put"):
    """A record as it now stands: kind, number, id, version, body (raw JSON object)."""

    k: Count
    s: Count
    id: str
    v: Count
    b: msgspec.Raw


class Gone(msgspec.Struct, kw_only=True, tag_field="t", tag="gone"):
    """A record that left this person's scope, and why (see WHY)."""

    k: Count
    s: Count
    id: str
    why: str


class End(msgspec.Struct, kw_only=True, tag_field="t", tag="end"):
    """Closes a page: `sha256` (hex) over every byte of the lines before it, newlines included."""

    to: Count
    sha256: str


class Reset(Reply, kw_only=True):
    """Instead of a page: read the list from zero (media type JSON)."""

    reset: bool
    why: str


class Head(Reply, kw_only=True):
    """`GET /v1/head`."""


WHY = ("reassigned", "opted_out", "closed", "withdrawn", "left_team", "superseded", "retention")


class Problem(msgspec.Struct, kw_only=True, omit_defaults=True):
    """RFC 9457 problem document; `code` is ours, stable; `sentence` may be shown to a person."""

    type: str
    title: str
    status: int
    code: str
    detail: str = ""
    request_id: str = ""
    retry_after: int | None = None
    errors: list[dict[str, Any]] = []
