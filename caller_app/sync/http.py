"""The one place that makes HTTP sessions: time-outs, no redirects, certificates as this machine or a given CA says.

What a reader would get wrong: `requests` follows redirects, reads `.netrc` over our own Authorization, and trusts the
certificates it ships. Hospital proxies re-sign TLS with a certificate the system knows, so the system's store is used
(`truststore`), or the one CA file the person was given. Plain HTTP is for this machine only.
"""

import io
import socket
import ssl
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from http.client import HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool

from caller_app.base.errors import Refused
from caller_app.sync.address import is_loopback

CONNECT_SECONDS = 5.0
READ_SECONDS = 30.0
REPLY_SECONDS = 120.0  # for one whole reply, however slowly it drips in: a smaller page is asked for after that


_meanwhile: ContextVar[Callable[[], None] | None] = ContextVar("meanwhile", default=None)


@contextmanager
def doing_meanwhile(work: Callable[[], None] | None) -> Iterator[None]:
    """Have work done, once, while the next request on this thread is with the centre; it may not raise.

    Only what saves time belongs here: where the request cannot even be sent it is left undone.
    """
    token = _meanwhile.set(work)
    try:
        yield
    finally:
        _meanwhile.reset(token)


def meanwhile() -> None:
    """Do what was left for now: a request has just been sent, and its reply is some time off."""
    work = _meanwhile.get()
    if work is not None:
        _meanwhile.set(None)
        work()


class SystemTrust(HTTPAdapter):
    """An adapter that checks certificates against the system's store, or against one CA file."""

    reply_seconds = REPLY_SECONDS

    def __init__(self, ca_file: Path | None) -> None:
        if ca_file is None:
            import truststore

            self._context: ssl.SSLContext = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        else:
            try:
                self._context = ssl.create_default_context(cafile=str(ca_file))
            except (OSError, ssl.SSLError):
                raise Refused("The certificate file cannot be read.", field="ca_file") from None
        self.connected: weakref.WeakSet[Any] = weakref.WeakSet()
        self.aborted = False
        super().__init__(pool_connections=2, pool_maxsize=2, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Hand our context to every pool."""
        super().init_poolmanager(*args, **kwargs, ssl_context=self._context)
        self.poolmanager.pool_classes_by_scheme = self._pools()

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """Hand our context to pools behind a proxy too."""
        manager = super().proxy_manager_for(proxy, **kwargs, ssl_context=self._context)
        manager.pool_classes_by_scheme = self._pools()
        return manager

    def abort(self) -> None:
        """Cut every connection, from whatever thread: whoever reads from one stops reading at once."""
        self.aborted = True
        for one in list(self.connected):
            if one.sock is not None:
                with suppress(OSError):
                    one.sock.shutdown(socket.SHUT_RDWR)

    def _pools(self) -> dict[str, Any]:
        return {"http": _noting(HTTPConnectionPool, self), "https": _noting(HTTPSConnectionPool, self)}

    def build_connection_pool_key_attributes(self, *args: Any, **kwargs: Any) -> Any:
        """Keep the bundle that requests ships out of it."""
        host, pool = super().build_connection_pool_key_attributes(*args, **kwargs)
        pool.pop("ca_certs", None)
        pool.pop("ca_cert_dir", None)
        return host, pool

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:  # noqa: ARG002 - the library's form
        """Certificates are always checked, by our context."""
        conn.cert_reqs = "CERT_REQUIRED"


class _Bounded(io.RawIOBase):
    """What comes in on a socket until a moment: a time-out counts silence only, and one byte now and then is none."""

    def __init__(self, raw: io.RawIOBase, seconds: float) -> None:
        self._raw = raw
        self._until = time.monotonic() + seconds

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if time.monotonic() > self._until:
            raise TimeoutError("the reply drips")
        count: int | None = self._raw.readinto(buffer)
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


def _noting(pool: Any, adapter: SystemTrust) -> Any:
    """Give a kind of pool whose connections can be found again by `abort`, and whose replies end in time."""

    class Response(HTTPResponse):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.fp = io.BufferedReader(_Bounded(self.fp.detach(), adapter.reply_seconds))

    class Connection(pool.ConnectionCls):  # type: ignore[misc]
        response_class = Response

        def getresponse(self) -> Any:
            meanwhile()
            return super().getresponse()

        def connect(self) -> None:
            super().connect()
            adapter.connected.add(self)
            if adapter.aborted:
                self.close()
                raise OSError("the program ends")

    return type("Pool", (pool,), {"ConnectionCls": Connection})


def open_session(url: str, *, ca_file: Path | None = None, transport: BaseAdapter | None = None) -> requests.Session:
    """Make a session that can talk to one centre and to nothing else."""
    session = requests.Session()
    session.adapters.clear()
    session.mount(url + "/", transport if transport is not None else SystemTrust(ca_file))
    here = is_loopback(urlsplit(url).hostname or "")
    session.trust_env = not here  # proxies of the machine, never towards itself
    if here:
        session.headers["Accept-Encoding"] = "identity"  # packing a page takes longer than handing it over
    return session
