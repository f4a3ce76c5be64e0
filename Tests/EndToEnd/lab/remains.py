"""Leaves nothing behind, whatever ends this process.

Every namespace bears a prefix with this process's id. `remove` ends what runs in them and deletes
them. `watch_over` forks a guard that does the same when this process was killed outright: the guard
holds a pipe whose other end the kernel closes for us.
"""

import os
import shutil
import signal
import sys
import time

from .shell import CommandFailed, sh

PREFIX = f"cluster-lab-{os.getpid()}-"


def remove(prefix=PREFIX):
    """Ends and deletes every namespace whose name begins so. May be called again."""
    for namespace in sorted(_namespaces(prefix)):
        remove_namespace(namespace)


def remove_namespace(namespace):
    """Kills what runs in the namespace, then deletes it and its files in /etc/netns."""
    give_up = time.monotonic() + 5
    while (processes := processes_in(namespace)) and time.monotonic() < give_up:
        for process in processes:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                pass
        time.sleep(0.01)
    try:
        sh("ip", "netns", "del", namespace)
    except CommandFailed as failure:
        print(f"lab: {failure}", file=sys.stderr)
    shutil.rmtree(f"/etc/netns/{namespace}", ignore_errors=True)


def processes_in(namespace):
    """Ids of the processes that run in a namespace."""
    try:
        return [int(word) for word in sh("ip", "netns", "pids", namespace).split()]
    except CommandFailed:
        return []


def watch_over():
    """Starts the guard. Call it once, before any thread."""
    reading, writing = os.pipe()
    if os.fork() != 0:
        os.close(reading)
        return
    os.close(writing)
    os.setsid()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    silence = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(silence, standard)
    os.read(reading, 1)
    remove()
    os._exit(0)


def _namespaces(prefix):
    try:
        return [name for name in os.listdir("/run/netns") if name.startswith(prefix)]
    except FileNotFoundError:
        return []
