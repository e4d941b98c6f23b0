"""A tax engine that is asked by HTTP: one JSON question, one JSON answer (docs/tax.md has the protocol).

Whatever goes wrong, billing goes on: no answer in time, a fault, or an answer that makes no sense are all no answer.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlsplit

import httptools

from gateway.billing.money import Money
from gateway.billing.tax import TaxStatus
from gateway.billing.tax_engine import QuotedRate, TaxAnswer, TaxQuestion

log = logging.getLogger("gateway.server")

REST_SECONDS: Final = 30.0
"""How long an engine that gave no answer is left alone, so that a bill run does not wait for it account by account."""

_LARGEST: Final = 64 * 1024
_STATUSES: Final = (TaxStatus.CHARGED, TaxStatus.REVERSE_CHARGE, TaxStatus.EXPORT, TaxStatus.EXEMPT)
_CALLED: Final = {"en": "VAT", "tr": "KDV"}


class HttpTaxEngine:
    """The engine at a URL."""

    def __init__(self, url: str, seconds: float, rest: float = REST_SECONDS) -> None:
        """`seconds` is how long one answer may take in all."""
        self._url, self._seconds, self._rest = url, seconds, rest
        self._resting_until = 0.0

    async def quote(self, question: TaxQuestion) -> TaxAnswer | None:
        """What it says, or None."""
        clock = asyncio.get_running_loop().time
        if clock() < self._resting_until:
            return None
        try:
            async with asyncio.timeout(self._seconds):
                body = await _post(self._url, json.dumps(asked(question)).encode())
            return answered(question, json.loads(body))
        except (OSError, TimeoutError, ValueError, RecursionError, httptools.HttpParserError) as problem:
            log.warning("the tax engine gave no answer: %s", str(problem) or type(problem).__name__)
            self._resting_until = clock() + self._rest
            return None


def asked(question: TaxQuestion) -> dict[str, Any]:
    """The question as JSON; amounts are texts, in units of the currency."""
    return {
        "seller": question.seller,
        "customer": {"country": question.country, "kind": question.kind.value, "taxId": question.check.value},
        "currency": question.currency,
        "on": question.on.isoformat(),
        "lines": [{"category": category, "net": str(Money(net, question.currency).amount)} for category, net in question.nets.items()],
    }


def answered(question: TaxQuestion, said: Any) -> TaxAnswer:
    """The answer of a JSON document; ValueError when it is none, or does not answer all that was asked."""
    if not isinstance(said, dict) or said.get("status", "CHARGED") not in _STATUSES or not isinstance(said.get("rates"), list):
        raise ValueError("the answer has no known status, or no rates")
    status = TaxStatus(said.get("status", "CHARGED"))
    rates = tuple(_rate(each) for each in said["rates"])
    if missing := question.nets.keys() - {rate.category for rate in rates}:
        raise ValueError(f"the answer has no rate of {', '.join(sorted(missing))}")
    if status is not TaxStatus.CHARGED and any(rate.percent for rate in rates):
        raise ValueError(f"the answer charges a rate, and says {status}")
    return TaxAnswer(country=question.country, on=question.on, status=status, rates=rates)


def _rate(said: Any) -> QuotedRate:
    category, percent, names = (said.get(key) for key in ("category", "percent", "name")) if isinstance(said, dict) else (None,) * 3
    names = _CALLED if names is None else names
    if not isinstance(category, str) or not isinstance(percent, str) or not re.fullmatch(r"\d{1,3}(\.\d{1,6})?", percent, re.ASCII):
        raise ValueError('a rate has a category, and a percent as text such as "20"')
    if Decimal(percent) > 100:
        raise ValueError(f"a rate of {percent} % cannot be")
    if not isinstance(names, dict) or "en" not in names or not all(isinstance(each, str) and len(each) <= 60 for each in names.values()):
        raise ValueError("a name is given by language, in English at least")
    return QuotedRate(category=category, percent=int(Decimal(percent).scaleb(6)), names=names)


class _Response:
    """What httptools tells of a response."""

    def __init__(self) -> None:
        self.body = bytearray()
        self.whole = False

    def on_body(self, part: bytes) -> None:
        self.body += part

    def on_message_complete(self) -> None:
        self.whole = True


async def _post(url: str, body: bytes) -> bytes:
    """The body of a good answer; OSError or ValueError when there is none."""
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    assert parts.hostname is not None
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port or (443 if secure else 80), ssl=secure or None)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        host = parts.netloc.rpartition("@")[2]
        head = f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nAccept: application/json\r\n"
        writer.write(f"{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)
        await writer.drain()
        response = _Response()
        parser = httptools.HttpResponseParser(response)
        while not response.whole and len(response.body) <= _LARGEST and (data := await reader.read(65536)):
            parser.feed_data(data)
        if parser.get_status_code() != 200:
            raise ValueError(f"it answered {parser.get_status_code()}")
        # Without a length the body ends with the connection, and only JSON can tell whether it is whole.
        if len(response.body) > _LARGEST:
            raise ValueError("the answer is too long")
        return bytes(response.body)
    finally:
        writer.close()
