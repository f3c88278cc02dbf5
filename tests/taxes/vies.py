"""A registry on this machine that answers as VIES does: it remembers what it was asked, can be slow, and can fail."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class StandIn:
    """`known` are the ids in force with name and address; `failing` an error of VIES, `raw` any other answer."""

    known: dict[str, tuple[str, str]] = field(default_factory=dict)
    failing: str = ""
    raw: bytes = b""
    delay: float = 0.0
    asked: list[dict[str, str]] = field(default_factory=list)
    url: str = ""

    def answer(self, question: dict[str, str]) -> bytes:
        self.asked.append(question)
        time.sleep(self.delay)
        if self.raw:
            return self.raw
        if self.failing:
            return json.dumps({"actionSucceed": False, "errorWrappers": [{"error": self.failing}]}).encode()
        name, address = self.known.get(question["countryCode"] + question["vatNumber"], ("---", "---"))
        said: dict[str, Any] = {
            **{key: question[key] for key in ("countryCode", "vatNumber")},
            "valid": name != "---",
            "requestIdentifier": f"WAPI{len(self.asked):04d}" if "requesterNumber" in question else "",
            "name": name,
            "address": address,
        }
        return json.dumps(said).encode()


@contextmanager
def vies(**facts: Any) -> Iterator[StandIn]:
    """One that runs while the block does."""
    stand_in = StandIn(**facts)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told = stand_in.answer(json.loads(body)) if self.path == "/check-vat-number" else b"{}"
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            with suppress(BrokenPipeError):
                self.wfile.write(told)

        def log_message(self, *_about: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    stand_in.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield stand_in
    finally:
        server.shutdown()
        server.server_close()
