"""A member that is written to as fast as it can stays a member: nobody suspects anybody.

RATE (puts a second, 20000) and SECONDS (30) may be set in the environment. The rate reached is printed:
the writer shares this machine's cores with the members, so it may be lower.
"""

import os
import socket
import threading
import time

from lab import metrics
from lab.inside import inside
from lab.waiting import wait_until

RATE = int(os.environ.get("RATE", "20000"))
SECONDS = float(os.environ.get("SECONDS", "30"))
KEYS = 2_000
BATCH = 100  # requests on their way at once


def main(case):
    pods = case.stateful_set().start()
    pods.wait_green()
    before = [suspicions(pod) for pod in pods]
    assert all(before), "no metric tells of suspicions"
    trouble = []
    done = threading.Event()
    watch = threading.Thread(target=look_on, args=(pods[2], done, trouble))
    watch.start()
    try:
        written, expected = write(pods[0].namespace)
    finally:
        done.set()
        watch.join()
    case.say(f"{written / SECONDS:,.0f} puts/s of {RATE:,} asked, for {SECONDS:.0f} s")

    late = {key: expected[key] for key in sorted(expected)[:50]}
    seconds = wait_until("the last writes are everywhere", lambda: all(
        pod.rest.get(key) == value for pod in pods for key, value in late.items()), within=1)
    case.say(f"equal {seconds:.2f} s after the writer stopped (50 of {KEYS} keys looked at)")
    assert pods.all_hold(expected)
    assert not trouble, f"app-2 saw {trouble[:3]}"
    after = [suspicions(pod) for pod in pods]
    assert after == before, f"suspicions were raised: {before} became {after}"
    case.say("no member was suspected")


def suspicions(pod):
    """Every counter that tells of suspicions."""
    values = metrics.samples(pod.rest.request("GET", "/metrics").body.decode())
    return {name: value for name, value in values.items()
            if "suspicion" in name and name.split("{")[0].endswith("_total")}


def look_on(pod, done, trouble):
    """Asks a member that isn't written to what it sees, all the time."""
    while not done.wait(0.2):
        try:
            state = pod.rest.state()
            if state["state"] != "green" or state["leader"] != "app-0":
                trouble.append(state)
            members = pod.rest.request("GET", "/members").body
            if b'"suspect"' in members:
                trouble.append(members)
        except Exception as failure:
            trouble.append(failure)


def write(namespace):
    """Pipelines puts on a kept connection, no faster than RATE; every reply must be a 200."""
    expected, written, start = {}, 0, time.monotonic()
    connection = connect(namespace)
    while (elapsed := time.monotonic() - start) < SECONDS:
        if written > RATE * elapsed:
            time.sleep((written - RATE * elapsed) / RATE)
            continue
        batch = []
        for number in range(written, written + BATCH):
            key, value = f"key-{number % KEYS:04}", f"{number:012}"
            expected[key] = value
            batch.append(f"PUT /keys/{key} HTTP/1.1\r\nHost: localhost\r\n"
                         f"Content-Length: {len(value)}\r\n\r\n{value}")
        connection.sendall("".join(batch).encode())
        read_replies(connection, BATCH)
        written += BATCH
    connection.close()
    return written, expected


def connect(namespace):
    with inside(namespace):
        connection = socket.create_connection(("127.0.0.1", 8080), 5)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def read_replies(connection, count):
    """Reads until so many replies have begun and the last one has ended."""
    seen = b""
    while seen.count(b"HTTP/1.1 ") < count or not whole(seen):
        part = connection.recv(1 << 16)
        assert part, f"closed after {seen.count(b'HTTP/1.1 ')} of {count} replies: {seen[-300:]!r}"
        seen += part
    assert seen.count(b"HTTP/1.1 200") == count, f"not all 200: {seen[:400]!r}"


def whole(seen):
    """The last reply of these bytes is there to its end."""
    head, blank, body = seen[seen.rindex(b"HTTP/1.1 "):].partition(b"\r\n\r\n")
    if not blank:
        return False
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    return len(body) >= int(lengths[0].split(b":")[1]) if lengths else True
