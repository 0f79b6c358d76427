"""The answers of `/v1/*`: exactly what Segment's clients understand, old ones too."""

from collections.abc import Sequence
from typing import TypedDict

import structlog
from starlette.responses import JSONResponse, Response

from graph_cdp.collect.batcher import QueueFull
from graph_cdp.collect.isolation import describe, find_outage
from graph_cdp.errors import Forbidden, GraphCdpError, Invalid, NotFound, Unauthenticated
from graph_cdp.flows.outcome import Outcome

log = structlog.get_logger(__name__)

CORS = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Retry-After"}
"""Write keys are public by nature (they stand in every page), can only write, and no cookie is read: any page may send."""

PREFLIGHT_HEADERS = CORS | {
    "Access-Control-Allow-Methods": "POST, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Content-Encoding, X-Strict-Mode, X-Retry-Count",
    "Access-Control-Max-Age": "86400",
}

RETRY_QUEUE_S = 1
"""A full queue empties within a second or two."""

RETRY_OUTAGE_S = 5
"""A database that restarts is away for about 15 s; clients honour up to 300 s."""

STATUS_OF_CODE = {
    "BODY_TOO_LARGE": 413,
    "EVENT_TOO_LARGE": 413,
    "BATCH_TOO_LONG": 413,
    "BODY_TIMEOUT": 408,
    "UNSUPPORTED_ENCODING": 415,
    "METHOD_NOT_ALLOWED": 405,
    "MESSAGE_ID_REUSED": 409,
    "NOT_STORED": 422,
}
"""The status of a refusal, where it is not 400. None is one that clients retry for ever: 429 and 5xx are not here."""

HEADERS_OF_STATUS = {
    401: {"WWW-Authenticate": "Bearer"},  # not Basic: a browser would ask its user for a name and a password
    405: {"Allow": "POST, OPTIONS"},
}

STATUS_OF_ERROR: tuple[tuple[type[GraphCdpError], int], ...] = (
    (Unauthenticated, 401),
    (Forbidden, 403),
    (NotFound, 404),
    (Invalid, 400),
)


class ItemAnswer(TypedDict, total=False):
    """What strict mode says of one message of a batch."""

    index: int
    messageId: str | None
    status: int
    result: str
    code: str | None
    message: str | None


def answer_preflight() -> Response:
    """What a browser asks before it sends from another origin."""
    return Response(status_code=204, headers=PREFLIGHT_HEADERS)


def answer_success() -> Response:
    """All is stored, or kept as a dead letter. Exactly 200: clients of 2023 take 202 and 204 for failures."""
    return JSONResponse({"success": True}, headers=CORS)


def answer_strictly(
    outcomes: Sequence[Outcome], message_ids: Sequence[str | None], *, is_batch: bool
) -> Response:
    """What became of each message: a single one by its own status, a batch by 200, or 207 if one is refused."""
    refused = [outcome for outcome in outcomes if outcome.status == "refused"]
    if not is_batch:
        if not refused:
            return answer_success()
        only = refused[0]
        return _failure(_status(only), code=only.code or "REFUSED", message=only.message or "")
    items = [
        _item(index, outcome, message_id)
        for index, (outcome, message_id) in enumerate(zip(outcomes, message_ids, strict=True))
    ]
    return JSONResponse({"success": not refused, "results": items}, 207 if refused else 200, CORS)


def answer_error(error: Exception) -> Response:
    """The answer to a request that failed as a whole. What was not foreseen is logged, and answered 500."""
    if isinstance(error, QueueFull):
        return _failure(429, code=error.code, message=error.message, retry_after_s=RETRY_QUEUE_S)
    if outage := find_outage(error):
        return _failure(503, code=outage.code, message=outage.message, retry_after_s=RETRY_OUTAGE_S)
    if isinstance(error, GraphCdpError):
        for kind, status in STATUS_OF_ERROR:
            if isinstance(error, kind):
                return _failure(
                    STATUS_OF_CODE.get(error.code, status), code=error.code, message=error.message
                )
    log.error("request_failed", **describe(error))
    return _failure(
        500, code="INTERNAL", message="Something went wrong here; the log says what. Try again later."
    )


def _item(index: int, outcome: Outcome, message_id: str | None) -> ItemAnswer:
    item = ItemAnswer(index=index, messageId=message_id, status=_status(outcome), result=outcome.status)
    if outcome.status == "refused":
        item["code"], item["message"] = outcome.code, outcome.message
    return item


def _status(outcome: Outcome) -> int:
    return STATUS_OF_CODE.get(outcome.code or "", 400) if outcome.status == "refused" else 200


def _failure(status: int, *, code: str, message: str, retry_after_s: int | None = None) -> Response:
    headers = CORS | ({"Retry-After": str(retry_after_s)} if retry_after_s else {})
    headers |= HEADERS_OF_STATUS.get(status, {})
    return JSONResponse({"code": code, "message": message}, status, headers)
