"""A restart of the whole cluster keeps what was written; a full and a damaged disk are told and got over."""

import contextlib
import os
import subprocess
import tempfile

from lab import metrics
from lab.waiting import wait_until


def main(case):
    with contextlib.ExitStack() as stack:
        disks = [stack.enter_context(small_disk(f"{ordinal}", 24 << 20)) for ordinal in range(3)]
        pods = case.stateful_set()
        for pod, disk in zip(pods, disks):
            pod.environment["CLUSTER_DATA_DIR"] = f"{disk}/data"
            pod.start()
        pods.wait_green()
        held = {f"key-{number}": f"value {number}" for number in range(200)}
        for number, (key, value) in enumerate(held.items()):
            pods[number % 3].rest.put(key, value)
        assert pods[1].rest.request("DELETE", "/keys/key-7").status == 200
        del held["key-7"]
        wait_until("all hold it", lambda: pods.all_hold(held), within=5)
        wait_until("all have it on their disks", lambda: all(flushed(pod) for pod in pods), within=10)

        for pod in pods:
            pod.kill()
        for number, pod in enumerate(pods):
            pod.reschedule(50 + number)
            pod.start()
        pods.wait_green()
        wait_until("all hold it again", lambda: pods.all_hold(held), within=10)
        assert pods[0].rest.request("GET", "/keys/key-7").status == 404
        case.say(f"{len(held)} keys outlasted a kill of all members")

        # At ports of its own: only the directory is in the way.
        second = pods[0].run("node", "--name", "app-0", "--data-dir", f"{disks[0]}/data", "--size",
                             "3", "--port", "17946", "--http-port", "0")
        assert second.returncode == 1 and "used by another process" in second.stderr, second
        full_disk(case, pods, disks[1], held)
        damaged_disk(case, pods, disks[2], held)


@contextlib.contextmanager
def small_disk(name, size):
    """A file system of its own, so small that it can be filled."""
    with tempfile.TemporaryDirectory(prefix=f"cluster-disk-{name}-") as path:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", path], check=True)
        try:
            yield path
        finally:
            subprocess.run(["umount", "-l", path], check=True)


def full_disk(case, pods, disk, held):
    """Somebody else fills a member's disk: it goes on, says so, and lies to nobody."""
    stuffing = f"{disk}/stuffing"
    with contextlib.suppress(OSError), open(stuffing, "wb", buffering=0) as file:
        while True:
            file.write(b"x" * 65_536)
    for number in range(300):
        held[f"late-{number}"] = "x" * 500
        pods[0].rest.put(f"late-{number}", held[f"late-{number}"])
    wait_until("it says that it can't write",
               lambda: value(pods[1], "cluster_store_write_failing") == 1, within=10)
    assert value(pods[1], "cluster_store_unflushed") == 1
    assert pods.all_hold(held) and pods[1].rest.state()["state"] == "green"
    assert "nothing new outlasts a restart" in pods[1].last_words()
    os.remove(stuffing)
    seconds = wait_until("it writes again", lambda: flushed(pods[1]), within=15)
    assert value(pods[1], "cluster_store_write_failing") == 0
    case.say(f"a full disk was told, and caught up with {seconds:.1f} s after there was room")
    pods[1].kill()
    pods[1].reschedule(61)
    pods[1].start()
    pods.wait_green()


def damaged_disk(case, pods, disk, held):
    """A byte of a file flips while the member is away: that is told, and the others' help makes it whole."""
    wait_until("it is on the disk", lambda: flushed(pods[2]), within=10)
    pods[2].kill()
    with open(f"{disk}/data/journal", "r+b") as file:
        middle = os.path.getsize(f"{disk}/data/journal") // 2
        file.seek(middle)
        byte = file.read(1)[0]
        file.seek(middle)
        file.write(bytes([byte ^ 1]))
    assert pods[0].rest.request("DELETE", "/keys/key-9").status == 200
    del held["key-9"]
    pods[2].reschedule(62)
    pods[2].start()
    pods.wait_green()
    wait_until("it holds what the others hold", lambda: pods.all_hold(held), within=10)
    assert pods[2].rest.request("GET", "/keys/key-9").status == 404
    assert value(pods[2], "cluster_store_damages_total") == 1
    assert "data directory isn't whole" in pods[2].last_words(200)
    assert os.path.exists(f"{disk}/data/journal.damaged")
    case.say("a damaged file was told, kept aside and made whole")


def flushed(pod):
    return value(pod, "cluster_store_unflushed") == 0


def value(pod, name):
    return metrics.samples(pod.rest.request("GET", "/metrics").body.decode())[name]
