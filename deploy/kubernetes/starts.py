"""Starts the node with the settings of a rendering, as its first pod: it must take all of them."""

import os
import signal
import subprocess
import sys
import tempfile

import yaml

PATIENCE = 1.0  # seconds in which a bad setting would have ended it


def main(binary, path):
    with open(path) as file:
        container = next(one for one in yaml.safe_load_all(file) if one["kind"] == "StatefulSet")[
            "spec"]["template"]["spec"]["containers"][0]
    with tempfile.TemporaryDirectory() as directory:
        secret = os.path.join(directory, "secret")
        with open(secret, "w") as file:
            file.write("c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LTMyLWI=\n")
        environment = {"PATH": os.environ["PATH"]}
        for one in container["env"]:
            environment[one["name"]] = value(one, environment, secret, directory)
        # A network of its own: no port is taken, and nothing is reached.
        command = ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh",
                   binary, "node"]
        node = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        try:
            node.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            node.send_signal(signal.SIGTERM)
        said, _ = node.communicate(timeout=20)
    if node.returncode != 0:
        sys.exit(f"the node ended with {node.returncode}: {said}")


def value(one, environment, secret, directory):
    """What the kubelet would set."""
    source = one.get("valueFrom", {}).get("fieldRef", {}).get("fieldPath")
    if source is not None:
        return {"metadata.name": "cluster-0", "metadata.namespace": "default"}[source]
    if one["name"].endswith("_FILE"):
        return secret
    if one["name"] == "CLUSTER_DATA_DIR":
        return os.path.join(directory, "data")
    text = one["value"]
    for name, known in environment.items():
        text = text.replace(f"$({name})", known)
    return text


main(sys.argv[1], sys.argv[2])
