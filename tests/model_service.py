"""Endpoint with the API of OpenAI on a loopback port, with the faults that such services have in the field."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence

MODEL = "small-vision-2b"
KEY = "sk-secret-0123456789"


def sentence(text: str, basis: str = "seen", *evidence: str) -> dict[str, object]:
    """A sentence as the schema wants it."""
    return {"text": text, "basis": basis, "evidence": list(evidence or ["I1"])}


def answer_of(*sentences: Mapping[str, object]) -> str:
    """Text of an answer as the schema wants it."""
    return json.dumps({"sentences": list(sentences)}, ensure_ascii=False)


GOOD = answer_of(sentence("A rabbit stands in a meadow."))


@dataclass(frozen=True)
class Reply:
    """What the service does with one call.

    Attributes:
        content: text of the message, or JSON of another type.
        status: status of the answer.
        error: message of the error, for another status than 200.
        message: further fields of the message.
        finish_reason: reason for the end of the text.
        usage: tokens, `None` if the service does not count them.
        headers: further headers.
        body: whole body, in place of all of these.
        stalls_after: bytes after which the service sends no more, without an end. 0: before the headers.
        ends_after: bytes after which the connection ends.
        is_endless: whether the body has no end.
    """

    content: object = GOOD
    status: int = 200
    error: str = ""
    message: Mapping[str, object] = field(default_factory=dict[str, object])
    finish_reason: str | None = "stop"
    usage: Mapping[str, object] | None = field(default_factory=lambda: {"prompt_tokens": 1500, "completion_tokens": 40})
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes | None = None
    stalls_after: int | None = None
    ends_after: int | None = None
    is_endless: bool = False

    def encoded(self) -> bytes:
        if self.body is not None:
            return self.body
        if self.status != 200:
            return json.dumps({"error": {"message": self.error, "code": self.status, "type": "x"}}).encode()
        found: dict[str, object] = {
            "id": "1",
            "object": "chat.completion",
            "model": f"{MODEL}@sha256:1234",
            "choices": [
                {
                    "index": 0,
                    "message": {"role": "assistant", "content": self.content, **self.message},
                    "finish_reason": self.finish_reason,
                }
            ],
        }
        if self.usage is not None:
            found["usage"] = self.usage
        return json.dumps(found).encode()


@dataclass
class ModelServer:
    """The service.

    Attributes:
        replies: replies to the next calls, after which each call gets `GOOD`.
        reply: returns the reply to a request, in place of the replies above.
        models: names that it lists.
        key: key that calls need, none if empty.
        requests: bodies of all completions that were asked for.
        keys: authorization header of every call.
        most_at_a_time: maximum number of calls that ran at a time.
        asked: set by the first request.
    """

    replies: list[Reply] = field(default_factory=list[Reply])
    reply: Callable[[dict[str, Any]], Reply] | None = None
    models: Sequence[str] = (MODEL,)
    key: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    keys: list[str | None] = field(default_factory=list[str | None])
    most_at_a_time: int = 0
    address: str = ""
    asked: threading.Event = field(default_factory=threading.Event)
    stopping: threading.Event = field(default_factory=threading.Event)
    _running: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def pictures(self) -> list[int]:
        """Number of pictures of each request."""
        return [sum(part["type"] == "image_url" for part in parts_of(request)) for request in self.requests]

    def next_reply(self, request: dict[str, Any]) -> Reply:
        with self._lock:
            self.requests.append(request)
            self.asked.set()
            if self.reply is None:
                return self.replies.pop(0) if self.replies else Reply()
        return self.reply(request)

    @contextmanager
    def counted(self) -> Generator[None]:
        with self._lock:
            self._running += 1
            self.most_at_a_time = max(self.most_at_a_time, self._running)
        yield
        with self._lock:
            self._running -= 1


def parts_of(request: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Parts of the message of the user."""
    return request["messages"][1]["content"]


def texts_of(request: Mapping[str, Any]) -> str:
    """All texts of the message of the user."""
    return "\n".join(part["text"] for part in parts_of(request) if part["type"] == "text")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    served: ClassVar[ModelServer]

    def do_GET(self) -> None:
        self.served.keys.append(self.headers.get("authorization"))
        if self._is_refused():
            return
        if self.path != "/v1/models":
            self._send(404, b'{"error":{"message":"no such path"}}', {})
            return
        listed = {"object": "list", "data": [{"id": name, "object": "model"} for name in self.served.models]}
        self._send(200, json.dumps(listed).encode(), {})

    def do_POST(self) -> None:
        with self.served.counted():
            self.served.keys.append(self.headers.get("authorization"))
            body = self.rfile.read(int(self.headers["content-length"]))
            if self._is_refused():
                return
            if self.path != "/v1/chat/completions":
                self._send(404, b'{"detail":"Not Found"}', {})
                return
            self._reply(self.served.next_reply(json.loads(body)))

    def _is_refused(self) -> bool:
        sent = self.headers.get("authorization")
        if not self.served.key or sent == f"Bearer {self.served.key}":
            return False
        self._send(401, json.dumps({"error": {"message": f"Incorrect API key provided: {sent}"}}).encode(), {})
        return True

    def _reply(self, reply: Reply) -> None:
        if reply.stalls_after == 0:
            self.served.stopping.wait()
        elif reply.is_endless:
            self._send_endlessly()
        elif reply.stalls_after is not None or reply.ends_after is not None:
            self._send_part(reply)
        else:
            self._send(reply.status, reply.encoded(), reply.headers)

    def _send_part(self, reply: Reply) -> None:
        data = reply.encoded()
        self._begin(200, {"content-length": str(len(data))})
        self.wfile.write(data[: reply.stalls_after or reply.ends_after])
        self.wfile.flush()
        if reply.stalls_after is not None:
            self.served.stopping.wait()
        self.close_connection = True

    def _send_endlessly(self) -> None:
        self._begin(200, {"connection": "close"})
        with suppress(OSError):
            while not self.served.stopping.is_set():
                self.wfile.write(b" " * 65536)

    def _send(self, status: int, data: bytes, headers: Mapping[str, str]) -> None:
        self._begin(status, {"content-length": str(len(data)), **headers})
        self.wfile.write(data)

    def _begin(self, status: int, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in {"content-type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name is that of http.server
        """Write no log, since tests check `requests`."""


@contextmanager
def model_server(server: ModelServer) -> Generator[ModelServer]:
    """Serve until the block ends."""

    class Handler(_Handler):
        served = server

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listener:
        listener.daemon_threads = True
        thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        server.address = f"http://127.0.0.1:{listener.server_port}/v1"
        try:
            yield server
        finally:
            server.stopping.set()
            listener.shutdown()
            thread.join()
