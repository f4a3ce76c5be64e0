"""SIGSTOP for ten seconds: taken for dead, it returns by itself, accuses nobody, and loses nothing."""

import signal
import time

from lab.metrics import samples
from lab.waiting import keeps, wait_until

PAUSE = 10  # seconds


def main(case):
    pods = case.stateful_set().start()
    pods.wait_green()
    pods[0].rest.put("before", "1")
    wait_until("all hold it", lambda: pods.all_hold({"before": "1"}), within=5)

    pods[0].signal(signal.SIGSTOP)
    stopped = time.monotonic()
    seconds = wait_until("app-1 leads the others", lambda: pods.sees(
        [1, 2], nodes=[1, 2], state="yellow", leader="app-1"), within=PAUSE)
    case.say(f"stopped: the others went on under app-1 after {seconds:.2f} s")
    pods[2].rest.put("meanwhile", "2")
    keeps("they go on", lambda: pods.sees([1, 2], nodes=[1, 2], leader="app-1"),
          seconds=PAUSE - (time.monotonic() - stopped))
    pods[0].signal(signal.SIGCONT)
    seconds = pods.wait_green(within=15)
    wait_until("all hold all", lambda: pods.all_hold({"before": "1", "meanwhile": "2"}), within=5)
    case.say(f"continued: green and equal after {seconds:.2f} s")
    keeps("it stays green", lambda: pods.sees(range(3), state="green", leader="app-0"), seconds=3)
    for pod in pods:
        told = samples(pod.rest.request("GET", "/metrics").body.decode())
        assert told["cluster_store_partitions_total"] == 0, f"{pod.name} took it for a partition"
        said = pod.last_words(lines=1_000)
        assert "app-0 stood still" in said, f"{pod.name} doesn't tell of the pause"
        assert "partition" not in said, f"{pod.name} suspected a partition"
    said = pods[0].last_words(lines=1_000)
    assert " is dead" not in said and " is suspect" not in said, "the stopped one accused somebody"
    case.say("all tell of a pause, nobody of a partition; the stopped one accused nobody")
