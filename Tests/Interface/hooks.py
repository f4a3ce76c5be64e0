"""What schemathesis must not ask for: answers without an end, and the end of the member itself."""

import schemathesis


@schemathesis.hook
def filter_query(context, query):
    return not query or "watch" not in query


@schemathesis.hook
def filter_case(context, case):
    return not (case.path == "/hosts/{name}" and (case.path_parameters or {}).get("name") == "alone-0")
