"""`serve`: run the service until it is told to stop, with the worker that finishes what requests left.

Plain HTTP is for loopback only: elsewhere give a certificate, or say that a proxy in front of it has one.
"""

import argparse
import gc
import ipaddress
import logging
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from caller_app.base.errors import Refused, Unavailable
from caller_app.central.database_options import Commands, add_database_options, clock_for, located, reachable

if TYPE_CHECKING:
    from caller_app.central.centre import Centre


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("serve", help="run the central service")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=_port, default=8443, help="port to listen on (8443); 0 takes a free one")
    parser.add_argument("--tls-cert", type=Path, help="certificate file (PEM)")
    parser.add_argument("--tls-key", type=Path, help="key file (PEM)")
    parser.add_argument("--behind-proxy", action="store_true", help="a proxy in front of it speaks TLS")
    add_database_options(parser)
    parser.set_defaults(run=serve)


def serve(options: argparse.Namespace) -> int:
    """Run the service."""
    secure = _secure(options)
    from caller_app.central.centre import open_centre
    from caller_app.central.logs import setup_logs
    from caller_app.central.migrate import migrate

    with located(options) as (settings, embedded), reachable(settings) as engine:
        setup_logs(settings.log_level)
        if embedded is not None:
            migrate(engine)  # a small team's own centre brings itself up to date
        centre = open_centre(settings, engine=engine, clock=clock_for(settings))
        _run(centre, options, secure)
    return 0


def _run(centre: "Centre", options: argparse.Namespace, secure: dict[str, Any]) -> None:
    import uvicorn
    from litestar.concurrency import set_asyncio_executor

    from caller_app.central.app import app_for
    from caller_app.central.turns import Turns
    from caller_app.central.worker import Worker

    scheme = "https" if secure else "http"

    class Announcing(uvicorn.Server):
        """Says where it listens once it does."""

        async def startup(self, sockets: Any = None) -> None:
            said = logging.getLogger("uvicorn.error")
            said.disabled = True  # why it cannot listen is our sentence, not an errno before it
            try:
                await super().startup(sockets)
            finally:
                said.disabled = False
            if self.started:
                await centre.first_pages.open()
                port = self.servers[0].sockets[0].getsockname()[1]
                host = f"[{options.host}]" if ":" in options.host else options.host
                print(f"listening on {scheme}://{host}:{port}", flush=True)

        async def shutdown(self, sockets: Any = None) -> None:
            centre.heads.stop()  # whoever waits for news is answered now, or the end would wait for them
            await super().shutdown(sockets)
            await centre.first_pages.close()

    config = uvicorn.Config(
        app_for(centre),
        host=options.host,
        port=options.port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=options.behind_proxy,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=10,
        lifespan="on",
        **secure,
    )
    stop = threading.Event()
    worker = Worker(centre, stop)
    with Turns() as executor:
        set_asyncio_executor(executor)
        _settle_memory()
        worker.start()
        centre.heads.start()
        try:
            # uvicorn raises the signal that stopped it once more when it is done; by then there is still a worker to
            # wait for and a database to stop, so it must not end the process.
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: None)
            Announcing(config).run()
        except SystemExit:  # uvicorn's way to say that it could not begin
            raise Unavailable(
                f"The service cannot listen on {options.host}, port {options.port}. Is another one running there?"
            ) from None
        finally:
            stop.set()
            centre.heads.stop()
            worker.join(30)


def _settle_memory() -> None:
    """What is there now stays: looking through all of it for what may go, over and over, was a sixth of each push."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)


def _check_certificate(cert: Path, key: Path) -> None:
    import ssl

    try:
        # An empty password: a key that wants one is refused instead of asking at a terminal nobody sits at.
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(cert, key, password="")
    except (OSError, ValueError):  # ssl.SSLError is an OSError
        raise Refused(
            f"{cert} and {key} are not a certificate and its key. Give both as PEM, the key without a password, and "
            "see that they belong together."
        ) from None


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port from 0 to 65535")
    return int(text)


def _secure(options: argparse.Namespace) -> dict[str, Any]:
    if bool(options.tls_cert) != bool(options.tls_key):
        raise Refused("--tls-cert and --tls-key belong together.")
    if options.tls_cert:
        for path in (options.tls_cert, options.tls_key):
            if not path.is_file():
                raise Refused(f"The file {path} is not there.")
        _check_certificate(options.tls_cert, options.tls_key)
        return {"ssl_certfile": str(options.tls_cert), "ssl_keyfile": str(options.tls_key)}
    if not _loopback(options.host) and not options.behind_proxy:
        raise Refused(
            "Workstations do not speak plain HTTP to another machine. Give --tls-cert and --tls-key, or --behind-proxy "
            "when a proxy in front of the centre speaks TLS."
        )
    return {}


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
