"""Talks HTTP to a member from inside its own pod, over loopback, as an operator's `exec` would."""

import http.client
import json
import socket
from typing import NamedTuple
from urllib.parse import quote

from .inside import inside
from .waiting import NotYet


class Reply(NamedTuple):
    status: int
    headers: dict
    body: bytes

    def json(self):
        return json.loads(self.body)


class Rest:
    """One keep-alive connection, made anew when it broke. Unreachable is an OSError."""

    def __init__(self, namespace, port=8080, host="127.0.0.1"):
        self.namespace, self.port, self.host = namespace, port, host
        self._connection = None

    def request(self, method, path, body=None, headers=None, timeout=5.0):
        reused = self._connection is not None
        try:
            return self._once(method, path, body, headers, timeout)
        except (http.client.HTTPException, ConnectionError) as failure:
            if not reused:  # the member closed an idle connection: that says nothing
                raise ConnectionError(f"{method} {path}: {failure!r}") from failure
        try:
            return self._once(method, path, body, headers, timeout)
        except http.client.HTTPException as failure:
            raise ConnectionError(f"{method} {path}: {failure!r}") from failure

    def state(self):
        """What `GET /` answers."""
        reply = self.request("GET", "/", timeout=2)
        if reply.status != 200:
            raise NotYet(f"GET / answered {reply.status}")
        return reply.json()

    def put(self, key, value):
        self._must("PUT", f"/keys/{quote(key, safe='')}", value.encode())

    def get(self, key):
        """The value, or None when there is none."""
        reply = self.request("GET", f"/keys/{quote(key, safe='')}")
        if reply.status == 404:
            return None
        if reply.status == 503:
            raise NotYet(f"GET {key}: {reply}")
        assert reply.status == 200, f"GET {key}: {reply}"
        return reply.json()["value"]

    def delete(self, key):
        self._must("DELETE", f"/keys/{quote(key, safe='')}")

    def close(self):
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _must(self, method, path, body=None):
        reply = self.request(method, path, body)
        assert reply.status == 200, f"{method} {path}: {reply}"

    def _once(self, method, path, body, headers, timeout):
        try:
            if self._connection is None:
                self._connection = http.client.HTTPConnection(self.host, self.port)
                with inside(self.namespace):
                    self._connection.sock = socket.create_connection((self.host, self.port), timeout)
                self._connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._connection.sock.settimeout(timeout)
            self._connection.request(method, path, body, headers or {})
            reply = self._connection.getresponse()
            content = reply.read()
            seen = Reply(reply.status, {k.lower(): v for k, v in reply.getheaders()}, content)
            if reply.will_close:
                self.close()
            return seen
        except (OSError, http.client.HTTPException):
            self.close()
            raise
