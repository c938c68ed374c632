"""Asks the hook about each call as VS Code documents it, because VS Code itself cannot be driven here. Usage: hook_protocol.py PROGRAM
FOLDER"""

import json
import pathlib
import subprocess
import sys

import bodies

program, folder = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
project = folder / "project"
bodies.write_project(project)


def is_stopped(tool, arguments):
    """What the documentation says about the output. A question that nobody answers stops the call."""
    hook_input = {
        "timestamp": "2026-11-29T12:00:00.000Z",
        "cwd": str(project),
        "sessionId": "1",
        "hookEventName": "PreToolUse",
        "tool_name": f"mcp_revcent_{tool}",
        "tool_input": arguments,
    }
    run = subprocess.run([program, "hook", "--agent", "copilot"], input=json.dumps(hook_input), capture_output=True, text=True, cwd=project)
    if run.returncode != 0 or not run.stdout.strip():
        return False
    return json.loads(run.stdout)["hookSpecificOutput"]["permissionDecision"] in ("deny", "ask")


defective, good = bodies.defective(), bodies.good()
sent = [call for call in defective + good if not is_stopped(*call)]
assert not [call for call in sent if call in defective], f"defective bodies were sent: {json.dumps(sent)[:2000]}"
assert sent == good, f"{len(sent)} of 10 good bodies were sent"
print("protocol of VS Code: 40 defective bodies stopped, 10 good bodies sent")
