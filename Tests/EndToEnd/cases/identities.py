"""Two processes of one ordinal: the newer stays. An old address taken by another cluster: none joins."""

from lab.counts import rejected
from lab.shell import sh
from lab.waiting import keeps, wait_until


def main(case):
    pods = case.stateful_set().start()
    pods.wait_green()
    pods[0].rest.put("key", "value")
    wait_until("all hold it", lambda: pods.all_hold({"key": "value"}), within=5)
    one_ordinal_twice(case, pods)
    an_old_address(case, pods)


def one_ordinal_twice(case, pods):
    twin = pods.beside("twin", 60, CLUSTER_NAME="app-2")
    twin.start()
    status = pods[2].exit_status(within=20)
    assert status == 65, f"the older process of app-2 ended with {status}: it was superseded"
    every = [pods[0], pods[1], twin]
    names = [f"app-{number}" for number in range(3)]
    seconds = wait_until("all are green with the newer one", lambda: all(
        pod.rest.state()["nodes"] == names for pod in every), within=10)
    wait_until("it has what the older one had", lambda: twin.rest.get("key") == "value", within=5)
    boots = {pod.name: boot(pod, "app-2") for pod in every}
    assert len(set(boots.values())) == 1, f"all must believe in one process: {boots}"
    case.say(f"the older process of app-2 ended with 65; {seconds:.2f} s later all "
             "agreed on the newer")
    twin.kill()
    pods[2].reschedule(70)
    pods[2].start()
    pods.wait_green(within=20)


def an_old_address(case, pods):
    number = pods[1].number
    pods[1].kill()
    pods[1].unplug()
    # Its name still leads there: so does a record that nobody has renewed yet.
    stranger = pods.beside("stranger", number, CLUSTER_NAME="app-1", CLUSTER_NAMESPACE="elsewhere")
    stranger.start()
    for pod in (pods[0], pods[2]):  # as whoever gives an address to another host announces it
        sh("ip", "-n", pod.namespace, "neigh", "flush", "all")
    wait_until("the stranger refuses what our members send",
               lambda: rejected(stranger, "cluster") > 0, within=15)
    wait_until("app-1 is missed",
               lambda: pods.sees([0, 2], nodes=[0, 2], state="yellow"), within=10)
    looks = keeps("two live, and a stranger alone", lambda: pods.sees(
        [0, 2], nodes=[0, 2], state="yellow", leader="app-0") and stranger.rest.state()[
            "nodes"] == ["app-1"] and stranger.rest.get("key") is None, seconds=4)
    case.say(f"at app-1's old address another cluster's app-1 was asked "
             f"{rejected(stranger, 'cluster'):.0f} times and answered nothing; {looks} looks saw no change")
    stranger.kill()
    pods[1].reschedule(71)
    pods[1].start()
    case.say(f"green {pods.wait_green(within=20):.2f} s after app-1 came back elsewhere")


def boot(pod, name):
    """Which start of a member another one believes in."""
    for member in pod.rest.request("GET", "/members").json()["members"]:
        if member["name"] == name:
            return member["boot"]
    raise AssertionError(f"{pod.name} doesn't know {name}")
