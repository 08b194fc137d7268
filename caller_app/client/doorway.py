"""Before anybody is signed in: which centre, is it one, and who comes in. Nothing blocks; every answer is a future.

What a reader would get wrong: with the centre out of reach, only the person last signed in gets in, and what they get
is their own profile. A wrong password at a centre that answers never falls back to the local check.
"""

import contextlib
import functools
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from caller_app.base.clock import Clock
from caller_app.base.errors import CentreUnreachable, Refused, SignInNeeded, Unavailable
from caller_app.base.paths import Paths, resource_text
from caller_app.base.secrets import Secrets
from caller_app.store.profile import CentreFile, LastSignIn, key_of, profile_of, read_centre, write_centre

# Everything that brings SQLAlchemy, requests or argon2 is imported inside the deeds below, which run on the doorway's
# lane: the window paints sign-in before they are loaded, and `warm` loads them meanwhile.
if TYPE_CHECKING:
    from concurrent.futures import Future

    from caller_app.base.lanes import Lane
    from caller_app.client.client import Client
    from caller_app.domain.rulebook import Rulebook
    from caller_app.protocol.messages import SignedIn
    from caller_app.sync.api import Api
    from caller_app.sync.credentials import Tokens

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Remembered:
    """What this installation knows before a sign-in."""

    url: str
    ca_file: Path | None
    last_name: str | None


@dataclass(frozen=True, slots=True)
class CentreInfo:
    """A centre that answered as one."""

    name: str
    test_mode: bool
    server_id: str


class Doorway:
    """The way in. `secrets` may be a function that opens the key store, which is then called off this thread."""

    def __init__(
        self,
        paths: Paths,
        clock: Clock,
        secrets: Secrets | Callable[[], Secrets],
        *,
        transport: Callable[[], Any] | None = None,
    ) -> None:
        self._paths = paths
        self._clock = clock
        self._secrets = secrets
        self._opened: Secrets | None = None
        self._transport = transport
        self._doing: Lane | None = None

    def remembered(self) -> Remembered | None:
        """Give the centre and the name that were used last; reads one small file."""
        file = read_centre(self._paths)
        if file is None:
            return None
        return Remembered(file.url, Path(file.ca_file) if file.ca_file else None, file.last.name if file.last else None)

    def check_centre(self, url: str, ca_file: Path | None = None) -> "Future[CentreInfo]":
        """Ask whether there is a centre at an address; nothing is remembered yet."""
        return self._lane.submit(self._check_centre, url, ca_file)

    def remember_centre(self, url: str, ca_file: Path | None = None) -> None:
        """Keep the centre's address (and CA file) for next time."""
        from caller_app.sync.address import checked_url

        url = checked_url(url)
        file = read_centre(self._paths)
        last = file.last if file is not None and file.url == url else None
        write_centre(self._paths, CentreFile(url=url, ca_file=str(ca_file) if ca_file else None, last=last))

    def sign_in(self, name: str, password: str) -> "Future[Client]":
        """Sign in and open the profile; offline for the person last signed in, within 12 hours."""
        return self._lane.submit(self._sign_in, name.strip(), password)

    def warm(self) -> "Future[None]":
        """Load behind the window what a sign-in will need."""
        return self._lane.submit(self._warm)

    def close(self) -> None:
        """End the doorway's own thread; clients go on, and a sign-in under way is not waited for."""
        if self._doing is not None:
            self._doing.close(drain=False)

    @property
    def _lane(self) -> "Lane":
        if self._doing is None:
            from caller_app.base.lanes import Lane

            self._doing = Lane("door")
        return self._doing

    def _warm(self) -> None:
        _load()
        _rules()
        file = read_centre(self._paths)
        # What is the matter with the key store or the certificate is said when somebody signs in.
        with contextlib.suppress(Refused, Unavailable):
            self._key_store()
        if file is not None:
            with contextlib.suppress(Refused, Unavailable):
                self._api(file.url, Path(file.ca_file) if file.ca_file else None).close()

    def _key_store(self) -> Secrets:
        if self._opened is None:
            self._opened = self._secrets() if callable(self._secrets) else self._secrets
        return self._opened

    def _api(self, url: str, ca_file: Path | None, **more: Any) -> "Api":
        from caller_app.sync.api import Api

        transport = self._transport() if self._transport is not None else None
        return Api(url, ca_file=ca_file, transport=transport, **more)

    def _check_centre(self, url: str, ca_file: Path | None) -> CentreInfo:
        api = self._api(url, ca_file)
        try:
            hello = api.hello()
        finally:
            api.close()
        return CentreInfo(hello.name, hello.test_mode, hello.server_id)

    def _sign_in(self, name: str, password: str) -> "Client":
        from caller_app.client import unlock

        file = read_centre(self._paths)
        if file is None:
            raise Refused("Give the centre's address first.", field="url")
        if not name or not password:
            raise Refused("Give your name and your password.", field="name" if not name else "password")
        secrets = self._key_store()
        ca_file = Path(file.ca_file) if file.ca_file else None
        api = self._api(file.url, ca_file)
        try:
            hello = api.hello()
            signed = api.sign_in(name, password)
        except SignInNeeded:
            raise Refused("Name or password is not right.", field="password") from None
        except Unavailable as fault:
            log.info("sign-in without the centre: %s", type(fault).__name__)
            return self._sign_in_offline(file, secrets, name, password, fault)
        finally:
            api.close()
        if signed.role == "administrator":
            raise Refused(
                "This account manages accounts and sees no patients; it has nothing to open here.", field="name"
            )
        last = LastSignIn(
            user_id=signed.user_id,
            name=signed.name,
            shown_name=signed.shown_name,
            role=signed.role,
            server_id=signed.server_id,
            server_name=hello.name,
            test_mode=hello.test_mode,
        )
        write_centre(self._paths, CentreFile(url=file.url, ca_file=file.ca_file, last=last))
        unlock.remember(secrets, profile_of(self._paths, last.server_id, last.user_id).name, password, self._clock)
        return self._open(file.url, ca_file, secrets, last, _tokens(signed), offline=False)

    def _sign_in_offline(
        self, file: CentreFile, secrets: Secrets, name: str, password: str, fault: Unavailable
    ) -> "Client":
        from caller_app.client import unlock
        from caller_app.sync.credentials import Tokens

        last = file.last
        silent = isinstance(fault, CentreUnreachable) and fault.no_answer
        words = "The centre cannot be reached." if silent else fault.sentence
        portal = getattr(fault, "portal", False)
        if last is None:
            first = " The first sign-in on this computer needs the centre: check the network, then try again."
            raise CentreUnreachable(words + first, portal=portal, no_answer=silent)
        if name.casefold() != last.name.casefold():
            raise CentreUnreachable(
                f"{words} Until it can be reached, only {last.shown_name} can open this computer's list.",
                portal=portal,
                no_answer=silent,
            )
        profile = profile_of(self._paths, last.server_id, last.user_id)
        unlock.check(secrets, profile.name, password, self._clock)
        refresh = secrets.get(f"{profile.name}/session")
        tokens = Tokens(access="", refresh=refresh) if refresh else None
        ca_file = Path(file.ca_file) if file.ca_file else None
        return self._open(file.url, ca_file, secrets, last, tokens, offline=True)

    def _open(
        self,
        url: str,
        ca_file: Path | None,
        secrets: Secrets,
        last: LastSignIn,
        tokens: "Tokens | None",
        *,
        offline: bool,
    ) -> "Client":
        from caller_app.base.notices import Board
        from caller_app.client.client import Client
        from caller_app.domain.staff import User
        from caller_app.store.opening import open_store
        from caller_app.sync.credentials import Credentials

        self._paths.make()
        profile = profile_of(self._paths, last.server_id, last.user_id)
        me = User(user_id=last.user_id, name=last.name, shown_name=last.shown_name, role=last.role)  # type: ignore[arg-type]
        store = open_store(
            profile.folder,
            key_of(profile, secrets),
            me=me,
            server_id=last.server_id,
            rules=_rules(),
            clock=self._clock,
            board=Board(),
            test_mode=last.test_mode,
        )

        def keep(refresh: str | None) -> None:
            if refresh is None:
                secrets.drop(f"{profile.name}/session")
            else:
                secrets.set(f"{profile.name}/session", refresh)

        credentials = Credentials(tokens)
        credentials.keep_with(keep)
        shared: dict[str, Any] = {"credentials": credentials, "server_id": last.server_id}
        return Client(
            store,
            sync_api=self._api(url, ca_file, before_request=store.assert_free, **shared),
            ask_api=self._api(url, ca_file, **shared),
            clock=self._clock,
            secrets=secrets,
            profile=profile,
            server_name=last.server_name,
            offline_since=self._clock.now() if offline else None,
        )


def _tokens(signed: "SignedIn") -> "Tokens":
    from caller_app.sync.credentials import Tokens

    return Tokens(signed.access_token, signed.refresh_token, signed.refresh_until)


def _load() -> None:
    from caller_app.base.version import program_version
    from caller_app.client import client, unlock
    from caller_app.commands import attempts, calls, corrections
    from caller_app.domain import rebase
    from caller_app.queries import cards, catalogue, lists
    from caller_app.store import engine, opening

    loaded = (client, attempts, calls, corrections, rebase, cards, catalogue, lists, opening)
    unlock.load()
    engine.sqlite_error()  # loads the driver
    log.debug("version %s, loaded %s", program_version(), ", ".join(one.__name__ for one in loaded))


@functools.cache
def _rules() -> "Rulebook":
    from caller_app.domain.rulebook import read_rulebook

    return read_rulebook(resource_text)
