"""What must be true of every rendering: a change to an overlay that breaks it fails here, not at night."""

import sys

import yaml

NAME = {"app.kubernetes.io/name": "cluster"}


def main(path):
    with open(path) as file:
        objects = {(one["kind"], one["metadata"]["name"]): one for one in yaml.safe_load_all(file)}
    stateful_set = objects["StatefulSet", "cluster"]["spec"]
    peers = objects["Service", "cluster-peers"]["spec"]
    clients = objects["Service", "cluster"]["spec"]
    pod = stateful_set["template"]["spec"]
    container = pod["containers"][0]
    environment = {one["name"]: one.get("value") for one in container["env"]}
    names = [one["name"] for one in container["env"]]

    must(environment["CLUSTER_SIZE"] == str(stateful_set["replicas"]),
         f"CLUSTER_SIZE is {environment['CLUSTER_SIZE']}, replicas {stateful_set['replicas']}")
    must(environment["CLUSTER_SERVICE"] == stateful_set["serviceName"] == "cluster-peers",
         "members ask for names that the headless Service doesn't give them")
    must(len(names) == len(set(names)), "a variable is there twice")
    must(names.index("CLUSTER_NAMESPACE") < names.index("CLUSTER_HTTP_HOSTS"),
         "$(CLUSTER_NAMESPACE) is used before it is defined, so it stays as it stands")
    must(pod["enableServiceLinks"] is False, "a Service's link would set CLUSTER_PORT")

    must(peers["clusterIP"] == "None" and peers["publishNotReadyAddresses"] is True,
         "members that aren't ready can't be found, so none becomes ready")
    must({(one["port"], one["protocol"]) for one in peers["ports"]}
         >= {(7946, "UDP"), (7946, "TCP"), (8080, "TCP")}, "a port of the peers is missing")
    must(stateful_set["podManagementPolicy"] == "Parallel", "members would wait for each other")
    for what, selector in (
            ("peers", peers["selector"]), ("clients", clients["selector"]),
            ("the set", stateful_set["selector"]["matchLabels"]),
            ("the budget",
             objects["PodDisruptionBudget", "cluster"]["spec"]["selector"]["matchLabels"])):
        must(selector == NAME, f"{what} selects {selector}")

    must(container["livenessProbe"]["httpGet"]["path"] == "/livez"
         and container["startupProbe"]["httpGet"]["path"] == "/livez",
         "liveness that depends on peers restarts everybody in a partition")
    if container["readinessProbe"]["httpGet"]["path"] == "/readiness":
        must(stateful_set["updateStrategy"]["type"] == "OnDelete",
             "a rolling update waits for ever for a follower that is never ready")
    else:
        must(container["readinessProbe"]["httpGet"]["path"] == "/readyz", "readiness asks otherwise")
    pause = container["lifecycle"]["preStop"]["sleep"]["seconds"]
    must(pod["terminationGracePeriodSeconds"] >= pause + 15, "no time for a graceful leave")
    must("command" not in container and "exec" not in str(container["lifecycle"])
         or container["lifecycle"].get("preStop", {}).get("exec", {}).get("command", [""])[0]
         == "/usr/local/bin/cluster", "there is no shell in the image")
    must(stateful_set.get("minReadySeconds", 0) >= 5,
         "a roll-out would end the last holder of the data before it was copied")
    budget = objects["PodDisruptionBudget", "cluster"]["spec"]
    must(budget.get("maxUnavailable") == 1 and budget["unhealthyPodEvictionPolicy"] == "AlwaysAllow",
         "a drain would wait for ever for followers that are never ready, or take several members")
    policy = objects["NetworkPolicy", "cluster"]["spec"]
    for what, rules in (("in", policy["ingress"]), ("out", policy["egress"])):
        ports = {(port["port"], port["protocol"]) for rule in rules for port in rule["ports"]}
        must({(7946, "UDP"), (7946, "TCP")} <= ports, f"members' packets don't get {what}")
    must({(53, "UDP"), (53, "TCP")} <= {(port["port"], port["protocol"])
         for rule in policy["egress"] for port in rule["ports"]}, "names can't be asked for")
    must(pod["topologySpreadConstraints"], "all members may land on one host")
    mounts = {one["mountPath"]: one for one in container.get("volumeMounts", [])}
    for name, value in environment.items():
        if name.endswith("_FILE"):
            mount = mounts.get(value.rpartition("/")[0])
            must(mount and mount["readOnly"] and "subPath" not in mount,
                 f"{name}: {value} isn't in a Secret that is mounted whole, so it would never change")
    must("CLUSTER_KEY" not in environment, "a secret in the environment can be read and never changes")
    must(container["securityContext"]["readOnlyRootFilesystem"] is True, "the root is writable")
    must(pod["securityContext"]["runAsNonRoot"] is True, "it may run as root")


def must(truth, otherwise):
    if not truth:
        sys.exit(otherwise)


main(sys.argv[1])
