"""Other products' sync on the same records: WatermelonDB, Anki, PouchDB (`./run bench peers`; docs/testing.md)."""
