"""The central tests run on a real PostgreSQL, each in a database of its own."""

from tests.support.centre import centre, database_server, empty_database

__all__ = ["centre", "database_server", "empty_database"]
