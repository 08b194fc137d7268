"""The referrals asked of the centre: the list, one in full, and the one act that moves it on."""

from caller_app.protocol.referrals import MoveReferral, ReferralMoved, Referrals, ReferralSheet
from caller_app.supervise.board import PAGE, Asks


def referrals(
    api: Asks, *, show: str = "open", pathway: str | None = None, offset: int = 0, limit: int = PAGE
) -> Referrals:
    """Ask for one page: everything underway, or one state; of one pathway where it is named."""
    params: dict[str, str | int] = {"show": show, "offset": offset, "limit": limit}
    if pathway is not None:
        params["pathway"] = pathway
    return api.ask("GET", "/v1/supervise/referrals", Referrals, params=params)


def referral(api: Asks, *, referral_id: str) -> ReferralSheet:
    """Ask for one referral in full."""
    return api.ask("GET", f"/v1/supervise/referrals/{referral_id}", ReferralSheet)


def move_referral(api: Asks, *, referral_id: str, was: str, to: str, why: str = "") -> ReferralMoved:
    """Move a referral on; asking twice does it once."""
    body = MoveReferral(was=was, to=to, why=why)
    return api.ask("POST", f"/v1/supervise/referrals/{referral_id}/move", ReferralMoved, body=body)
