"""Manual recovery: what is pending is shown, and each of the three decisions does what it says."""

from cases.cut_and_heal import sides
from lab.waiting import wait_until

# What each side wrote while they were apart, and what becomes of it: on the pair, on the one.
OUTCOMES = {
    "merge": {"only pair": "pair", "only one": "one", "same": "before"},
    "keep-local": {"only pair": "pair", "only one": None, "same": "before", "both": "pair"},
    "adopt-remote": {"only pair": None, "only one": "one", "same": "before", "both": "one"},
}


def main(case):
    pods = manual(case)
    assert pods[0].rest.request("POST", "/recovery?decision=merge").status == 409
    assert pods[0].rest.request("POST", "/recovery?decision=perhaps").status == 400
    decide(case, pods, "merge", lambda: rest(pods[0], "merge"))
    decide(case, pods, "keep-local", lambda: rest(pods[1], "keep-local"))
    decide(case, pods, "adopt-remote", lambda: rest(pods[0], "adopt-remote"))
    # Others, since a member that was cut off again and again judges others more slowly.
    pods = manual(case)
    decide(case, pods, "keep-local", lambda: command(pods[0], "--keep-local"))
    decide(case, pods, "adopt-remote", lambda: command(pods[1], "--adopt-remote"))
    decide(case, pods, "merge", lambda: command(pods[0], "--merge"))


def manual(case):
    pods = case.stateful_set(environment={"CLUSTER_RECOVERY": "manual"}).start()
    pods.wait_green()
    return pods


def decide(case, pods, decision, how):
    for key in ("only pair", "only one"):
        pods[0].rest.request("DELETE", f"/keys/{key.replace(' ', '%20')}")
    pods[0].rest.put("same", "before")
    pods[0].rest.put("both", "before")
    wait_until("all hold the beginning", lambda: pods.all_hold(
        {"same": "before", "both": "before", "only pair": None, "only one": None}), within=10)
    pods.cut([0, 1], [2])
    wait_until("both sides lead themselves", lambda: sides(pods), within=30)
    pods[0].rest.put("only pair", "pair")
    pods[2].rest.put("only one", "one")
    pods[0].rest.put("both", "pair")
    pods[2].rest.put("both", "one")
    wait_until("the pair shares it", lambda: pods[1].rest.get("both") == "pair", within=5)
    pods.heal()
    wait_until("it is shown what is pending", lambda: pending(pods[0]) == {
        "members": ["app-2"], "onlyHere": ["only pair"], "onlyThere": ["only one"],
        "inConflict": ["both"], "complete": True}, within=15)
    shown = pods[0].run("recover", "--pending")
    assert shown.returncode == 0 and "only pair" in shown.stdout, shown
    assert pods[0].rest.get("only one") is None, "a preview merges nothing"

    how()
    wait_until("one cluster", lambda: pods.sees(range(3), state="green"), within=15)
    expected = dict(OUTCOMES[decision])
    if decision == "merge":  # the later one of two concurrent writes
        expected["both"] = "one"
    wait_until(f"{decision} is done everywhere", lambda: pods.all_hold(expected), within=10)
    case.say(f"{decision}: {expected}")


def pending(pod):
    groups = pod.rest.request("GET", "/recovery").json()["groups"]
    return groups[0] if len(groups) == 1 else groups


def rest(pod, decision):
    reply = pod.rest.request("POST", f"/recovery?decision={decision}")
    assert reply.status == 200, reply


def command(pod, flag):
    done = pod.run("recover", flag)
    assert done.returncode == 0, done.stderr
