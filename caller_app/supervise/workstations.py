"""The workstations asked of the centre: what each last said, what is still on it, and taking one out of use."""

from caller_app.protocol.supervision import RecordsToGo, Revoked, RevokeWorkstation, Workstations
from caller_app.supervise.board import PAGE, Asks


def workstations(api: Asks) -> Workstations:
    """Ask for every workstation and for the latest reassignments with who has taken them."""
    return api.ask("GET", "/v1/supervise/workstations", Workstations)


def records_to_go(api: Asks, *, device_id: str, offset: int = 0, limit: int = PAGE) -> RecordsToGo:
    """Ask for the records on one workstation that should be gone."""
    return api.ask(
        "GET",
        f"/v1/supervise/workstations/{device_id}/to-go",
        RecordsToGo,
        params={"offset": offset, "limit": limit},
    )


def revoke_workstation(api: Asks, *, device_id: str, why: str) -> Revoked:
    """Take a workstation out of use; asking twice does it once."""
    return api.ask("POST", f"/v1/supervise/workstations/{device_id}/revoke", Revoked, body=RevokeWorkstation(why=why))
