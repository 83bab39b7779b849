"""Write the server's log: a line for each request, and whatever went wrong, as readable lines or as JSON.

A line holds no secret: neither address nor query, header, cookie or form comes into it; a request's route stands for its address. Nobody
can forge a line: what is not printable is escaped (OWASP's cheat sheet on logging).
"""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any, Literal, TextIO

from multilabelfy.web.operating.exchanges import WATCHING, Exchange, current_request

LogFormat = Literal["text", "json", "off"]
log = logging.getLogger("multilabelfy.requests")


def write_down(exchange: Exchange) -> None:
    """A line for this exchange; none for a program that watches the server and is told that all is well."""
    if log.isEnabledFor(logging.INFO) and (exchange.route not in WATCHING or exchange.status >= 400):
        log.info("%s %s %s", exchange.method, exchange.route, exchange.status, extra={"exchange": exchange})


def set_up(form: LogFormat, stream: TextIO | None = None) -> None:
    """Let everything that the server logs go to standard error in this form; `off` leaves out what went well."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else TextLines())
    for name in ("multilabelfy", "uvicorn"):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(logging.WARNING)
    log.setLevel(logging.WARNING if form == "off" else logging.INFO)


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, message and request id; of a request what was measured; of a bug its traceback."""
        line: dict[str, Any] = {"time": _time(record), "level": record.levelname.lower(), "logger": record.name}
        exchange: Exchange | None = getattr(record, "exchange", None)
        if exchange:
            line |= {"request": exchange.id, "method": exchange.method, "route": exchange.route, "status": exchange.status}
            line |= {"ms": round(exchange.seconds * 1000, 1), "bytes": exchange.n_bytes, "person": exchange.person}
        else:
            line |= {"request": current_request() or None, "message": record.getMessage()}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=True)


class TextLines(logging.Formatter):
    """Lines for people; a traceback stands below its line."""

    def format(self, record: logging.LogRecord) -> str:
        """Time first, so that lines of several processes can be sorted."""
        exchange: Exchange | None = getattr(record, "exchange", None)
        line = f"{_time(record)} {_said(exchange) if exchange else _message(record)}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def _said(exchange: Exchange) -> str:
    who = "nobody" if exchange.person is None else f"person {exchange.person}"
    measured = f"{exchange.seconds * 1000:.1f} ms, {exchange.n_bytes} bytes, {who}, request {exchange.id}"
    return f"{exchange.method} {exchange.route} {exchange.status}: {measured}"


def _message(record: logging.LogRecord) -> str:
    during = f" [request {current_request()}]" if current_request() else ""
    return f"{record.levelname.lower()}: {_printable(record.getMessage())}{during}"


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)


def _time(record: logging.LogRecord) -> str:
    """In UTC, to the millisecond."""
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
