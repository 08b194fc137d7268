"""Every key of the program in one table: menus, tooltips, the help sheet and the tests read it.

What a reader would get wrong: `context` says where a key acts. "window" acts everywhere; "call" while a card is shown;
"script" only while the script has the focus, so that a single letter never fires inside a text box (WCAG 2.1.4).
Two rows may share keys only in different contexts that never hold at once.
"""

from dataclasses import dataclass
from typing import Literal

Context = Literal["window", "call", "script", "supervisor"]


@dataclass(frozen=True, slots=True)
class Shortcut:
    """One key: what it is called in code, which keys, the words people read, where it acts."""

    name: str
    keys: str
    words: str
    context: Context
    group: str
    more: str = ""


_ROWS = (
    # going places
    Shortcut("go_calling", "Ctrl+1", "Calling", "window", "Go to"),
    Shortcut("go_my_day", "Ctrl+2", "My day", "window", "Go to"),
    Shortcut("go_outbox", "Ctrl+3", "What is sent", "window", "Go to"),
    Shortcut("go_board", "Ctrl+4", "Board", "supervisor", "Go to"),
    Shortcut("go_corrections", "Ctrl+5", "Corrections", "supervisor", "Go to"),
    Shortcut("go_reviews", "Ctrl+6", "Reviews", "supervisor", "Go to"),
    Shortcut("go_workstations", "Ctrl+7", "Workstations", "supervisor", "Go to"),
    Shortcut("go_scripts", "Ctrl+8", "Scripts", "supervisor", "Go to"),
    Shortcut("go_referrals", "Ctrl+9", "Referrals", "supervisor", "Go to"),
    Shortcut("go_settings", "Ctrl+,", "Settings", "window", "Go to"),
    Shortcut("lookup", "Ctrl+F", "Someone rang me", "window", "Go to", "Find a person by any part of a number or name"),
    Shortcut("worried", "F12", "I am worried about this person", "window", "Always"),
    Shortcut("commands", "Ctrl+K", "All commands", "window", "Always"),
    Shortcut("keys", "Shift+F1", "Keys", "window", "Always"),
    Shortcut("send_now", "Ctrl+R", "Send and look for news now", "window", "Always"),
    # panes
    Shortcut("next_pane", "F6", "Next pane", "window", "Panes"),
    Shortcut("previous_pane", "Shift+F6", "Previous pane", "window", "Panes"),
    Shortcut("to_list", "Ctrl+L", "To my list", "call", "Panes"),
    Shortcut("to_timeline", "Ctrl+H", "To the timeline", "call", "Panes"),
    # a call
    Shortcut("no_answer", "F2", "No answer", "call", "A call", "Stores it and offers the other number"),
    Shortcut("voicemail", "F3", "Voicemail left", "call", "A call", "Shows the neutral words first"),
    Shortcut("wrong_number", "F4", "Wrong number", "call", "A call", "Then 1 to 4 for how you know, Enter"),
    Shortcut("call_back", "F7", "Call back", "call", "A call"),
    Shortcut("declined", "F8", "Declined", "call", "A call"),
    Shortcut("finish", "F9", "All results", "call", "A call", "First what the answers lead to"),
    Shortcut("died", "Ctrl+F4", "The person has died", "call", "A call", "Two steps on purpose"),
    Shortcut("save_and_next", "Ctrl+Return", "Save and next person", "call", "A call"),
    Shortcut("undo", "Ctrl+Z", "Undo the last result", "call", "A call", "For 10 seconds"),
    # the script
    Shortcut("answer", "1…9", "Answer", "script", "While the script has the focus"),
    Shortcut("page_next", "Enter", "Next page", "script", "While the script has the focus"),
    Shortcut("page_back", "Backspace", "Page back", "script", "While the script has the focus"),
    Shortcut("identity", "I", "Check identity", "script", "While the script has the focus"),
    Shortcut("so_far", "A", "Answers so far", "script", "While the script has the focus", "Enter goes back to one"),
    Shortcut("language", "L", "Next language of the script", "script", "While the script has the focus"),
    Shortcut("what_if", "F1", "What to say if …", "call", "A call"),
    Shortcut("correct", "E", "Details", "script", "While the script has the focus", "E on one of them puts it right"),
    # the supervisor
    Shortcut("refresh_board", "F5", "Ask the centre again", "supervisor", "Supervisor"),
)

SHORTCUTS = {one.name: one for one in _ROWS}


def keys_of(name: str) -> str:
    """Give the keys of a shortcut as people read them."""
    return shown_keys(SHORTCUTS[name])


def shown_keys(one: Shortcut) -> str:
    """Give keys as they stand on the keyboard."""
    return one.keys.replace("Return", "Enter")


def sheet(*, supervisor: bool) -> dict[str, list[Shortcut]]:
    """Give the rows of the help sheet by group, in order."""
    groups: dict[str, list[Shortcut]] = {}
    for one in _ROWS:
        if supervisor or one.context != "supervisor":
            groups.setdefault(one.group, []).append(one)
    return groups
