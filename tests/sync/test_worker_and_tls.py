"""The sync thread's patience, and certificates: nothing is said to a centre that cannot prove who it is."""

import datetime as dt
import ipaddress
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from caller_app.base.errors import CentreUnreachable, Refused
from caller_app.sync.api import Api
from caller_app.sync.http import open_session
from caller_app.sync.schedule import Rhythm
from caller_app.sync.worker import Link, Worker
from tests.store import rig
from tests.support.clock import StoppedClock


class Deaf(Api):
    """A link that never gets through, and counts how often it was tried."""

    def __init__(self) -> None:
        super().__init__("https://centre.test")
        self.asked = 0

    def register(self):  # type: ignore[no-untyped-def]
        self.asked += 1
        raise CentreUnreachable("cut")


def worker_on(store, api: Api, said: list[Link], arrived: threading.Event) -> Worker:  # type: ignore[no-untyped-def]
    def changed(link: Link) -> None:
        said.append(link)
        arrived.set()

    return Worker(store, api, StoppedClock(), changed=changed, unsent=lambda: True, chance=lambda: 1.0)


def test_nudges_do_not_turn_a_failing_line_into_a_storm(tmp_path: Path) -> None:
    store, api = rig.opened(tmp_path), Deaf()
    said: list[Link] = []
    arrived = threading.Event()
    worker = worker_on(store, api, said, arrived)
    for _ in range(10):
        worker._rhythm = worker._rhythm.failed()  # as after a longer outage: the next wait is a minute
    worker.start()
    try:
        assert arrived.wait(10)
        for _ in range(200):
            worker.nudge()
    finally:
        assert worker.stop()
        api.close()
        store.close()
    assert api.asked == 1
    assert [link.state for link in said] == ["offline"]


def test_a_person_who_asks_for_it_gets_a_pass_at_once(tmp_path: Path) -> None:
    store, api = rig.opened(tmp_path), Deaf()
    said: list[Link] = []
    arrived = threading.Event()
    worker = worker_on(store, api, said, arrived)
    worker._rhythm = Rhythm(failures=10)
    worker.start()
    try:
        assert arrived.wait(10)
        arrived.clear()
        worker.nudge(at_once=True)
        assert arrived.wait(10)
    finally:
        assert worker.stop()
        api.close()
        store.close()
    assert api.asked == 2


def test_after_the_machine_has_slept_the_wait_it_fell_asleep_in_is_not_sat_out(tmp_path: Path) -> None:
    store, api, clock = rig.opened(tmp_path), Deaf(), StoppedClock()
    arrived = threading.Event()
    chances = iter([1.0, 0.0])  # the first wait is a minute, the pass after the sleep comes at once
    worker = Worker(
        store, api, clock, changed=lambda _: arrived.set(), unsent=lambda: True, chance=lambda: next(chances, 1.0)
    )
    worker._rhythm = Rhythm(failures=10)
    worker.start()
    try:
        assert arrived.wait(10)
        arrived.clear()
        for _ in range(200):
            clock.pass_by(hours=9)
            worker.nudge()  # wakes the thread, and alone would not end its wait
            if arrived.wait(0.1):
                break
        assert arrived.is_set()
    finally:
        assert worker.stop()
        api.close()
        store.close()
    assert api.asked >= 2


def test_when_a_network_comes_up_the_wait_is_cut_short_and_a_flapping_one_makes_no_storm(tmp_path: Path) -> None:
    store, api = rig.opened(tmp_path), Deaf()
    arrived = threading.Event()
    chances = iter([1.0, 0.0])  # the first wait is a minute; after the network came up the pass comes at once
    worker = Worker(
        store, api, StoppedClock(), changed=lambda _: arrived.set(), unsent=lambda: True,
        chance=lambda: next(chances, 1.0),
    )  # fmt: skip
    worker._rhythm = Rhythm(failures=10)
    worker.start()
    try:
        assert arrived.wait(10)
        arrived.clear()
        for _ in range(100):  # the first answer may still be told while the thread has not begun to wait
            worker.network_up()
            if arrived.wait(0.1):
                break
        assert arrived.is_set()
        arrived.clear()
        for _ in range(200):
            worker.network_up()
        assert not arrived.wait(1), "once is enough for half a minute"
    finally:
        assert worker.stop()
        api.close()
        store.close()
    assert api.asked == 2


@pytest.mark.expects_log("bug in a sync pass: ZeroDivisionError")
def test_a_bug_in_a_pass_is_logged_and_sync_comes_back(tmp_path: Path) -> None:
    class Buggy(Deaf):
        def register(self):  # type: ignore[no-untyped-def]
            self.asked += 1
            return 1 / 0

    store, api = rig.opened(tmp_path), Buggy()
    said: list[Link] = []
    arrived = threading.Event()
    worker = worker_on(store, api, said, arrived)
    worker.start()
    try:
        assert arrived.wait(10)
    finally:
        assert worker.stop()
        api.close()
        store.close()
    assert said[0].state == "trouble"


class Answers(BaseHTTPRequestHandler):
    asked: list[str]

    def do_GET(self) -> None:
        type(self).asked.append(self.path)
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        return


@pytest.fixture
def tls_server(tmp_path: Path) -> Iterator[tuple[str, Path, list[str]]]:
    """An HTTPS server on this machine with a certificate of its own; gives address, CA file and what it was asked."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a test")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    ca_file, key_file = tmp_path / "ca.pem", tmp_path / "key.pem"
    ca_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    asked: list[str] = []
    handler = type("Handler", (Answers,), {"asked": asked})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(ca_file, key_file)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"https://127.0.0.1:{server.server_address[1]}", ca_file, asked
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_certificate_nobody_vouches_for_ends_the_talk_before_a_word(tls_server: tuple[str, Path, list[str]]) -> None:
    url, _ca_file, asked = tls_server
    api = Api(url)
    try:
        with pytest.raises(CentreUnreachable, match="certificate"):
            api.hello()
    finally:
        api.close()
    assert asked == []


def test_the_certificate_file_a_person_was_given_is_believed(tls_server: tuple[str, Path, list[str]]) -> None:
    url, ca_file, asked = tls_server
    api = Api(url, ca_file=ca_file)
    try:
        with pytest.raises(CentreUnreachable) as caught:
            api.hello()
    finally:
        api.close()
    assert caught.value.portal  # it answered, though not as a centre
    assert asked == ["/v1/hello"]


def test_a_certificate_file_that_is_none_is_refused_in_words(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.pem"
    wrong.write_text("no certificate", encoding="ascii")
    with pytest.raises(Refused, match="certificate file"):
        Api("https://127.0.0.1", ca_file=wrong)


def test_pages_are_packed_for_the_line_and_not_for_this_machine() -> None:
    assert open_session("http://127.0.0.1:8000").headers["Accept-Encoding"] == "identity"
    asked = open_session("https://centre.example").headers["Accept-Encoding"]
    assert isinstance(asked, str)
    assert {"gzip", "zstd"} <= {name.strip() for name in asked.split(",")}
