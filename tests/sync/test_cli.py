"""`caller-sync`: one pass and a look into the outbox without a window, with exit codes a script can act on."""

from pathlib import Path

import pytest

from caller_app.base.errors import CentreUnreachable, Refused, SignInNeeded, Unavailable
from caller_app.base.paths import Paths
from caller_app.base.secrets import DEMO_MARK, FileSecrets
from caller_app.store.profile import CentreFile, LastSignIn, key_of, profile_of, write_centre
from caller_app.sync import cli
from caller_app.sync.faults import Busy, CentreFailed, NotServed
from tests.store import rig

NOBODY = "http://127.0.0.1:9"  # the discard port: nothing listens there


@pytest.fixture
def computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    paths = Paths(tmp_path / "home").make()
    (paths.home / DEMO_MARK).touch()
    monkeypatch.setenv("CALLER_APP_HOME", str(paths.home))
    monkeypatch.setenv("CALLER_APP_DEMO_KEYS", "1")
    return paths


def signed_in_before(paths: Paths) -> None:
    last = LastSignIn(
        user_id=rig.ME.user_id,
        name=rig.ME.name,
        shown_name=rig.ME.shown_name,
        role=rig.ME.role,
        server_id=rig.SERVER,
        server_name="Test centre",
        test_mode=True,
    )
    write_centre(paths, CentreFile(url=NOBODY, last=last))
    profile = profile_of(paths, rig.SERVER, rig.ME.user_id)
    store = rig.opened(profile.folder, key=key_of(profile, FileSecrets(paths.home)))
    store.write(lambda unit: unit.record(rig.note(rig.item(1), "words nobody prints")))
    store.close()


def test_a_computer_nobody_signed_in_on_is_wrong_use(computer: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["outbox"]) == cli.USAGE
    assert "Nobody has signed in" in capsys.readouterr().err


def test_an_unknown_command_is_wrong_use(computer: Paths) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(["everything"])
    assert caught.value.code == cli.USAGE


def test_the_outbox_is_listed_by_id_and_kind_only(computer: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    signed_in_before(computer)
    assert cli.main(["outbox"]) == cli.UNSENT
    out = capsys.readouterr().out
    assert "note_added" in out
    assert "PENDING" in out
    assert "words nobody prints" not in out


def test_without_a_kept_sign_in_a_password_is_needed(computer: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    signed_in_before(computer)
    assert cli.main(["once"]) == cli.PASSWORD
    assert "password" in capsys.readouterr().err


def test_a_centre_out_of_reach_leaves_the_work_unsent(computer: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    signed_in_before(computer)
    profile = profile_of(computer, rig.SERVER, rig.ME.user_id)
    FileSecrets(computer.home).set(f"{profile.name}/session", "a refresh token")
    assert cli.main(["once"]) == cli.UNREACHABLE
    assert "cannot be reached" in capsys.readouterr().err
    assert cli.main(["outbox"]) == cli.UNSENT


def test_no_qt_is_loaded(computer: Paths) -> None:
    import subprocess
    import sys

    program = "import sys, caller_app.sync.cli; print('PySide6' in sys.modules, 'caller_app.client' in sys.modules)"
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False False"


def test_where_only_the_centre_is_installed_one_sentence_says_so(computer: Paths) -> None:
    import subprocess
    import sys

    program = (
        "import sys\n"
        "for name in ('requests', 'sqlcipher3', 'keyring', 'truststore'): sys.modules[name] = None\n"
        "from caller_app.sync.cli import main\n"
        "sys.exit(main(['outbox']))"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == cli.HERE
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "install caller-app[workstation]" in done.stderr


def test_files_in_use_by_the_window_are_something_on_this_computer(
    computer: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    signed_in_before(computer)
    profile = profile_of(computer, rig.SERVER, rig.ME.user_id)
    store = rig.opened(profile.folder, key=key_of(profile, FileSecrets(computer.home)))
    try:
        assert cli.main(["outbox"]) in (cli.HERE, cli.USAGE)
        assert "open" in capsys.readouterr().err
    finally:
        store.close()


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (SignInNeeded("x"), cli.PASSWORD),
        (CentreUnreachable("x", portal=True), cli.UNREACHABLE),
        (Busy("x", 3), cli.UNREACHABLE),
        (CentreFailed("x"), cli.UNREACHABLE),
        (NotServed("x", wipe=True), cli.BARRED),
        (Unavailable("x"), cli.HERE),
        (Refused("x"), cli.USAGE),
    ],
)
def test_the_exit_code_says_what_happened(fault: Refused | Unavailable, code: int) -> None:
    assert cli._code(fault) == code
