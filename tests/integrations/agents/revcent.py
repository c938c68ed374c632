"""A fake RevCent MCP server: records each call in a file and does nothing else."""

import json
import sys

log = sys.argv[1]
tools = [
    {"name": name, "description": f"RevCent's {name}", "inputSchema": {"type": "object", "properties": {}, "additionalProperties": True}}
    for name in ["CreateCustomerPortal", "EditCustomerPortal"]
]

for line in sys.stdin:
    message = json.loads(line)
    if "id" not in message:
        continue
    method, params = message.get("method"), message.get("params") or {}
    if method == "initialize":
        result = {
            "protocolVersion": params["protocolVersion"],
            "capabilities": {"tools": {}},
            "serverInfo": {"name": "revcent", "version": "1"},
        }
    elif method == "tools/list":
        result = {"tools": tools}
    elif method == "tools/call":
        with open(log, "a") as file:
            file.write(json.dumps([params["name"], params.get("arguments")]) + "\n")
        result = {"content": [{"type": "text", "text": '{"code": 1, "result": "created"}'}]}
    elif method == "ping":
        result = {}
    else:
        error = {"code": -32601, "message": "there is no such method"}
        print(json.dumps({"jsonrpc": "2.0", "id": message["id"], "error": error}), flush=True)
        continue
    print(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": result}), flush=True)
