"""The centre refuses to start half configured, and says in one sentence what is missing."""

import stat
import sys
from pathlib import Path

import pytest

from caller_app.base.errors import Refused
from caller_app.central.settings import keep_stop_list_key, read_settings

GOOD = {
    "CALLER_CENTRAL_DATABASE_URL": "postgresql://db.example/caller",
    "CALLER_CENTRAL_STOP_LIST_KEY": "ab" * 32,
    "PATH": "/usr/bin",
}


def test_what_is_given_is_taken() -> None:
    settings = read_settings({**GOOD, "CALLER_CENTRAL_NAME": "Norwich", "CALLER_CENTRAL_TEST_MODE": "yes",
                              "CALLER_CENTRAL_OLDEST_EXTRACT_DAYS": "14"})  # fmt: skip
    assert (settings.name, settings.test_mode, settings.oldest_extract_days) == ("Norwich", True, 14)
    assert "ab" * 4 not in repr(settings)
    assert "db.example" not in repr(settings)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"CALLER_CENTRAL_DATABASE_URL": ""}, "No database"),
        ({"CALLER_CENTRAL_DATABASE_URL": "mysql://x"}, "postgresql://"),
        ({"CALLER_CENTRAL_STOP_LIST_KEY": ""}, "STOP_LIST_KEY is missing"),
        ({"CALLER_CENTRAL_STOP_LIST_KEY": "abc"}, "64 hexadecimal"),
        ({"CALLER_CENTRAL_TEST_MODE": "perhaps"}, "yes or no"),
        ({"CALLER_CENTRAL_OLDEST_EXTRACT_DAYS": "-1"}, "1 to 366"),
        ({"CALLER_CENTRAL_LOG_LEVEL": "loud"}, "one of"),
        ({"CALLER_CENTRAL_DATABSE_URL": "x"}, "not known"),
    ],
)
def test_what_is_wrong_is_said(change: dict[str, str], said: str) -> None:
    with pytest.raises(Refused, match=said):
        read_settings({**GOOD, **change})


def test_an_embedded_centre_makes_its_stop_list_key_once_and_for_its_owner_only(tmp_path: Path) -> None:
    first = keep_stop_list_key(tmp_path)
    assert keep_stop_list_key(tmp_path) == first
    if sys.platform != "win32":
        assert stat.S_IMODE((tmp_path / "stop-list.key").stat().st_mode) == 0o600
    (tmp_path / "stop-list.key").write_text("damaged")
    with pytest.raises(Refused, match="64 hexadecimal"):
        keep_stop_list_key(tmp_path)
