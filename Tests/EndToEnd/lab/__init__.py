"""A StatefulSet's pod network on one machine: namespaces for pods, a bridge between them, a cluster
DNS, and real `cluster node` processes. No namespace has a link to the host: nothing leaves the lab.
"""
