"""An archive from outside is looked at before it is opened; what is unfit is told apart, whoever asks."""

import zipfile
from pathlib import Path

import pytest

from caller_app.base.archives import Bounds, Unfit, new_parser, opened
from caller_app.base.errors import Refused

BOUNDS = Bounds(file_bytes=20_000, parts=3, unpacked_bytes=100_000, density=50, dense_from=10_000)


def refusal(unfit: Unfit) -> Refused:
    return Refused(f"{unfit.why} {unfit.amount}")


def packed(path: Path, *parts: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for nr, body in enumerate(parts):
            archive.writestr(f"{nr}.xml", body)
    return path


def said(path: Path) -> str:
    with pytest.raises(Refused) as caught, opened(path, BOUNDS, refusal):
        pass
    return caught.value.sentence


def test_what_is_within_its_bounds_is_opened(tmp_path: Path) -> None:
    with opened(packed(tmp_path / "a", b"one", b"two"), BOUNDS, refusal) as archive:
        assert archive.read("1.xml") == b"two"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "empty 0"),
        (b"name,day", "foreign 0"),
        (b"PK\x03\x04 and no more", "damaged 0"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 100, "foreign 0"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"), "legacy 0"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted 0"),
        (b"PK" + b"x" * 30_000, "file_large 30002"),
    ],
)
def test_what_is_no_archive_is_told_apart(body: bytes, why: str, tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(body)
    assert said(path) == why


def test_what_would_unfold_too_far_is_never_unpacked(tmp_path: Path) -> None:
    assert said(packed(tmp_path / "a", b"1", b"2", b"3", b"4")) == "parts 4"
    assert said(packed(tmp_path / "b", b" " * 60_000, b" " * 60_000)) == "unpacks 120000"
    assert said(packed(tmp_path / "c", b" " * 60_000)) == "dense 50"


def test_a_file_that_is_not_there_is_for_whoever_asked(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), opened(tmp_path / "none", BOUNDS, refusal):
        pass


@pytest.mark.parametrize("declared", [b"<!DOCTYPE a>", b'<!DOCTYPE a [<!ENTITY b "c">]>', b'<!DOCTYPE a SYSTEM "x">'])
def test_xml_that_declares_a_type_is_refused_before_anything_of_it_unfolds(declared: bytes) -> None:
    parser = new_parser(lambda: Refused("no types"))
    with pytest.raises(Refused, match="no types"):
        parser.Parse(declared + b"<a>&b;</a>", True)
