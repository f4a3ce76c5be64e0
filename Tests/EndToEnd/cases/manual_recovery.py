"""With manual recovery a healed cut merges only when told: by PUT /?recovery=auto, by POST /hosts."""

from cases.cut_and_heal import sides
from lab.waiting import keeps, wait_until

APART = 6  # seconds in which nothing may merge


def main(case):
    pods = case.stateful_set(environment={"CLUSTER_RECOVERY": "manual"}).start()
    pods.wait_green()
    assert pods.sees(range(3), recovery="manual")

    split(case, pods, "first")
    reply = pods[1].rest.request("PUT", "/?recovery=auto")
    assert reply.status == 200, reply
    joined(case, pods, "first", "PUT /?recovery=auto on app-1")
    wait_until("all report recovery auto", lambda: pods.sees(range(3), recovery="auto"), within=5)

    reply = pods[2].rest.request("PUT", "/?recovery=manual")
    assert reply.status == 200 and reply.json()["recovery"] == "manual", reply
    wait_until("all report recovery manual", lambda: pods.sees(range(3), recovery="manual"),
               within=5)
    split(case, pods, "second")
    reply = pods[0].rest.request("POST", "/hosts/app-2")
    assert reply.status == 200, reply
    joined(case, pods, "second", "POST /hosts/app-2 on app-0")
    assert pods.sees(range(3), recovery="manual")


def split(case, pods, name):
    """Cuts, writes on both sides, ends the cut, and sees that nothing merges."""
    pods.cut([0, 1], [2])
    wait_until("both sides lead themselves", lambda: sides(pods), within=15)
    pods[0].rest.put(f"{name}: pair", "pair")
    pods[2].rest.put(f"{name}: one", "one")
    wait_until("the pair shares its write",
               lambda: pods[1].rest.get(f"{name}: pair") == "pair", within=5)
    pods.heal()
    looks = keeps("nothing merges by itself", lambda: apart(pods, name), APART)
    case.say(f"{name} cut: healed, and nothing merged for {APART} s ({looks} looks)")


def apart(pods, name):
    return (sides(pods) and pods[2].rest.get(f"{name}: pair") is None
            and pods[0].rest.get(f"{name}: one") is None
            and pods[1].rest.get(f"{name}: one") is None)


def joined(case, pods, name, how):
    seconds = pods.wait_green(within=15)
    wait_until("all hold both sides' writes", lambda: all(
        pod.rest.get(f"{name}: {side}") == side for pod in pods for side in ("pair", "one")),
        within=10)
    case.say(f"{how}: one cluster with all of it, green after {seconds:.2f} s")
