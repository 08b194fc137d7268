"""Anki's own sync, run by the Python of an environment that holds `anki`: nothing of ours is imported here.

`seed URL FOLDER RECORDS`: an empty collection goes to the server whole and is kept as `empty.anki2`; then a note per
record is added and sent by an ordinary sync. `changes URL FOLDER`: a copy of the empty collection takes all notes by an
ordinary sync. `whole URL FOLDER`: a new collection takes the server's file. Each prints seconds and how many notes.
"""

import json
import shutil
import sys
import time
from pathlib import Path

from anki.collection import AddNoteRequest, Collection

NAME = PASSWORD = "bench"
AT_ONCE = 2_000


def main(argv: list[str]) -> int:
    what, url, folder, *rest = argv
    seconds, count = {"seed": seed, "changes": changes, "whole": whole}[what](url, Path(folder), *rest)
    print(json.dumps({"seconds": seconds, "count": count}))
    return 0


def seed(url: str, folder: Path, records: str) -> tuple[float, int]:
    collection = Collection(str(folder / "seed.anki2"))
    auth = collection.sync_login(NAME, PASSWORD, url)
    collection.close_for_full_sync()
    collection.full_upload_or_download(auth=auth, server_usn=None, upload=True)
    collection.reopen(after_full_sync=True)
    collection.close(downgrade=False)
    shutil.copy(folder / "seed.anki2", folder / "empty.anki2")
    collection = Collection(str(folder / "seed.anki2"))
    kind = collection.models.by_name("Basic")
    deck = collection.decks.id("Cases")
    waiting = []
    with Path(records).open(encoding="utf-8") as lines:
        for line in lines:
            one = json.loads(line)
            note = collection.new_note(kind)
            note.fields = [one["shown_name"], one["body"]]
            waiting.append(AddNoteRequest(note=note, deck_id=deck))
            if len(waiting) == AT_ONCE:
                collection.add_notes(waiting)
                waiting = []
    if waiting:
        collection.add_notes(waiting)
    return _synced(collection, auth)


def changes(url: str, folder: Path) -> tuple[float, int]:
    collection = Collection(str(folder / "empty.anki2"))
    return _synced(collection, collection.sync_login(NAME, PASSWORD, url))


def whole(url: str, folder: Path) -> tuple[float, int]:
    collection = Collection(str(folder / "whole.anki2"))
    auth = collection.sync_login(NAME, PASSWORD, url)
    start = time.perf_counter()
    collection.close_for_full_sync()
    collection.full_upload_or_download(auth=auth, server_usn=None, upload=False)
    seconds = time.perf_counter() - start
    collection.reopen(after_full_sync=True)
    count = collection.note_count()
    collection.close(downgrade=False)
    return seconds, count


def _synced(collection: Collection, auth: object) -> tuple[float, int]:
    start = time.perf_counter()
    answer = collection.sync_collection(auth, sync_media=False)
    seconds = time.perf_counter() - start
    if answer.required != answer.NO_CHANGES:
        raise SystemExit(f"Anki asks for a whole copy instead of an ordinary sync: {answer.required}")
    count = collection.note_count()
    collection.close(downgrade=False)
    return seconds, count


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
