"""What is changed in every request that schemathesis sends, in the last moment before it is sent.

The fuzzer runs as whoever started it, on their machine, and the panel does what an administrator says. So whatever a
request could name outside of the temporary folder is put into it, whoever generated it and in which phase.
"""

import json
import os
import re

import schemathesis

FOLDER = os.environ["FUZZ_FOLDER"]
# Ids of what there is, by the first part of a path: a made-up one is answered 404 before anything else.
IDS = json.loads(os.environ["FUZZ_IDS"])
EXCLUDED = set(json.loads(os.environ["FUZZ_EXCLUDED"]))
# Decides what a machine runs: it never gets into a request.
PROGRAMS = {"process", "compose"}
PATH = re.compile(r"[/\\~]|^[A-Za-z]:")
PATH_KEYS = {"path", "file", "folder", "envFile", "overrides", "cwd", "command", "from"}

# A made-up id that would be one; any other has to be refused as it is.
ID = re.compile(r"^[a-z0-9][a-z0-9_-]{0,62}$")

calls = 0


def plain(value):
    """Tuples as lists of any of their parts: schemathesis 4.32 cannot read `prefixItems` in an answer."""
    if isinstance(value, list):
        return [plain(one) for one in value]
    if not isinstance(value, dict):
        return value
    whole = {name: plain(one) for name, one in value.items()}
    if "prefixItems" in whole:
        whole["items"] = {"anyOf": whole.pop("prefixItems")}
    return whole


@schemathesis.hook
def before_load_schema(context, raw_schema):
    raw_schema.update(plain(raw_schema))


def tame(value, key=""):
    if isinstance(value, dict):
        return {name: tame(one, name) for name, one in value.items() if name not in PROGRAMS}
    if isinstance(value, list):
        return [tame(one, key) for one in value]
    if not isinstance(value, str):
        return value
    if key == "url" and value:
        return "http://127.0.0.1:9"
    if key == "runtime" and value in PROGRAMS:
        return "external"
    if PATH.search(value) or (key in PATH_KEYS and value):
        return f"{FOLDER}/{re.sub(r'[^a-z0-9]', '_', value.lower())[:40]}"
    return value


@schemathesis.hook
def before_call(context, case, kwargs):
    global calls
    calls += 1
    operation = case.operation.definition.raw.get("operationId")
    if operation in EXCLUDED:
        raise AssertionError(f"{operation} is excluded")
    if isinstance(case.body, (dict, list)):
        case.body = tame(case.body)
    known = IDS.get(case.path.split("/")[1])
    made_up = (case.path_parameters or {}).get("id")
    # Every other one becomes one that there is, but never where that would be taken away.
    if known and calls % 2 == 0 and case.method.upper() != "DELETE" and isinstance(made_up, str) and ID.match(made_up):
        case.path_parameters["id"] = known[calls // 2 % len(known)]
