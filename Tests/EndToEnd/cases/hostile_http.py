"""200 hostile HTTP connections and 2,000 forged packets/s at once; then 10,000 idle connections.

The member keeps its heartbeat, its memory and its answers.
"""

import contextlib
import resource
import socket
import time

from lab import wire
from lab.attacker import Attacker, Flood, Forgeries, Recorder
from lab.counts import counted, rejected, resident
from lab.inside import inside
from lab.waiting import keeps, wait_until

CLUSTER = wire.cluster_id("app", "shop", "app-peers")
HOSTILE = 200  # fewer than one address may have, so that none of them is refused at the door
RATE = 2_000  # forged packets a second
SECONDS = 8  # of both together
IDLE = 10_000
ALLOWED = 256  # connections that one address may have
SLOWEST = 1  # seconds that an answer may take beside all that, with a machine that does the attacking
MOST_RSS = 96 << 20  # bytes, whatever they do
HEADROOM = 32 << 20  # bytes that a member may grow by what 200 clients don't read, 64 KiB and more each

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
    pods = case.stateful_set()
    key = pods[0].run("keygen").stdout.strip()
    for pod in pods:
        pod.start(CLUSTER_KEY=key)
    pods.wait_green()
    pods[0].rest.put("before", "1")
    wait_until("all hold it", lambda: pods.all_hold({"before": "1"}), within=5)
    suspicions = suspected(pods)
    attacker = Attacker(pods.network)
    try:
        besieged(case, pods, attacker)
    finally:
        attacker.close()
    idle(case, pods)
    assert suspected(pods) == suspicions, f"suspicions: {suspicions}, then {suspected(pods)}"
    rss = resident(pods[0])
    assert rss < MOST_RSS, f"{rss:,} bytes"
    case.say(f"resident: {rss / 2**20:.0f} MiB; nobody ever suspected anybody")


def besieged(case, pods, attacker):
    """Both attacks on app-0 at once."""
    recorder = Recorder(pods[0])
    keeps("it records", lambda: green(pods), seconds=2)
    here = [payload for _, target, payload in recorder.stop() if target == pods[0].address]
    forgeries = forged(pods, here)
    dropped, memory = rejected(pods[0], *Forgeries.REASONS), resident(pods[0])
    probes = counted(pods[0], "cluster_probe_rtt_seconds_count")
    with contextlib.ExitStack() as stack:
        hostile = [stack.enter_context(connect(pods[0])) for _ in range(HOSTILE)]
        for number, connection in enumerate(hostile):
            connection.setblocking(False)
            give(connection, KINDS[number % len(KINDS)])
        flood = stack.enter_context(
            Flood(lambda number: attacker.spoof(pods[1], pods[0], forgeries[number]), RATE))
        latencies = []
        keeps("others are served beside them", lambda: drip(hostile) and well(pods, latencies),
              SECONDS)
        took = sorted(latencies)
        probes = counted(pods[0], "cluster_probe_rtt_seconds_count") - probes
        grown = resident(pods[0]) - memory
    wait_until("every packet was counted", lambda: rejected(pods[0], *Forgeries.REASONS)
               >= dropped + flood.sent * 0.99, within=10)
    case.say(f"{HOSTILE} hostile connections and {flood.sent:,} forged packets in {SECONDS} s: GET / in "
             f"{took[len(took) // 2] * 1e3:.1f} ms, {took[-1] * 1e3:.0f} ms at worst, {probes:.0f} probes "
             f"answered, {grown / 2**20:.1f} MiB more memory")
    assert flood.sent > RATE * SECONDS * 0.8, f"only {flood.sent} could be sent"
    assert took[-1] < SLOWEST, f"{took[-1]:.2f} s for an answer"
    assert probes >= SECONDS / 2, f"only {probes} of its probes were answered"
    assert grown < HEADROOM, f"{grown:,} bytes more than before"


def forged(pods, recorded):
    boots = [int(each["boot"]) for each in pods[0].rest.request("GET", "/members").json()["members"]]
    header = wire.Header(CLUSTER, 1, 0, boots[1], boots[0], wall=time.time_ns() // 1_000_000)
    stranger = wire.Sealer(wire.Key("a key that nobody here holds"), CLUSTER, 1, int(time.time()) << 32)
    return Forgeries(header, stranger, recorded)


def idle(case, pods):
    with contextlib.ExitStack() as stack:
        idle = []
        for number in range(IDLE):
            with contextlib.suppress(OSError):
                idle.append(stack.enter_context(connect(pods[0], 2)))
        assert len(idle) > 1_000, f"only {len(idle)} could be opened"
        refusals = sum(is_polite(received(connection)) for connection in idle)
        stranger(pods)  # another address is still served
        keeps("it stays green beside idle connections", lambda: green(pods), 3)
        case.say(f"{len(idle):,} idle connections, {refusals:,} told 503, another address is served")
    # Which of those above the cap hear it depends on how many wait to be closed at once.
    assert refusals > (len(idle) - ALLOWED) * 0.5, f"{refusals} of {len(idle)} were told"
    wait_until("it is served again", lambda: well(pods, []), within=10)
    assert counted(pods[0], "cluster_http_rejected_total", reason="connections") >= refusals


def is_polite(answer):
    """A whole answer that says what is wrong and when to come again."""
    return (answer.startswith(b"HTTP/1.1 503 ") and b"retry-after: 1" in answer.lower()
            and b"application/problem+json" in answer)


def suspected(pods):
    return [counted(pod, "cluster_suspicions_raised_total") for pod in pods]


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
