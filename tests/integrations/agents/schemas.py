"""Validates the messages of the server with the published schemas of the protocol versions. Needs the package `jsonschema`.
Usage: schemas.py PROGRAM FOLDER SCHEMAS, where SCHEMAS is the folder `schema` of modelcontextprotocol/modelcontextprotocol, which has a
folder for each version, or that of the Python SDK, which has a file for each of some versions"""

import json
import pathlib
import re
import subprocess
import sys

import bodies
import jsonschema

program, folder, schemas = sys.argv[1], pathlib.Path(sys.argv[2]).resolve(), pathlib.Path(sys.argv[3])
bodies.write_project(folder)
body = bodies.defective()[9][1]
CALLS = [
    ("preflight_portal", {"body": body}),
    ("check_portal", {"body": body}),
    ("fix_portal", {"body": body, "return_body": True}),
    ("explain_rule", {"rule": "RCP012"}),
    ("check_portal", {}),
]


def exchange(lines):
    run = subprocess.run([program, "mcp"], input="\n".join(lines) + "\n", capture_output=True, text=True, cwd=folder, check=True)
    responses = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(responses) == len(lines)
    return responses


files = [*schemas.glob("20*.json"), *schemas.glob("20*/schema.json")]
assert files, f"{schemas} contains no schemas"
for file in sorted(files):
    version = re.search(r"20\d\d-\d\d-\d\d", str(file.relative_to(schemas)))[0]
    schema = json.loads(file.read_text())
    definitions = "$defs" if "$defs" in schema else "definitions"

    def validate(name, value):
        parts = {"$schema": schema["$schema"], definitions: schema[definitions], "$ref": f"#/{definitions}/{name}"}
        jsonschema.validate(value, parts)

    is_stateless = version == "2026-07-28"
    key = "io.modelcontextprotocol"
    meta = {"_meta": {f"{key}/protocolVersion": version, f"{key}/clientCapabilities": {}}} if is_stateless else {}
    start = {"protocolVersion": version, "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    requests = [("server/discover", {}, "DiscoverResult") if is_stateless else ("initialize", start, "InitializeResult")]
    requests.append(("tools/list", {}, "ListToolsResult"))
    requests += [("tools/call", {"name": name, "arguments": arguments}, "CallToolResult") for name, arguments in CALLS]
    requests += [("no/such", {}, None), ("tools/call", {"name": "no_such_tool"}, None)]
    lines = []
    for id, (method, params, _) in enumerate(requests):
        lines.append(json.dumps({"jsonrpc": "2.0", "id": id, "method": method, "params": {**params, **meta}}))
    # The versions before 2025-11-25 have no form for an error without an ID.
    bad_lines = ["no JSON", "[]", "7"] if version >= "2025-11-25" else []
    responses = exchange(lines + bad_lines)
    for response in responses:
        validate("JSONRPCMessage", response)
    for response, (_, _, name) in zip(responses, requests):
        assert ("result" in response) == bool(name), response
        if name:
            validate(name, response["result"])
    print(f"schema {version}: {len(responses)} messages")
