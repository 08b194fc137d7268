"""The centre's address as a person types it: https, or this very machine. Apart from HTTP, to be cheap to import."""

from urllib.parse import urlsplit

from caller_app.base.errors import Refused

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def checked_url(typed: str) -> str:
    """Give the centre's address without its trailing slash; raises Refused for plain HTTP to anywhere but here."""
    text = typed.strip()
    if "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise Refused("This is not an address.", field="url") from None
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise Refused("Give the centre's address as https://name, as your supervisor wrote it.", field="url")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise Refused("This address begins with http:// and is not safe. It has to begin with https://.", field="url")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}{parts.path.rstrip('/')}"


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine itself."""
    return host.lower() in _LOOPBACK
