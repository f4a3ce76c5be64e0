"""One pod: its place in the network, and the `cluster node` process in it."""

import contextlib
import os
import signal
import subprocess

from .rest import Rest
from .waiting import wait_until

# `ip netns exec` lays the pod's resolv.conf and hosts over /etc. Each step execs the next one, so the
# process that we started is the member itself, and signals reach it.
_OWN_HOST_NAME = ["unshare", "--uts", "--", "sh", "-c", 'hostname "$0" && exec "$@"']
_FIRST_PROCESS = ["unshare", "--pid", "--fork", "--mount-proc", "--"]
# What deploy/kubernetes grants a container: nobody's user, no capability, a root that can't be written.
CONTAINED = ["unshare", "--mount", "--", "sh", "-c", 'mount -o remount,bind,ro / && exec "$@"', "sh",
             "setpriv", "--reuid", "65532", "--regid", "65532", "--clear-groups",
             "--inh-caps=-all", "--bounding-set=-all", "--no-new-privs", "--"]


class Pod:
    def __init__(self, name, number, network, names, binary, environment, directory, image=None):
        self.name, self.number = name, number
        self.binary, self.environment, self.image = binary, environment, image
        self._network, self._names = network, names
        self.log = os.path.join(directory, f"{name}.log")
        self.process = None
        self._plug_in()

    @property
    def address(self):
        return self._network.address(self.number)

    @property
    def running(self):
        return self.process is not None and self.process.poll() is None

    def start(self, first_process=False, contained=False, through=(), **environment):
        """Starts the member.

        `first_process`: as PID 1 of a PID namespace. `contained`: without any right, see CONTAINED.
        `through`: a command that runs it, such as `nice`. A pod with an image starts that, as its
        runtime would.
        """
        first_process = first_process or self.image is not None
        command = ["ip", "netns", "exec", self.namespace, *_OWN_HOST_NAME, self.name]
        command += _FIRST_PROCESS if first_process else []
        command += CONTAINED if contained else []
        command += through
        command += self.image.command("node") if self.image else [self.binary, "node"]
        with open(self.log, "ab") as log:
            log.write(f"--- {self.name} at {self.address}\n".encode())
            log.flush()
            self.process = subprocess.Popen(
                command, env=self._environment(environment), stdin=subprocess.DEVNULL, stdout=log,
                stderr=log, start_new_session=True)
        self.pid = self.process.pid
        if first_process:
            wait_until("the PID namespace has its first process",
                       lambda: _first_process(self.process.pid), within=5)
            self.pid = _first_process(self.process.pid)

    def run(self, *arguments, stdin=None):
        """Runs `cluster` with these arguments in the pod, as `kubectl exec` would."""
        if self.image is not None:
            return self.image.execute(self.pid, arguments, self._environment({}), stdin)
        return subprocess.run(
            ["ip", "netns", "exec", self.namespace, self.binary, *arguments], input=stdin,
            env=self._environment({}), capture_output=True, text=True, timeout=30)

    def signal(self, number):
        os.kill(self.pid, number)

    def kill(self):
        """As a crash: the process ends without a word."""
        self.signal(signal.SIGKILL)
        self.process.wait()
        self.rest.close()

    def exit_status(self, within):
        """The member's exit status, which must come within so many seconds."""
        wait_until(f"{self.name} ends", lambda: not self.running, within)
        self.rest.close()
        return self.process.returncode

    def unplug(self):
        """Gives its place in the network back."""
        assert not self.running
        self._network.remove(self.name)

    def reschedule(self, number):
        """Another pod of the same name: new network, new address, no memory."""
        if self.name in self._network.hosts:
            self.unplug()
        self.number = number
        self._plug_in()
        self._names.publish(self.name, self.address)

    def last_words(self, lines=30):
        return "".join(_read(self.log).splitlines(keepends=True)[-lines:])

    def close(self):
        self.rest.close()
        if self.running:
            with contextlib.suppress(ProcessLookupError):
                self.signal(signal.SIGKILL)
            self.process.kill()
            self.process.wait()

    def _plug_in(self):
        self.namespace = self._network.add(self.name, self.number)
        self.rest = Rest(self.namespace)
        etc = f"/etc/netns/{self.namespace}"
        os.makedirs(etc, exist_ok=True)
        with open(f"{etc}/resolv.conf", "w") as file:
            file.write(f"search {self._names.search}\nnameserver {self._names.address}\n"
                       "options ndots:5\n")
        with open(f"{etc}/hosts", "w") as file:
            file.write("127.0.0.1 localhost\n::1 localhost ip6-localhost\n"
                       f"{self.address} {self._names.full(self.name)} {self.name}\n")

    def _environment(self, more):
        """A pod's environment and nothing of ours."""
        image = self.image.environment() if self.image is not None else {}
        return {"PATH": os.environ["PATH"], "HOME": "/", "HOSTNAME": self.name,
                "CLUSTER_NAME": self.name, **self.environment, **image, **more}


def _first_process(parent):
    """The child that is PID 1 of a PID namespace, once there is one."""
    for child in _read(f"/proc/{parent}/task/{parent}/children").split():
        numbers = [line for line in _read(f"/proc/{child}/status").splitlines()
                   if line.startswith("NSpid:")]
        if numbers and numbers[0].split()[2:] == ["1"]:
            return int(child)
    return None


def _read(path):
    try:
        with open(path, errors="replace") as file:
            return file.read()
    except (FileNotFoundError, ProcessLookupError):
        return ""
