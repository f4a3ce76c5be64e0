"""1 % and 20 % of all packets lost: nobody is taken for dead, one leader, every write arrives."""

from lab.metrics import samples
from lab.waiting import keeps, wait_until

EVERY = range(5)


def main(case):
    pods = case.stateful_set(size=5).start()
    pods.wait_green()
    elections = [told(pod)["cluster_leader_elections_total"] for pod in pods]
    held = {}
    for percent, seconds in ((1, 6), (20, 20)):
        pods.network.lose(percent)
        looks = keeps(f"all live, led by app-0, at {percent} % loss", lambda: pods.sees(
            EVERY, nodes=EVERY, state="green", leader="app-0"), seconds=seconds)
        for pod in pods:
            held[f"{percent}-{pod.name}"] = "kept"
            pod.rest.put(f"{percent}-{pod.name}", "kept")
        took = wait_until("all hold all", lambda: pods.all_hold(held), within=15)
        case.say(f"{percent} % lost for {seconds} s: all live at {looks} looks; writes of all five "
                 f"were everywhere after {took:.2f} s")
    pods.network.lose(0)
    case.say(f"green {pods.wait_green():.2f} s after the loss ended")
    for pod, before in zip(pods, elections):
        now = told(pod)
        case.say(f"{pod.name} raised {now['cluster_suspicions_raised_total']:.0f} suspicions, "
                 f"{now['cluster_suspicions_refuted_total']:.0f} were refuted")
        assert now["cluster_store_partitions_total"] == 0, "loss is no partition"
        assert now["cluster_leader_elections_total"] == before, "the leader changed"


def told(pod):
    return samples(pod.rest.request("GET", "/metrics").body.decode())
