"""200 hostile HTTP connections, then 10,000 idle ones: the member keeps heartbeat, memory and answers."""

import contextlib
import resource
import socket
import time

from lab.inside import inside
from lab.waiting import keeps, wait_until

HOSTILE = 200  # fewer than one address may have, so that none of them is refused at the door
IDLE = 10_000
MOST_RSS = 96 << 20  # bytes, whatever they do

HEAD = b"PUT /keys/hostile HTTP/1.1\r\nHost: localhost\r\n"
KINDS = [
    HEAD + b"X-Slow: ",  # a head without end
    HEAD + b"Content-Length: 1000000\r\n\r\n",  # a body without end
    HEAD + b"Transfer-Encoding: chunked\r\n\r\n",  # chunks without end
    b"GET /events?after=0 HTTP/1.1\r\nHost: localhost\r\n\r\n",  # a feed that nobody reads
    b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n" * 40,  # answers that nobody reads
]


def main(case):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, IDLE + 2_000), hard))
    pods = case.stateful_set().start()
    pods.wait_green()
    pods[0].rest.put("before", "1")
    wait_until("all hold it", lambda: pods.all_hold({"before": "1"}), within=5)
    before = metric(pods[0], "cluster_suspicions_refuted_total")

    with contextlib.ExitStack() as stack:
        hostile = [stack.enter_context(connect(pods[0])) for _ in range(HOSTILE)]
        for number, connection in enumerate(hostile):
            connection.setblocking(False)
            give(connection, KINDS[number % len(KINDS)])
        latencies = []
        keeps("others are served beside them", lambda: drip(hostile) and well(pods, latencies), 8)
        case.say(f"{HOSTILE} hostile connections: GET / within {max(latencies) * 1_000:.0f} ms at worst")
    rss = metric(pods[0], "process_resident_memory_bytes")
    assert rss < MOST_RSS, f"{rss:,.0f} bytes"

    with contextlib.ExitStack() as stack:
        idle = []
        for number in range(IDLE):
            with contextlib.suppress(OSError):
                idle.append(stack.enter_context(connect(pods[0], 2)))
        assert len(idle) > 1_000, f"only {len(idle)} could be opened"
        refusals = sum(b"503" in received(connection) for connection in idle)
        stranger(pods)  # another address is still served
        keeps("it stays green beside idle connections", lambda: green(pods), 3)
        case.say(f"{len(idle):,} idle connections, {refusals:,} told 503, another address is served")
    wait_until("it is served again", lambda: well(pods, []), within=10)
    rss = metric(pods[0], "process_resident_memory_bytes")
    assert rss < MOST_RSS, f"{rss:,.0f} bytes"
    assert metric(pods[0], "cluster_suspicions_refuted_total") == before, "it was suspected"
    assert metric(pods[0], 'cluster_http_rejected_total{reason="connections"}') > 0
    case.say(f"resident: {rss / 2**20:.0f} MiB; nobody ever suspected it")


def well(pods, latencies):
    start = time.monotonic()
    pods[0].rest.state()
    latencies.append(time.monotonic() - start)
    return green(pods) and pods[0].rest.get("before") == "1"


def green(pods):
    """As the others see it: what their probes say doesn't pass its HTTP."""
    return pods.sees(range(1, 3), nodes=range(3), state="green", leader="app-0")


def stranger(pods):
    with inside(pods[1].namespace):
        connection = socket.create_connection((pods[0].address, 8080), 5)
    with connection:
        connection.sendall(b"GET /livez HTTP/1.1\r\nHost: app-0\r\nConnection: close\r\n\r\n")
        answer = connection.recv(65_536)
    assert answer.startswith(b"HTTP/1.1 200 "), answer[:200]


def metric(pod, series):
    text = pod.rest.request("GET", "/metrics").body.decode()
    for line in text.splitlines():
        if line.startswith(series + " "):
            return float(line.rsplit(" ", 1)[1])
    raise AssertionError(f"no {series}")


def connect(pod, timeout=10):
    with inside(pod.namespace):
        return socket.create_connection(("127.0.0.1", 8080), timeout)


def give(connection, sent):
    with contextlib.suppress(OSError):
        connection.send(sent)


def drip(connections):
    for connection in connections:
        give(connection, b"x")
    return True


def received(connection):
    try:
        return connection.recv(65_536, socket.MSG_DONTWAIT)
    except OSError:
        return b""
