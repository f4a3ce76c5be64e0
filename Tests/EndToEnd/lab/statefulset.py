"""Pods of one StatefulSet, their network and their names, and questions to all of them at once."""

import json
import os
import signal

from .names import Names
from .network import Network
from .pod import Pod
from .waiting import NotYet, wait_until

_FIRST = 10  # host number of pod 0


class StatefulSet:
    """The set's name differs from its Service's on purpose: peers' names need both."""

    def __init__(self, binary, directory, size=3, family=4, published=True, environment=None,
                 image=None):
        os.makedirs(directory, exist_ok=True)
        self._make = lambda name, number, **more: Pod(
            name, number, self.network, self.names, binary, {**pod_environment, **more}, directory,
            image)
        self.closers = []
        self.network = Network(family)
        self.closers.append(self.network.close)
        self.names = Names(self.network, "app-peers", "shop", directory)
        self.closers.append(self.names.close)
        pod_environment = {"CLUSTER_SIZE": str(size), "CLUSTER_NAMESPACE": "shop",
                           "CLUSTER_SERVICE": "app-peers", **(environment or {})}
        self.pods = []
        for _ in range(size):
            self._add(published)

    def __getitem__(self, ordinal):
        return self.pods[ordinal]

    def __iter__(self):
        return iter(self.pods)

    def start(self):
        for pod in self.pods:
            pod.start()
        return self

    def beside(self, name, number, **environment):
        """One more pod in this network, none of the set's, with the set's environment and this."""
        pod = self._make(name, number, **environment)
        self.closers.append(pod.close)
        return pod

    def roll_out(self, numbers, size=None, within=20):
        """A rolling update as the controller does it: the highest ordinal first, each waited for.

        Each pod comes back as another one with the next host number. With a `size` the set has so many
        replicas from now on: new ones start at once (Parallel), those too many end first.
        """
        size = size or len(self.pods)
        for pod in self.pods[size:]:
            self._end(pod)
            self.names.withdraw(pod.name)
        del self.pods[size:]
        fresh = len(self.pods)
        while len(self.pods) < size:
            self._add(published=True)
        for pod in self.pods:
            pod.environment["CLUSTER_SIZE"] = str(size)
        for pod in self.pods[fresh:]:
            pod.start()
        for pod in reversed(self.pods[fresh:]):
            wait_until(f"{pod.name} is ready", lambda: _is_ready(pod), within)
        for pod in reversed(self.pods[:fresh]):
            self._end(pod)
            pod.reschedule(next(numbers))
            pod.start()
            wait_until(f"{pod.name} is ready", lambda: _is_ready(pod), within)

    def cut(self, *groups):
        """A partition between groups of ordinals."""
        self.network.cut(*[[self.pods[ordinal].name for ordinal in group] for group in groups])

    def heal(self):
        self.network.heal()

    def sees(self, ordinals, nodes=None, **expected):
        """True when each of these members answers `GET /` with these fields and these nodes."""
        for ordinal in ordinals:
            pod = self.pods[ordinal]
            if not pod.running:
                raise AssertionError(f"{pod.name}: {_condition(pod)}")
            state = pod.rest.state()
            if nodes is not None:
                expected["nodes"] = [f"app-{number}" for number in nodes]
            for field, value in expected.items():
                if state.get(field) != value:
                    raise NotYet(f"{pod.name}: {field} is {state.get(field)!r}, not {value!r}")
        return True

    def wait_green(self, within=15):
        """Every member live in everyone's eyes and the lowest one leads. Returns the seconds."""
        every = range(len(self.pods))
        return wait_until("all green, led by app-0",
                          lambda: self.sees(every, nodes=every, state="green", leader="app-0"),
                          within)

    def all_hold(self, expected, ordinals=None):
        """True when each of these members holds exactly this map (None: the key is absent)."""
        present = sum(value is not None for value in expected.values())
        chosen = self.pods if ordinals is None else [self.pods[ordinal] for ordinal in ordinals]
        for pod in chosen:
            size = pod.rest.state()["store"]["size"]
            if size != present:
                raise NotYet(f"{pod.name} holds {size} keys, not {present}")
        for pod in chosen:
            for key, value in expected.items():
                if (held := pod.rest.get(key)) != value:
                    raise NotYet(f"{pod.name} holds {key} = {held!r}, not {value!r}")
        return True

    def report(self):
        """What everyone last said, for the reader of a failure."""
        parts = [f"cuts: {' '.join(self.network.cuts().split())}", f"dns: {self.names.records}"]
        for pod in self.pods:
            parts.append(f"=== {pod.name} at {pod.address}: {_condition(pod)}")
            for path in ("/", "/members"):
                parts.append(f"GET {path}: {_answer(pod, path)}")
            parts.append(pod.last_words())
        return "\n".join(parts)

    def _add(self, published):
        pod = self._make(f"app-{len(self.pods)}", _FIRST + len(self.pods))
        self.pods.append(pod)
        self.closers.append(pod.close)
        if published:
            self.names.publish(pod.name, pod.address)

    def _end(self, pod):
        """As the kubelet ends a pod: SIGTERM, and no more than its grace."""
        pod.signal(signal.SIGTERM)
        status = pod.exit_status(within=30)
        assert status == 0, f"{pod.name} ended with {status}"

    def close(self):
        for close in reversed(self.closers):
            close()


def _condition(pod):
    if pod.process is None:
        return "never started"
    return "running" if pod.running else f"ended with {pod.process.returncode}"


def _is_ready(pod):
    """What the kubelet's readiness probe asks."""
    return pod.rest.request("GET", "/readyz").status == 200


def _answer(pod, path):
    try:
        body = pod.rest.request("GET", path, timeout=1).body
        return json.dumps(json.loads(body))[:2_000]
    except (OSError, ValueError) as failure:
        return repr(failure)
