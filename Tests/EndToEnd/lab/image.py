"""The image that deploy/Dockerfile describes, and how a container runtime starts it.

Its root is mounted read-only in namespaces of the pod's own; the process is PID 1, nobody's, and has no
capability. What the kubelet would add is laid over: proc, the pod's DNS settings, Secrets as folders.
"""

import os
import stat
import subprocess
from pathlib import Path

from .shell import sh

BUILD = Path(__file__).resolve().parents[3] / "deploy/image"
USER = "65532"

# What the runtime does before it starts the process; each step execs the next one.
_ENTER = """
set -e
root=$1; shift
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount --bind /etc/resolv.conf "$root/etc/resolv.conf"
mount --bind /etc/hosts "$root/etc/hosts"
for secret in $SECRETS; do
  mount --bind "${secret#*=}" "$root/${secret%%=*}"
  mount -o remount,bind,ro "$root/${secret%%=*}"
done
unset SECRETS
mount -o remount,bind,ro "$root"
exec setpriv --inh-caps=-all --bounding-set=-all,+sys_chroot,+setuid,+setgid --no-new-privs -- \
  chroot --userspec=65532:65532 --groups=65532 "$root" "$@"
"""


class Image:
    """A built image. `secrets` are folders of this machine by the names that they have in its root."""

    PROGRAM = "/usr/local/bin/cluster"

    def __init__(self, directory, secrets=None):
        self.said = sh(str(BUILD), directory).strip()
        self.root = os.path.join(directory, "root")
        self.secrets = secrets or {}
        for name in ("etc/resolv.conf", "etc/hosts"):
            Path(self.root, name).touch()
        for name in self.secrets:
            os.makedirs(os.path.join(self.root, name), exist_ok=True)
        for name, minor in (("null", 3), ("zero", 5), ("urandom", 9)):
            os.mknod(f"{self.root}/dev/{name}", 0o666 | stat.S_IFCHR, os.makedev(1, minor))

    def command(self, *arguments):
        """Starts the program as PID 1's command would be, from within the pod's namespaces."""
        return ["sh", "-c", _ENTER, "sh", self.root, self.PROGRAM, *arguments]

    def environment(self):
        return {"SECRETS": " ".join(f"{name}={path}" for name, path in self.secrets.items())}

    def execute(self, pid, arguments, environment, stdin=None):
        """Runs the program in a running container, as `kubectl exec` does."""
        enter = ["nsenter", "--target", str(pid), "--mount", "--net", "--pid", "--uts", "--root",
                 "--setuid", USER, "--setgid", USER, "--"]
        return subprocess.run([*enter, self.PROGRAM, *arguments], input=stdin, env=environment,
                              capture_output=True, text=True, timeout=30)


class Secret:
    """A Secret's volume: files behind a link, which a change swaps all at once, as the kubelet does."""

    def __init__(self, directory, **files):
        self.directory, self._version = directory, 0
        os.makedirs(directory, exist_ok=True)
        self.change(**files)

    def change(self, **files):
        self._version += 1
        version = f"..{self._version}"
        os.makedirs(os.path.join(self.directory, version))
        for name, text in files.items():
            path = os.path.join(self.directory, version, name)
            with open(path, "w") as file:
                file.write(text)
            os.chmod(path, 0o440)
            os.chown(path, 0, int(USER))
            if not os.path.lexists(os.path.join(self.directory, name)):
                os.symlink(f"..data/{name}", os.path.join(self.directory, name))
        new = os.path.join(self.directory, "..data_tmp")
        os.symlink(version, new)
        os.rename(new, os.path.join(self.directory, "..data"))
