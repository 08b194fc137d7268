"""The one style sheet: templates in resources/qss, `{{ role }}` filled from the tokens.

What a reader would get wrong: an unknown role is an error at once, so a typo in a template cannot ship as an unstyled
widget.
"""

import re
from functools import cache

from caller_app.base.paths import resource_path
from ui.theme.tokens import Tokens

_ROLE = re.compile(r"\{\{\s*([a-z_]+)(?:\s*([-+*/])\s*(\d+))?\s*\}\}")


@cache
def _templates() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(resource_path("qss").glob("*.qss")))


def fill(template: str, tokens: Tokens) -> str:
    """Fill a template; `{{ control - 2 }}` does one step of whole-number arithmetic."""
    values = tokens._asdict()

    def value(match: re.Match[str]) -> str:
        role, sign, amount = match.groups()
        found = values[role]
        if sign is None:
            return str(found)
        number, by = int(found), int(amount)
        return str({"-": number - by, "+": number + by, "*": number * by, "/": number // by}[sign])

    return _ROLE.sub(value, template)


def stylesheet(tokens: Tokens) -> str:
    """Give the style sheet of the whole application in one look."""
    return fill(_templates(), tokens)
