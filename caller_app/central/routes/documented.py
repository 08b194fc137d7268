"""What the OpenAPI document says beyond the types: our media types, the problem document, raw request bodies."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import OpenAPIFormat, OpenAPIMediaType, OpenAPIType, Operation, RequestBody, Schema

from caller_app.protocol.messages import Problem
from caller_app.protocol.version import JSON_TYPE, PROBLEM_TYPE

_UUID = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.UUID)
_TEXT = Schema(type=OpenAPIType.STRING)
_WHOLE = Schema(type=OpenAPIType.INTEGER)
_SPAN = Schema(type=OpenAPIType.ARRAY, min_items=2, max_items=2, items=Schema(type=OpenAPIType.INTEGER, minimum=0))


def replies(shape: type[Any], *problems: int) -> dict[int, ResponseSpec]:
    """Document a route's reply and the problems it may answer with."""
    documented = {200: ResponseSpec(data_container=shape, generate_examples=False, media_type=JSON_TYPE)}
    for status in problems:
        documented[status] = ResponseSpec(
            data_container=Problem,
            generate_examples=False,
            media_type=PROBLEM_TYPE,
            description="Problem document",
        )
    return documented


def _body(change: Mapping[str, Schema]) -> RequestBody:
    envelope = Schema(
        type=OpenAPIType.OBJECT,
        required=["device", "epoch", "batch", "changes"],
        properties={
            "device": _UUID,
            "epoch": _TEXT,
            "batch": _TEXT,
            "acked_hw": _WHOLE,
            "acked_beyond": Schema(type=OpenAPIType.ARRAY, max_items=64, items=_SPAN),
            "sent_at": _TEXT,
            "changes": Schema(
                type=OpenAPIType.ARRAY,
                max_items=200,
                items=Schema(type=OpenAPIType.OBJECT, required=["id", "seq"], properties=dict(change)),
            ),
        },
    )
    return RequestBody(required=True, content={"application/json": OpenAPIMediaType(schema=envelope)})


@dataclass
class PushOperation(Operation):
    """Documents the body of a push: the route reads it raw, so that one bad change spoils no other."""

    def __post_init__(self) -> None:
        self.request_body = _body(
            {
                "id": _UUID, "seq": Schema(type=OpenAPIType.INTEGER, minimum=1), "kind": _TEXT, "schema": _WHOLE,
                "rec": _UUID, "base_ver": _WHOLE, "assign_gen": _WHOLE, "occurred_at": _TEXT, "mono": _WHOLE,
                "data": Schema(type=OpenAPIType.OBJECT),
            }
        )  # fmt: skip


@dataclass
class OpaqueOperation(Operation):
    """Documents the body of an opaque push."""

    def __post_init__(self) -> None:
        self.request_body = _body(
            {"id": _UUID, "seq": Schema(type=OpenAPIType.INTEGER, minimum=1), "bytes64": _TEXT, "sha256": _TEXT}
        )
