"""A script as a FHIR R4 Questionnaire, and a call's answers as a QuestionnaireResponse; validated before they leave.

What a reader would get wrong: enableWhen knows only and/or of simple tests. A condition that is more than that is given
as an expression extension in the script's own language, never as a simpler condition that would mean something else.
Models are those of R4B, whose two resources are the same as R4's.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from caller_app.script.expressions import tree
from caller_app.script.expressions.tree import Node
from caller_app.script.run import Standing
from caller_app.script.script import Page, Row, Script

_TYPES = {
    "note": "display", "select_one": "choice", "select_multiple": "choice", "integer": "integer", "decimal": "decimal",
    "text": "text", "date": "date", "calculate": "string", "hidden": "string",
}  # fmt: skip
HIDDEN = "http://hl7.org/fhir/StructureDefinition/questionnaire-hidden"
CONDITION = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-enableWhenExpression"
CALCULATION = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression"
TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"
LANGUAGE = "application/x-xlsform-xpath"


def questionnaire(script: Script, *, status: str = "active") -> dict[str, Any]:
    """Give the Questionnaire of a script; raises ValueError where the models find it invalid (a fault of ours)."""
    from fhir.resources.R4B.questionnaire import Questionnaire

    made = {
        "resourceType": "Questionnaire",
        "url": canonical(script),
        "identifier": [{"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{script.script_id}"}],
        "version": script.version,
        "name": script.form_id.replace("-", "_").replace(".", "_"),
        "title": script.title,
        "status": status,
        "item": [item for page in script.pages for item in _page(script, page)],
    }
    return _checked(Questionnaire, made)


def response(
    script: Script, standing: Standing, *, authored: datetime, finished: bool, given: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Give the QuestionnaireResponse of a call: the answers on its path and no others, nothing of who the person is.

    `given` are the values of hidden rows that were kept with the call; they stand where the script has them.
    """
    from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse

    items = []
    shown = {one.page.name: one.rows for one in standing.path}
    for page in script.pages:
        here = [row for row in page.rows if row.type == "hidden" and row.name in (given or {})]
        values = {row.name: (given or {})[row.name] for row in here}
        asked = [*here, *(row for row in shown.get(page.name, ()) if row.type != "note")]
        answered = [_answered(script, row, {**standing.values, **values}.get(row.name, "")) for row in asked]
        kept = [item for item in answered if item]
        if kept and page.title:
            items.append({"linkId": page.name, "text": page.title, "item": kept})
        else:
            items += kept
    made: dict[str, Any] = {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": f"{canonical(script)}|{script.version}",
        "status": "completed" if finished else "stopped",
        "authored": authored.isoformat(),
    }
    return _checked(QuestionnaireResponse, made | ({"item": items} if items else {}))


def canonical(script: Script) -> str:
    """Give the canonical name of a script's form."""
    return f"urn:caller:script:{script.form_id}"


def _checked(model: Any, made: dict[str, Any]) -> dict[str, Any]:
    import json

    checked = model.model_validate(made)
    plain: dict[str, Any] = json.loads(checked.model_dump_json())
    return plain


def _page(script: Script, page: Page) -> Iterator[dict[str, Any]]:
    items = [_item(script, row) for row in page.rows]
    if not page.title:
        condition = _condition(script, page.relevant)
        yield from ({**item, **condition} if condition and "enableWhen" not in item else item for item in items)
        return
    group = {"linkId": page.name, "text": page.title, "type": "group", **_condition(script, page.relevant)}
    if page.titles:
        group["_text"] = _translations(page.titles)
    yield group | ({"item": items} if items else {})


def _item(script: Script, row: Row) -> dict[str, Any]:
    item: dict[str, Any] = {"linkId": row.name, "type": _TYPES[row.type]}
    if row.label:
        item["text"] = row.label
        if row.labels:
            item["_text"] = _translations(row.labels)
    if row.required:
        item["required"] = True
    if row.type == "select_multiple":
        item["repeats"] = True
    if row.choices:
        item["answerOption"] = [{"valueCoding": _coding(script, one.value, one.label)} for one in row.choices]
    condition = _condition(script, row.relevant)
    extensions = condition.pop("extension", [])
    if row.type in ("calculate", "hidden"):
        item["readOnly"] = True
        extensions.append({"url": HIDDEN, "valueBoolean": True})
    if row.calculation:
        extensions.append(
            {"url": CALCULATION, "valueExpression": {"language": LANGUAGE, "expression": row.calculation}}
        )
    item |= condition
    return item | ({"extension": extensions} if extensions else {})


def _translations(words: dict[str, str]) -> dict[str, Any]:
    return {
        "extension": [
            {
                "url": TRANSLATION,
                "extension": [{"url": "lang", "valueCode": language}, {"url": "content", "valueString": text}],
            }
            for language, text in words.items()
        ]
    }


def _coding(script: Script, value: str, label: str) -> dict[str, str]:
    return {"system": f"{canonical(script)}:answers", "code": value, "display": label or value}


def _condition(script: Script, written: str) -> dict[str, Any]:
    if not written or written not in script.expressions:
        return {}
    node = tree.loaded(script.expressions[written])
    simple = _simple(script, node)
    if simple is not None:
        behaviour, tests = simple
        return {"enableWhen": tests} | ({"enableBehavior": behaviour} if len(tests) > 1 else {})
    return {"extension": [{"url": CONDITION, "valueExpression": {"language": LANGUAGE, "expression": written}}]}


def _simple(script: Script, node: Node) -> tuple[str, list[dict[str, Any]]] | None:
    """Give the tests of a condition that is one test, or only and, or only or, of tests; None for any other."""
    for sign, behaviour in (("and", "all"), ("or", "any")):
        parts = _joined(node, sign)
        tests = [_test(script, part) for part in parts]
        if all(test is not None for test in tests) and (len(parts) > 1 or sign == "or"):
            return behaviour, [test for test in tests if test is not None]
    return None


def _joined(node: Node, sign: str) -> list[Node]:
    if node[0] == tree.INFIX and node[1] == sign:
        return _joined(node[2], sign) + _joined(node[3], sign)
    return [node]


def _test(script: Script, node: Node) -> dict[str, Any] | None:
    if node[0] == tree.CALL and node[1] == "selected" and node[2][0] == tree.ANSWER and node[3][0] == tree.TEXT:
        row = script.row(node[2][1])
        return _asked(script, row, "=", node[3][1]) if row is not None and row.choices else None
    if node[0] != tree.INFIX or node[2][0] != tree.ANSWER or node[3][0] not in (tree.TEXT, tree.NUMBER):
        return None
    row = script.row(node[2][1])
    return _asked(script, row, node[1], node[3][1]) if row is not None else None


def _asked(script: Script, row: Row, sign: str, value: str | float) -> dict[str, Any] | None:
    test: dict[str, Any] = {"question": row.name, "operator": sign}
    if value == "" and sign in ("=", "!="):
        return {"question": row.name, "operator": "exists", "answerBoolean": sign == "!="}
    if row.type == "select_one" and sign == "=" and isinstance(value, str):
        return test | {"answerCoding": _coding(script, value, _label(row, value))}
    if row.type == "select_multiple" and sign == "=" and isinstance(value, str):
        return test | {"answerCoding": _coding(script, value, _label(row, value))}
    if row.type in ("integer", "decimal") and isinstance(value, float) and sign != "!=":
        return test | (
            {"answerInteger": int(value)} if row.type == "integer" and value.is_integer() else {"answerDecimal": value}
        )
    if row.type in ("calculate", "hidden", "text") and sign == "=" and isinstance(value, str):
        return test | {"answerString": value}
    return None  # `!=` is true of a blank in XForms and false in FHIR


def _label(row: Row, value: str) -> str:
    return next((one.label for one in row.choices if one.value == value), value)


def _answered(script: Script, row: Row, value: str) -> dict[str, Any] | None:
    if not value:
        return None
    if row.choices:
        answers: list[dict[str, Any]] = [
            {"valueCoding": _coding(script, one, _label(row, one))} for one in value.split()
        ]
    elif row.type == "integer":
        answers = [{"valueInteger": int(value)}]
    elif row.type == "decimal":
        answers = [{"valueDecimal": float(value)}]
    elif row.type == "date":
        answers = [{"valueDate": value}]
    else:
        answers = [{"valueString": value}]
    return {"linkId": row.name, "answer": answers} | ({"text": row.label} if row.label else {})
