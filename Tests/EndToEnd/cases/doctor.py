"""`cluster doctor`, in a pod, finds what is wrong: a name, one direction of a link, the size, the key."""

import json

from lab.waiting import NotYet, wait_until


def main(case):
    pods = case.stateful_set()
    key = pods[0].run("keygen").stdout.strip()
    for pod in pods:
        pod.start(CLUSTER_KEY=key)
    pods.wait_green()
    wait_until("a healthy cluster has no problem", lambda: found(pods[2]) == set(), within=20)
    case.say("healthy: exit 0")

    address = pods.names.records["app-1"]
    pods.names.withdraw("app-1")
    assert ("dns", "app-1.") in found(pods[2]), pods[2].run("doctor").stdout
    pods.names.publish("app-1", address)
    case.say("a name without an address is named")

    pods.network.cut_one_way("app-0", "app-1")
    # Others vouch for both, so nobody is dead: only what isn't heard tells.
    seconds = wait_until("the direction is named", lambda: says(
        pods[2], "asymmetric: app-0 hears app-1, but app-1 doesn't hear app-0"), within=60)
    pods.heal()
    pods.wait_green()
    case.say(f"a link that is cut one way only is named after {seconds:.0f} s")

    pods[1].kill()
    pods[1].start(CLUSTER_KEY=key, CLUSTER_SIZE="4")
    wait_until("sizes differ", lambda: "size" in checks(pods[2]), within=15)
    pods[1].kill()
    pods[1].start(CLUSTER_KEY=pods[0].run("keygen").stdout.strip())
    wait_until("packets are refused", lambda: "packets" in checks(pods[2]), within=20)
    case.say("another size and another key are named")


def findings(pod):
    done = pod.run("doctor", "--output", "json")
    if done.returncode not in (0, 1):
        raise NotYet(f"doctor: {done}")
    found = json.loads(done.stdout)
    problems = [one for one in found if one["result"] == "problem"]
    assert (done.returncode == 1) == bool(problems), done
    assert all(one["remedy"] for one in problems), problems
    return problems


def found(pod):
    """What is a problem, each with the beginning of what is said."""
    return {(one["check"], one["text"][:6]) for one in findings(pod)}


def checks(pod):
    return {check for check, _ in found(pod)}


def says(pod, text):
    said = [one["text"] for one in findings(pod) if one["check"] == "link"]
    if text not in said:
        raise NotYet(f"doctor: {said}")
    return True
