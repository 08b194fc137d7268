"""A database of its own for each test that needs a centre."""

from tests.support.centre import centre, database_server, empty_database

__all__ = ["centre", "database_server", "empty_database"]
