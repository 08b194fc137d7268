"""What every table module shares: the metadata with its naming rule and the column types used throughout.

Ids are UUIDs held as text on the Python side (`Uuid(as_uuid=False)`), instants are aware UTC.
"""

from sqlalchemy import DateTime, MetaData, Uuid

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

ID = Uuid(as_uuid=False)
INSTANT = DateTime(timezone=True)
