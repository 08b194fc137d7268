"""The key store accepts only what is safe; data files are found wherever the program lies."""

import sys
from pathlib import Path

import keyring  # noqa: TID253 - no start-up to keep quick here
import keyring.backend  # noqa: TID253 - no start-up to keep quick here
import keyring.backends.fail  # noqa: TID253 - no start-up to keep quick here
import keyring.backends.null  # noqa: TID253 - no start-up to keep quick here
import pytest

from caller_app.base import paths as paths_module
from caller_app.base.errors import Refused
from caller_app.base.paths import Paths, alembic_path, resource_path, resource_text, user_paths
from caller_app.base.secrets import DEMO_MARK, FileSecrets, KeyringSecrets, MemorySecrets, Secrets, open_secrets


class Forgetful(keyring.backend.KeyringBackend):
    """Looks like a safe one and keeps nothing."""

    priority = 1

    def get_password(self, service: str, username: str) -> str | None:
        return None

    def set_password(self, service: str, username: str, password: str) -> None:
        return

    def delete_password(self, service: str, username: str) -> None:
        raise keyring.errors.PasswordDeleteError("none")


class Sound(Forgetful):
    def __init__(self) -> None:
        super().__init__()
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.held[service, username] = password


class Plain(Sound):
    """A store in plain text, as keyrings.alt has one."""


# Backends are known by their module: one that passes for the system's own, one that gives itself away.
Forgetful.__module__ = Sound.__module__ = "keyring.backends.SecretService"
Plain.__module__ = "keyrings.alt.file"


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    before = keyring.get_keyring()
    yield keyring.set_keyring
    keyring.set_keyring(before)


@pytest.mark.parametrize("backend", [keyring.backends.fail.Keyring, keyring.backends.null.Keyring, Plain])
def test_a_store_that_is_none_or_plain_text_is_refused_in_words(chosen, backend: type) -> None:  # type: ignore[no-untyped-def]
    chosen(backend())
    with pytest.raises(Refused, match="no safe key store"):
        KeyringSecrets()


def test_a_value_that_was_not_kept_is_noticed_at_once(chosen) -> None:  # type: ignore[no-untyped-def]
    chosen(Forgetful())
    with pytest.raises(Refused, match="did not keep"):
        KeyringSecrets().set("name", "value")


def test_a_sound_store_keeps_and_forgets(chosen) -> None:  # type: ignore[no-untyped-def]
    chosen(Sound())
    secrets = KeyringSecrets()
    secrets.set("name", "value")
    assert secrets.get("name") == "value"
    assert secrets.get("other") is None
    secrets.drop("other")
    assert not secrets.in_file
    assert "value" not in repr(secrets)


@pytest.mark.parametrize("make", [lambda _folder: MemorySecrets(), FileSecrets])
def test_the_other_stores_keep_and_forget_too(tmp_path: Path, make) -> None:  # type: ignore[no-untyped-def]
    secrets: Secrets = make(tmp_path)
    assert secrets.get("name") is None
    secrets.set("name", "value")
    secrets.set("other", "more")
    secrets.drop("name")
    assert (secrets.get("name"), secrets.get("other")) == (None, "more")
    assert "more" not in repr(secrets)


def test_keys_in_a_file_need_the_wish_and_a_folder_marked_as_a_demo_s(tmp_path: Path, chosen) -> None:  # type: ignore[no-untyped-def]
    paths = Paths(tmp_path).make()
    with pytest.raises(Refused, match="demo"):
        open_secrets(paths, {"CALLER_APP_DEMO_KEYS": "1"})
    (tmp_path / DEMO_MARK).touch()
    secrets = open_secrets(paths, {"CALLER_APP_DEMO_KEYS": "1"})
    assert secrets.in_file
    secrets.set("name", "value")
    if sys.platform != "win32":
        assert (tmp_path / "demo-keys.json").stat().st_mode & 0o077 == 0
    chosen(keyring.backends.fail.Keyring())
    with pytest.raises(Refused, match="no safe key store"):
        open_secrets(paths, {})


def test_the_data_folder_can_be_named_and_is_its_owner_s_alone(tmp_path: Path) -> None:
    paths = user_paths({"CALLER_APP_HOME": str(tmp_path / "here")}).make()
    assert paths.home == tmp_path / "here"
    if sys.platform != "win32":
        assert paths.home.stat().st_mode & 0o077 == 0
    assert "caller-app" in str(user_paths({}).home)


def test_data_files_are_found_in_the_source_tree_installed_and_frozen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert resource_text("outcomes.csv").startswith("code")
    assert (alembic_path("workstation") / "env.py").is_file()
    package = tmp_path / "site" / "caller_app"
    (package / "_data" / "resources").mkdir(parents=True)
    monkeypatch.setattr(paths_module, "__file__", str(package / "base" / "paths.py"))
    assert resource_path("a.csv") == package / "_data" / "resources" / "a.csv"
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path / "bundle"), raising=False)
    assert resource_path("a.csv") == tmp_path / "bundle" / "caller_app" / "_data" / "resources" / "a.csv"
