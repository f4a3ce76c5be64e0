"""A start without what it needs, or with nonsense, ends with 64 and a line that names the variable."""

import os
import subprocess

GOOD = {"CLUSTER_SIZE": "3", "CLUSTER_NAMESPACE": "shop", "CLUSTER_SERVICE": "app-peers",
        "CLUSTER_NAME": "app-0"}
BAD = [
    ("CLUSTER_SIZE", None),
    ("CLUSTER_SIZE", "many"),
    ("CLUSTER_SIZE", "0"),
    ("CLUSTER_SIZE", "-1"),
    ("CLUSTER_NAMESPACE", None),
    ("CLUSTER_SERVICE", None),
    ("CLUSTER_NAME", "app"),
    ("CLUSTER_NAME", "app-3"),
    ("CLUSTER_PORT", "70000"),
    ("CLUSTER_HTTP_PORT", "http"),
    ("CLUSTER_RECOVERY", "sometimes"),
    ("CLUSTER_LEADER_POLICY", "strongest"),
    ("CLUSTER_LOG_LEVEL", "loud"),
    ("CLUSTER_LOG_FORMAT", "xml"),
    ("CLUSTER_KEY_FILE", "/no/such/file"),
    ("CLUSTER_ADMIN_TOKEN_FILE", "/no/such/file"),
    ("CLUSTER_ADMIN_OPEN", "perhaps"),
]


def main(case):
    namespace = case.lone_host()
    wrong = [complaint for name, value in BAD
             if (complaint := attempt(case, namespace, name, value)) is not None]
    assert not wrong, "\n".join(wrong)
    case.say(f"{len(BAD)} bad settings: each ended with 64 and was named")


def attempt(case, namespace, name, value):
    """None when the start was refused as it should be."""
    environment = {"PATH": os.environ["PATH"], **GOOD, name: value}
    environment = {key: value for key, value in environment.items() if value is not None}
    command = ["ip", "netns", "exec", namespace, case.binary, "node"]
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=5,
                              stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return f"{name}={value}: it started"
    if done.returncode != 64 or name not in done.stderr or done.stderr.count("\n") != 1:
        return f"{name}={value}: exit {done.returncode}: {done.stderr!r}"
    return None
