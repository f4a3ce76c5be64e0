"""A cut 2|1 with writes on both sides: both serve on, and after it all hold one map."""

from lab import metrics
from lab.waiting import keeps, wait_until

MANY = 200
FEW = 100


def main(case):
    pods = case.stateful_set().start()
    pods.wait_green()
    expected = {}
    for number in range(FEW):
        for kind in ("removed by the pair", "removed by the one", "untouched"):
            expected[f"{kind} {number}"] = "before"
            pods[0].rest.put(f"{kind} {number}", "before")
    wait_until("all hold the beginning", lambda: pods.all_hold(expected), within=5)

    pods.cut([0, 1], [2])
    seconds = wait_until("both sides lead themselves", lambda: sides(pods), within=15)
    case.say(f"cut: {{0,1}} yellow led by app-0, {{2}} red led by app-2, after {seconds:.2f} s")
    write_on_both_sides(pods, expected)
    case.say(f"{len(expected)} keys written, overwritten or deleted; each side took all of it")
    assert sides(pods)

    pods.heal()
    case.say(f"heal: green after {pods.wait_green(within=15):.2f} s")
    seconds = wait_until("all hold the same", lambda: pods.all_hold(expected), within=15)
    case.say(f"one map everywhere {seconds:.2f} s later: {size(expected)} keys, the rest deleted")

    deleted = [key for key, value in expected.items() if value is None]
    keeps("no deleted key returns", lambda: all(
        pod.rest.state()["store"]["size"] == size(expected) for pod in pods), seconds=3)
    assert all(pod.rest.get(key) is None for pod in pods for key in deleted)
    counted = [metrics.samples(pod.rest.request("GET", "/metrics").body.decode())
               ["cluster_store_partitions_total"] for pod in pods]
    assert counted == [1, 1, 1], f"one partition, counted once by each: {counted}"
    said = pods[0].last_words(lines=10_000)
    assert 'heard_by="app-2: ' in said, "the log doesn't say who heard app-2"
    assert "apart_from=app-0,app-1" in said, "the log doesn't say from whom it was apart"
    case.say(f"partitions counted by the three: {counted}")


def sides(pods):
    return (pods.sees([0, 1], nodes=[0, 1], state="yellow", leader="app-0")
            and pods.sees([2], nodes=[2], state="red", leader="app-2"))


def write_on_both_sides(pods, expected):
    """Every write is acknowledged, or `put` raises; `expected` follows the rules."""
    pair, one = pods[1].rest, pods[2].rest
    for number in range(MANY):
        pair.put(f"pair {number}", f"p{number}")
        one.put(f"one {number}", f"o{number}")
        expected[f"pair {number}"] = f"p{number}"
        expected[f"one {number}"] = f"o{number}"
    # One side writes, then the other one: the later write wins, whichever side it was on.
    for first, second, name in ((pair, one, "one"), (one, pair, "pair")):
        for number in range(FEW):
            first.put(f"conflict, {name} later {number}", "earlier")
            first.put(f"deleted, then written by {name} {number}", "earlier")
            first.delete(f"deleted, then written by {name} {number}")
            first.put(f"written, then deleted by {name} {number}", "earlier")
            second.put(f"written, then deleted by {name} {number}", "also")
        for number in range(FEW):
            second.put(f"conflict, {name} later {number}", f"later {number}")
            second.put(f"deleted, then written by {name} {number}", "later")
            second.delete(f"written, then deleted by {name} {number}")
            expected[f"conflict, {name} later {number}"] = f"later {number}"
            expected[f"deleted, then written by {name} {number}"] = "later"
            expected[f"written, then deleted by {name} {number}"] = None
    for number in range(FEW):
        pair.delete(f"removed by the pair {number}")
        one.delete(f"removed by the one {number}")
        expected[f"removed by the pair {number}"] = None
        expected[f"removed by the one {number}"] = None


def size(expected):
    return sum(value is not None for value in expected.values())
