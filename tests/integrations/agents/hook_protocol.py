"""End to end with a client of our own that follows the documented hook protocol of each client: it asks the hook about each call, and
sends only calls that are not stopped. Usage: hook_protocol.py PROGRAM FOLDER"""

import json
import pathlib
import subprocess
import sys

import bodies

program, folder = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
project = folder / "project"
bodies.write_project(project)


def hook_input(client, tool, arguments):
    if client == "copilot":
        return {"timestamp": 1764417600000, "cwd": str(project), "toolName": f"revcent-{tool}", "toolArgs": json.dumps(arguments)}
    event = "BeforeTool" if client == "gemini" else "PreToolUse"
    prefix = "mcp_revcent_" if client == "gemini" else "mcp__revcent__"
    return {
        "session_id": "1",
        "cwd": str(project),
        "hook_event_name": event,
        "tool_name": prefix + tool,
        "tool_input": arguments,
    }


def is_stopped(client, run):
    """What the documentation of the client says about the output. A question that nobody answers stops the call."""
    if run.returncode == 2 and client == "codex":
        return bool(run.stderr.strip())
    if run.returncode != 0 or not run.stdout.strip():
        return False
    output = json.loads(run.stdout)
    if client == "gemini":
        return output.get("decision") == "deny"
    if client == "copilot":
        return output.get("permissionDecision") in ("deny", "ask")
    return output["hookSpecificOutput"]["permissionDecision"] in ("deny", "ask")


def sent_calls(client, calls):
    log = folder / f"{client}.log"
    log.unlink(missing_ok=True)
    server = subprocess.Popen(
        [sys.executable, str(pathlib.Path(__file__).with_name("revcent.py")), str(log)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    for index, (tool, arguments) in enumerate(calls):
        call = json.dumps(hook_input(client, tool, arguments))
        run = subprocess.run([program, "hook", "--agent", client], input=call, capture_output=True, text=True, cwd=project)
        if is_stopped(client, run):
            continue
        message = {"jsonrpc": "2.0", "id": index, "method": "tools/call", "params": {"name": tool, "arguments": arguments}}
        server.stdin.write(json.dumps(message) + "\n")
        server.stdin.flush()
        server.stdout.readline()
    server.stdin.close()
    server.wait()
    return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


for client in ["claude", "codex", "gemini", "copilot"]:
    sent = sent_calls(client, bodies.defective())
    assert not sent, f"{client}: {len(sent)} defective bodies were sent: {json.dumps(sent)[:2000]}"
    sent = sent_calls(client, bodies.good())
    expected = [list(call) for call in bodies.good()]
    assert sent == expected, f"{client}: {len(sent)} of 10 good bodies were sent"
    print(f"{client}: 40 defective bodies stopped, 10 good bodies sent")
