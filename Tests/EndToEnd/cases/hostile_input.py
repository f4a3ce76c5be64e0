"""Garbage over HTTP, UDP and streams: the member answers others as if nothing were, and stays green."""

import contextlib
import random
import socket
import struct

from lab.inside import inside
from lab.waiting import keeps, wait_until

DATAGRAMS = 200_000
SLOW = 20  # clients, fewer than one address may have
STREAMS = 600  # more than a member accepts in all

# What is sent, and the statuses that may answer it; a closed connection may answer all of it.
GARBAGE = {
    "noise": (bytes(random.Random(1).randbytes(4_096)), {400}),
    "zeros": (bytes(4_096), {400}),
    "no version": (b"GET /\r\n\r\n", {400, 505}),
    "another version": (b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n", {400, 505}),
    "no host": (b"GET / HTTP/1.1\r\n\r\n", {400}),
    "two lengths": (b"PUT /keys/smuggled HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n"
                    b"Content-Length: 2\r\n\r\nab", {400}),
    "length and chunks": (b"PUT /keys/smuggled HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n"
                          b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n", {400}),
    "a negative length": (b"PUT /keys/smuggled HTTP/1.1\r\nHost: localhost\r\n"
                          b"Content-Length: -1\r\n\r\n", {400}),
    "a length without end": (b"PUT /keys/smuggled HTTP/1.1\r\nHost: localhost\r\n"
                             b"Content-Length: 99999999999999999999\r\n\r\n", {400, 413}),
    "a body too large": (b"PUT /keys/smuggled HTTP/1.1\r\nHost: localhost\r\n"
                         b"Content-Length: 2000000\r\n\r\n", {413}),
    "a huge header": (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 200_000 + b"\r\n\r\n",
                      {431}),
    "ten thousand headers": (b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: y\r\n" * 10_000
                             + b"\r\n", {431}),
    "a long target": (b"GET /keys/" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
                      {414, 431}),
    "a broken escape": (b"GET /keys/%zz HTTP/1.1\r\nHost: localhost\r\n\r\n", {400}),
    "a wrong method": (b"BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n", {400, 405, 501}),
    "an unknown parameter": (b"PUT /?recovrey=auto HTTP/1.1\r\nHost: localhost\r\n"
                             b"Content-Length: 0\r\n\r\n", {400}),
    "half a request": (b"GET / HT", {400, 408}),
}
CLOSED = 0


def main(case):
    pods = case.stateful_set().start()
    pods.wait_green()
    pods[0].rest.put("before", "1")
    wait_until("all hold it", lambda: pods.all_hold({"before": "1"}), within=5)

    answers = {name: send(pods[0], sent) for name, (sent, _) in GARBAGE.items()}
    wrong = {name: status for name, status in answers.items()
             if status != CLOSED and status not in GARBAGE[name][1]}
    assert not wrong, f"answered otherwise than it should: {wrong}"
    case.say(f"{len(GARBAGE)} sorts of broken HTTP: {answers}")
    well(pods)

    with contextlib.ExitStack() as stack:
        slow = [stack.enter_context(connect(pods[0])) for _ in range(SLOW)]
        for connection in slow:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        keeps("others are served beside slow clients", lambda: drip(slow) and well(pods), 3)
        wait_until("slow clients are sent away",
                   lambda: drip(slow) and not any(map(is_open, slow)), within=30)
    case.say(f"{SLOW} clients that drip their headers were sent away; others were served")

    for source in ("stranger", "app-1"):
        flood(pods, source)
        well(pods)
        case.say(f"{DATAGRAMS:,} random datagrams from {source}: green, and it answers")
    crowd(case, pods)
    keeps("it stays green", lambda: well(pods), seconds=3)


def crowd(case, pods):
    """One host opens more streams than there may be, garbage in every second one: others still get through."""
    with contextlib.ExitStack() as stack:
        with inside(pods.network.hosts["stranger"]):
            streams = [stack.enter_context(socket.create_connection((pods[0].address, 7946), 5))
                       for _ in range(STREAMS)]
        loud = streams[::2]
        for stream in loud:
            with contextlib.suppress(OSError):
                stream.sendall(struct.pack(">I", 200) + random.Random(7).randbytes(200))
        wait_until("those that bring garbage are closed", lambda: not any(map(is_open, loud)), within=15)
        large = "x" * 500_000  # goes over a stream
        pods[1].rest.put("before", large)
        seconds = wait_until("a value that goes over a stream arrives",
                             lambda: pods[0].rest.get("before") == large, within=15)
        pods[1].rest.put("before", "1")
        wait_until("all hold it", lambda: well(pods), within=10)
    case.say(f"{STREAMS} streams of a stranger, garbage in half of them: closed; "
             f"a large value still arrived after {seconds:.2f} s")


def well(pods):
    """Still green, still the same data, nothing smuggled in."""
    return (pods.sees(range(3), nodes=range(3), state="green", leader="app-0")
            and pods.all_hold({"before": "1"}))


def connect(pod):
    with inside(pod.namespace):
        return socket.create_connection(("127.0.0.1", 8080), 10)


def send(pod, sent):
    """Sends bytes and our end of the stream; returns the status that answers, or CLOSED."""
    with connect(pod) as connection:
        try:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            answer = connection.recv(65_536)
        except ConnectionError:
            return CLOSED
    return int(answer.split(b" ")[1]) if answer.startswith(b"HTTP/1.1 ") else CLOSED


def drip(connections):
    """One more byte on each connection; those that are closed stay closed."""
    for connection in connections:
        with contextlib.suppress(OSError):
            connection.send(b"x", socket.MSG_DONTWAIT)
    return True


def is_open(connection):
    try:
        return not ended(connection.recv(65_536, socket.MSG_DONTWAIT))
    except BlockingIOError:
        return True
    except OSError:
        return False


def ended(received):
    """A reply to half a request (408) comes right before the end of the stream."""
    return received == b""


def flood(pods, source):
    """Random bytes of every length to app-0's cluster port, some that begin as real ones might."""
    chance = random.Random(source)
    if source not in pods.network.hosts:
        pods.network.add(source, 99)
    with inside(pods.network.hosts[source]):
        out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    noise = chance.randbytes(1 << 16)
    with out:
        out.connect((pods[0].address, 7946))
        for _ in range(DATAGRAMS):
            start = chance.getrandbits(16) % (len(noise) - 1_500)
            with contextlib.suppress(OSError):
                out.send(noise[start:start + chance.getrandbits(16) % 1_472])
