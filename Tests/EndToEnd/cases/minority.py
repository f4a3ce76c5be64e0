"""The small half of a split refuses what its policy says; a write's concern says who has it."""

import os
import re

from lab.waiting import wait_until

LOAD = f"{os.path.dirname(__file__)}/../lab/load"


def main(case):
    policies(case)
    concerns(case)


def policies(case):
    pods = case.stateful_set(size=5)
    for pod, policy in zip(pods, ("readOnly", "unavailable", "readOnly", "unavailable", "readOnly")):
        start(pod, f"--minority {policy}")
    pods.wait_green()
    pods[0].rest.put("kept", "v")
    wait_until("all hold it", lambda: pods.all_hold({"kept": "v"}), within=5)
    pods.cut([0, 1, 2], [3, 4])
    wait_until("the small half refuses writes", lambda: all(
        put(pod).status == 503 for pod in (pods[3], pods[4])), within=15)
    reply = put(pods[4])
    assert "problem+json" in reply.headers["content-type"] and "2 of 5" in reply.json()["detail"], reply
    assert pods[4].rest.get("kept") == "v", "readOnly reads"
    assert pods[3].rest.get("kept") is None, "unavailable finds nothing"
    assert all(put(pod).status == 200 for pod in pods[:3]), "the large half writes"
    case.say(f"two of five: 503 for writes ({reply.json()['detail']}); readOnly reads on")
    pods.heal()
    pods.wait_green(within=15)
    wait_until("all write and read again", lambda: all(
        put(pod).status == 200 and pod.rest.get("kept") == "v" for pod in pods), within=10)


def concerns(case):
    pods = case.stateful_set()
    for pod, concern in zip(pods, ("majority", "all", "3")):
        start(pod, f"--concern {concern}", rate=5)
    pods.wait_green()
    for pod, required in zip(pods, (2, 3, 3)):
        said(pod, rf"reached: required {required}, held by app-\d.*")
    pods.cut([0, 1], [2])
    wait_until("apart", lambda: pods.sees([2], state="red"), within=15)
    said(pods[0], r"reached: required 2, held by app-0,app-1, not by app-2")
    said(pods[1], r"not reached: required 3, held by app-0,app-1, not by app-2")
    said(pods[2], r"not reached: required 3, held by app-2, not by app-0,app-1")
    case.say("majority is reached by two of three; all and 3 are not, and say that app-2 lacks it")
    pods.heal()
    pods.wait_green(within=15)
    said(pods[2], r" reached: required 3, held by app-0,app-1,app-2, not by ")
    # What wasn't reached in time stayed, and is everywhere now.
    wait_until("every write is everywhere", lambda: len({
        pod.rest.state()["store"]["size"] for pod in pods}) == 1, within=10)


def start(pod, options, rate=1):
    """Starts `cluster load` with these options in place of `cluster node`."""
    node, pod.binary = pod.binary, LOAD
    keys = 1_000 if "concern" in options else 1
    pod.start(CLUSTER_BINARY=node, RATE=str(rate), KEYS=str(keys), LOAD_OPTIONS=options)
    pod.binary = node


def put(pod):
    return pod.rest.request("PUT", f"/keys/of-{pod.name}", body=b"v")


def said(pod, pattern):
    """Waits until the member says this of a write that it makes from now on."""
    with open(pod.log) as log:
        log.seek(0, os.SEEK_END)
        begin = log.tell()

    def look():
        with open(pod.log) as log:
            log.seek(begin)
            return re.search(pattern, log.read()) is not None
    wait_until(f"{pod.name} says {pattern}", look, within=15)
