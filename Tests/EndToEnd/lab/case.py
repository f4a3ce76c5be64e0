"""What a test case is given: sets of pods that are removed after it, and a voice."""

import os
import shutil

from .network import Network
from .statefulset import StatefulSet


class Skip(Exception):
    """This machine can't run the case: why."""


class Case:
    def __init__(self, name, binary, directory):
        self.name, self.binary = name, binary
        self.directory = os.path.join(directory, name)
        shutil.rmtree(self.directory, ignore_errors=True)
        os.makedirs(self.directory)
        self._made = []

    def say(self, words):
        """Prints what was seen."""
        print(f"  {words}", flush=True)

    def stateful_set(self, **settings):
        """Pods with names and a network; not started yet."""
        made = StatefulSet(self.binary, self.directory, **settings)
        self._made.append(made)
        return made

    def lone_host(self):
        """A network with one host of its own; returns its namespace."""
        network = Network()
        self._made.append(network)
        return network.add("host", 10)

    def report(self):
        reports = [made.report() for made in self._made if isinstance(made, StatefulSet)]
        return "\n".join(reports)

    def close(self):
        for made in reversed(self._made):
            made.close()
        self._made = []
