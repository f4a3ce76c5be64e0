"""A real Prometheus scrapes three members and fires for a real split, a lost leader and a wrong key."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import quote

from lab.case import Skip
from lab.rest import Rest
from lab.waiting import NotYet, keeps, wait_until

LIMIT = 240
RULES = Path(__file__).resolve().parents[3] / "deploy/prometheus"
NUMBER = 3  # of Prometheus' host in the network


def main(case):
    if shutil.which("prometheus") is None:
        raise Skip("there is no prometheus: 'Tests/tools network' brings it")
    pods = case.stateful_set(environment={"CLUSTER_KEY": new_key(case)})
    with Prometheus(case, pods) as prometheus:
        pods.start()
        pods.wait_green()
        wait_until("all three are scraped", lambda: prometheus.up() == 3, within=30)
        keeps("no alert of a healthy cluster", lambda: prometheus.firing() == set(), seconds=3)
        case.say("three members found by their Service's name and scraped; silence")

        pods.cut([0, 1], [2])
        # Nothing is cut between Prometheus and the members: only it sees both sides.
        seconds = prometheus.waits_for({"ClusterSplitBrain", "ClusterMembersMissing",
                                        "ClusterViewsDisagree"})
        assert "ClusterNoLeader" not in prometheus.firing()
        case.say(f"split 2|1: two leaders, missing members, views that differ after {seconds:.1f} s")
        pods.heal()
        pods.wait_green()
        case.say(f"healed: all alerts are over after {prometheus.waits_for(set()):.1f} s")
        lose_a_member(case, pods, prometheus)
        wrong_key(case, pods, prometheus)
    lose_the_leader(case)


def lose_a_member(case, pods, prometheus):
    pods[2].kill()
    seconds = prometheus.waits_for({"ClusterMemberDown", "ClusterMembersMissing"})
    case.say(f"a member killed: down and missing after {seconds:.1f} s")
    pods[2].start()
    pods.wait_green()
    prometheus.waits_for(set())


def wrong_key(case, pods, prometheus):
    """One member comes back with a key that the others don't have."""
    pods[2].kill()
    pods[2].start(CLUSTER_KEY=new_key(case))
    seconds = prometheus.waits_for({"ClusterPacketsRejected", "ClusterMembersMissing"})
    reasons = {alert["labels"]["reason"] for alert in prometheus.alerts()
               if alert["labels"]["alertname"] == "ClusterPacketsRejected"}
    assert reasons == {"auth"}, reasons
    case.say(f"another key than the others': packets refused ({reasons.pop()}) after {seconds:.1f} s")


def new_key(case):
    return subprocess.run([case.binary, "keygen"], capture_output=True, text=True,
                          check=True).stdout.strip()


def lose_the_leader(case):
    """With the policy `majority` one of three alone leads no more, and nobody does in its stead."""
    pods = case.stateful_set(environment={"CLUSTER_LEADER_POLICY": "majority"})
    with Prometheus(case, pods) as prometheus:
        pods.start()
        pods.wait_green()
        wait_until("all three are scraped", lambda: prometheus.up() == 3, within=30)
        pods[0].kill()
        pods[1].kill()
        seconds = prometheus.waits_for({"ClusterNoLeader", "ClusterMemberDown"})
        case.say(f"leader and another killed under 'majority': nobody leads after {seconds:.1f} s")
        pods[0].start()
        pods[1].start()
        pods.wait_green()
        case.say(f"back: all alerts are over after {prometheus.waits_for(set()):.1f} s")


class Prometheus:
    """A Prometheus on a host of its own, with the rules of deploy/ at a hundredth of their patience."""

    def __init__(self, case, pods):
        self._names, self._network = pods.names, pods.network
        namespace = pods.network.add("monitor", NUMBER)
        etc = f"/etc/netns/{namespace}"
        os.makedirs(etc, exist_ok=True)
        with open(f"{etc}/resolv.conf", "w") as file:
            file.write(f"nameserver {pods.names.address}\n")
        directory = os.path.join(case.directory, f"prometheus-{namespace}")
        os.makedirs(directory, exist_ok=True)
        with open(os.path.join(directory, "alerts.yaml"), "w") as file:
            file.write(quick((RULES / "alerts.yaml").read_text()))
        with open(os.path.join(directory, "scrape.yaml"), "w") as file:
            file.write(quick((RULES / "scrape.yaml").read_text()).replace(
                "cluster-peers.default.svc.cluster.local", pods.names.service))
        self._log = open(os.path.join(directory, "log"), "wb")
        self._process = subprocess.Popen(
            ["ip", "netns", "exec", namespace, "prometheus",
             f"--config.file={directory}/scrape.yaml", f"--storage.tsdb.path={directory}/data",
             "--web.listen-address=127.0.0.1:9090"], stdin=subprocess.DEVNULL, stdout=self._log,
            stderr=self._log, start_new_session=True)
        self._rest = Rest(namespace, port=9090)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._rest.close()
        self._process.kill()
        self._process.wait()
        self._log.close()
        self._network.remove("monitor")

    def up(self):
        found = self._ask("/api/v1/query?query=" + quote('sum(up{job="cluster"})'))["result"]
        return float(found[0]["value"][1]) if found else 0

    def alerts(self):
        return [alert for alert in self._ask("/api/v1/alerts")["alerts"] if alert["state"] == "firing"]

    def firing(self):
        return {alert["labels"]["alertname"] for alert in self.alerts()}

    def waits_for(self, expected):
        """All of these fire; none at all where none is expected. Returns the seconds."""
        def condition():
            firing = self.firing()
            if expected <= firing and (expected or not firing):
                return True
            raise NotYet(f"{sorted(firing)} fire")
        return wait_until(f"{sorted(expected) or 'silence'}", condition, within=60)

    def _ask(self, path):
        reply = self._rest.request("GET", path)
        if reply.status != 200:
            raise NotYet(f"{path}: {reply.status}")
        return json.loads(reply.body)["data"]


def quick(text):
    """The same file with seconds in the place of minutes: nothing else is changed."""
    text = re.sub(r"\bfor: \d+m", "for: 2s", text)
    text = re.sub(r"\[(\d+)m\]", "[15s]", text)
    text = re.sub(r"scrape_interval: \d+s", "scrape_interval: 1s\n  evaluation_interval: 1s", text)
    return re.sub(r"refresh_interval: \d+s", "refresh_interval: 2s", text)
