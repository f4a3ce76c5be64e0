"""The same in a network that has IPv6 only: AAAA records, and no IPv4 but loopback's."""

import os

from cases import forms_by_name
from lab.case import Skip


def main(case):
    if not os.path.exists("/proc/net/if_inet6"):
        raise Skip("this kernel has no IPv6")
    forms_by_name.main(case, family=6)
