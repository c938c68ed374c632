"""10,000 mutated messages cause no crash and no answer over the limits, and the memory stays flat over 20,000 calls.
Usage: robustness.py PROGRAM FOLDER. AGENT_CALLS sets another number of calls; there are half as many messages."""

import json
import os
import pathlib
import random
import subprocess
import sys
import threading

import bodies

program, folder = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
bodies.write_project(folder)
MAX_RESPONSE = 25_000
CALLS = int(os.environ.get("AGENT_CALLS", "20000"))
random.seed(20261129)


def start():
    return subprocess.Popen([program, "mcp"], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def request(id, method, params):
    return json.dumps({"jsonrpc": "2.0", "id": id, "method": method, "params": params}).encode()


def seeds():
    meta = {"io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {}}
    messages = [
        request(1, "initialize", {"protocolVersion": "2025-03-26", "capabilities": {}}),
        request(2, "server/discover", {"_meta": meta}),
        request(3, "tools/list", {"_meta": meta}),
        request(4, "tools/call", {"name": "explain_rule", "arguments": {"rule": "V12"}}),
        request(5, "tools/call", {"name": "check_portal", "arguments": {"path": "a.json", "limit": 3, "offset": 2}}),
        b"[" + request(6, "ping", {}) + b"]",
    ]
    for tool, body in [("preflight_portal", 0), ("check_portal", 24), ("fix_portal", 25), ("preflight_portal", 39)]:
        arguments = {"body": bodies.defective()[body][1]}
        messages.append(request(7, "tools/call", {"name": tool, "arguments": arguments, "_meta": meta}))
    return messages


def mutate(message):
    message = bytearray(message)
    for _ in range(random.randint(1, 6)):
        place = random.randrange(len(message) + 1)
        kind = random.randrange(6)
        if kind == 0:
            del message[place : place + random.randint(1, 30)]
        elif kind == 1:
            message[place:place] = random.randbytes(random.randint(1, 8))
        elif kind == 2:
            message[place:place] = random.choice([b"{", b"}", b"[", b"]", b'"', b",", b":", b"\\", b"\\ud800", b"null", b"1e999"])
        elif kind == 3:
            start = random.randrange(len(message) + 1)
            message[place:place] = message[start : start + random.randint(1, 200)]
        elif kind == 4 and place < len(message):
            message[place] = random.randrange(256)
        else:
            message[place:place] = random.choice([b"\\u202e", "\u202e".encode(), b"[" * 50, b'{"a":' * 40])
    return bytes(message).replace(b"\n", b" ")


server = start()
lines = [mutate(random.choice(seeds())) for _ in range(CALLS // 2)]


def write():
    for line in lines:
        server.stdin.write(line + b"\n")
    server.stdin.write(request("last", "ping", {}) + b"\n")
    server.stdin.flush()


writer = threading.Thread(target=write)
writer.start()
answers = 0
for line in server.stdout:
    assert len(line) <= MAX_RESPONSE, f"{len(line)} bytes: {line[:300]}"
    response = json.loads(line)
    answers += 1
    if isinstance(response, dict) and response.get("id") == "last":
        break
writer.join()
server.stdin.close()
assert server.wait() == 0
print(f"{len(lines)} mutated messages: {answers} answers, no crash")

server = start()
server.stdin.write(request(0, "initialize", {"protocolVersion": "2025-11-25", "capabilities": {}}) + b"\n")
server.stdin.flush()
server.stdout.readline()


def memory():
    status = pathlib.Path(f"/proc/{server.pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0])


calls = [request(1, "tools/call", {"name": "preflight_portal", "arguments": {"body": body}}) for _, body in bodies.defective()]
measured = []
for count in range(CALLS):
    server.stdin.write(calls[count % len(calls)] + b"\n")
    server.stdin.flush()
    assert b'"verdict"' in server.stdout.readline()
    if count + 1 in (CALLS // 10, CALLS):
        measured.append(memory())
server.stdin.close()
assert server.wait() == 0
before, after = measured
result = f"memory: {before} kB after {CALLS // 10} calls, {after} kB after {CALLS}"
assert after <= before * 1.1 + 1024, result
print(result)
