#!/usr/bin/env python3
"""A client of pfSense-API v1 that knows nothing of us: it makes, reads, changes and removes one of everything.

usage: pfsense_client.py STEPS URL USER PASSWORD MODE

STEPS is tests/vectors/pfsense/client.json: groups of steps [OPERATION, BODY, WANTED, SAVED]. WANTED is a return code,
or values at paths of the reply ("data.name"; null: anything, but there; "data#": so many members, "data#+": at least
so many; "!data.x": not as a clear text that was sent, or not there). SAVED remembers values for "$name" in later
steps. MODE is how to log in: local, jwt or token. Every answer must be an envelope whose parts agree.
"""

import base64
import json
import sys
import urllib.error
import urllib.request

# Writes whose answer is no stored object.
SAYS_OTHERWISE = {"PUT routing/gateway/default", "POST services/dhcpd/options", "POST services/restart",
                  "POST system/dns/server"} | {
    f"POST services/{name}/{verb}" for verb in ("start", "stop", "restart")
    for name in ("dhcpd", "dnsmasq", "dpinger", "ntpd", "sshd", "syslogd", "unbound")}
# Always by name and password.
BASIC = {"POST access_token", "PUT system/api/sync"}
# Reads that show more than what is stored.
SHOWS_MORE = {"routing/gateway", "status/carp"}
NO_SUCH_URL = -1
MEMBERS = ["status", "code", "return", "message", "data"]


class Client:
    def __init__(self, url, user, password):
        self.url = url
        self.basic = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
        self.authorization = self.basic
        self.count = 0

    def ask(self, operation, body=None):
        method, path = operation.split(" ", 1)
        request = urllib.request.Request(f"{self.url}/api/v1/{path}", method=method)
        request.add_header("Authorization", self.basic if operation in BASIC else self.authorization)
        if body is not None:
            request.add_header("Content-Type", "application/json")
            request.data = json.dumps(body).encode()
        self.count += 1
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                status, kind, text = answer.status, answer.headers["Content-Type"], answer.read()
        except urllib.error.HTTPError as answer:
            status, kind, text = answer.code, answer.headers["Content-Type"], answer.read()
        if status == 404 and not text.startswith(b"{"):
            return {"return": NO_SUCH_URL}
        reply = json.loads(text)
        if kind != "application/json" or list(reply) != MEMBERS or reply["code"] != status:
            raise AssertionError(f"{operation}: no envelope: {status} {kind} {text[:300]}")
        return reply

    def log_in(self, mode):
        """By basic authentication first, then as the mode says."""
        reply = self.ask("PUT system/api", {"authmode": mode})
        assert reply["return"] == 0, reply
        if mode == "local":
            return
        data = self.ask("POST access_token")["data"]
        self.authorization = (f"Bearer {data['token']}" if mode == "jwt"
                              else f"{data['client-id']} {data['client-token']}")


def find(reply, path):
    """(there, value) at "data.0.name"."""
    value = reply
    for step in path.split("."):
        if isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        elif isinstance(value, dict) and step in value:
            value = value[step]
        else:
            return False, None
    return True, value


def fill(value, saved):
    if isinstance(value, str) and value.startswith("$"):
        return saved[value[1:]]
    if isinstance(value, list):
        return [fill(one, saved) for one in value]
    if isinstance(value, dict):
        return {name: fill(one, saved) for name, one in value.items()}
    return value


def alike(one, other):
    """Numbers may be texts and texts numbers; nothing else is taken for something else."""
    scalars = not any(isinstance(value, (bool, list, dict)) for value in (one, other))
    return one == other or (scalars and str(one) == str(other))


def differs(reply, path, wanted, sent):
    """What is wrong; None: nothing."""
    if path.startswith("!"):
        there, value = find(reply, path[1:])
        clear = (sent or {}).get(path.split(".")[-1])
        return f"{path[1:]} is {value!r}" if there and (clear is None or value == clear) else None
    if path.endswith(("#", "#+")):
        there, value = find(reply, path.split("#")[0])
        count = len(value) if there else -1
        wrong = count < wanted if path.endswith("+") else count != wanted
        return f"{path}: {count}, not {wanted}" if wrong else None
    there, value = find(reply, path)
    if not there:
        return f"{path} is missing"
    if wanted is None:
        return None
    return None if alike(value, wanted) else f"{path} is {value!r}, not {wanted!r}"


def is_same(read, written, more):
    """The same object? Lists add where in them it stands."""
    bare = {name: value for name, value in read.items() if name in written or (not more and name not in ("id", "interface"))}
    return bare.keys() == written.keys() and all(alike(bare[name], value) for name, value in written.items())


def holds(read, written, more):
    """Is the object somewhere in what was read?"""
    if isinstance(read, dict) and is_same(read, written, more):
        return True
    inner = read.values() if isinstance(read, dict) else read if isinstance(read, list) else ()
    return any(holds(one, written, more) for one in inner)


def is_kept(client, operation, reply):
    """After a write: does a read show the object that the write said is stored?"""
    method, url = operation.split(" ")
    if method not in ("POST", "PUT") or not isinstance(reply["data"], dict) or operation in SAYS_OTHERWISE:
        return True
    for place in (url, url.rsplit("/", 1)[0]):
        read = client.ask("GET " + place)
        if read["return"] == 0:
            return holds(read["data"], reply["data"], place in SHOWS_MORE)
    return True


def walk(client, groups):
    failures, saved = [], {}
    for group in groups:
        for step in group["steps"]:
            operation, body = step[0], fill(step[1], saved)
            wanted = fill(step[2], saved) if len(step) > 2 else None
            if wanted is None or isinstance(wanted, int):
                wanted = {"return": wanted or 0}
            wanted = {"return": 0, **wanted}
            reply = client.ask(operation, body)
            wrong = [what for path, value in wanted.items() if (what := differs(reply, path, value, body))]
            if wrong:
                failures.append(f"{group['about']}: {operation} {json.dumps(body)[:300]}\n  {'; '.join(wrong)}\n"
                                f"  {json.dumps(reply)[:400]}")
            if not wrong and not is_kept(client, operation, reply):
                failures.append(f"{group['about']}: {operation} {json.dumps(body)[:300]}\n  is not what is read then\n"
                                f"  {json.dumps(reply)[:400]}")
            for name, path in (step[3] if len(step) > 3 else {}).items():
                saved[name] = find(reply, path)[1]
    return failures


def main():
    steps, url, user, password, mode = sys.argv[1:]
    with open(steps, encoding="utf-8") as file:
        groups = json.load(file)
    client = Client(url, user, password)
    client.log_in(mode)
    failures = walk(client, groups)
    print(*failures, sep="\n")
    print(f"{client.count} requests by {mode}, {len(failures)} wrong")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
