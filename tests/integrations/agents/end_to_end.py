"""End to end with a real agent and a scripted model on the loopback interface: none of the defective bodies may reach the fake server, and
all good ones must. `portal-lint init --agents` writes the hook. Usage: end_to_end.py claude|codex|copilot|gemini AGENT FOLDER"""

import json
import os
import pathlib
import re
import subprocess
import sys

import bodies

here = pathlib.Path(__file__).parent.resolve()
client, agent, folder = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3]).resolve()
project, home, log = folder / "project", folder / "home", folder / "log"
SERVER = {"command": sys.executable, "args": [str(here / "revcent.py"), str(log)]}


def add_server(settings_file, settings):
    """Adds the fake RevCent server to the servers that `init --agents` wrote."""
    content = json.loads(settings_file.read_text())
    content["mcpServers"]["revcent"] = {**SERVER, **settings}
    settings_file.write_text(json.dumps(content))


def claude(port):
    """Returns the arguments and the environment. Nobody can be asked, so a question stops the call."""
    add_server(project / ".mcp.json", {"type": "stdio"})
    arguments = ["--print", "Send the portals.", "--output-format", "stream-json", "--verbose"]
    arguments += ["--mcp-config", ".mcp.json", "--strict-mcp-config", "--allowedTools", "mcp__revcent"]
    return arguments, {
        "ANTHROPIC_API_KEY": "none",
        "ANTHROPIC_BASE_URL": f"http://127.0.0.1:{port}",
        "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
        "DISABLE_AUTOUPDATER": "1",
        "DISABLE_TELEMETRY": "1",
        "ENABLE_TOOL_SEARCH": "false",
    }


def copilot(port):
    """Returns the arguments and the environment. Nobody can be asked, so a question stops the call."""
    add_server(project / ".mcp.json", {"type": "stdio", "tools": ["*"]})
    arguments = ["--prompt", "Send the portals.", "--allow-all-tools", "--trust-folder", "--no-auto-update", "--output-format", "json"]
    return arguments, {
        "COPILOT_HOME": str(home),
        "COPILOT_MODEL": "claude-sonnet-4",
        "COPILOT_OFFLINE": "true",
        "COPILOT_PROVIDER_API_KEY": "none",
        "COPILOT_PROVIDER_BASE_URL": f"http://127.0.0.1:{port}",
        "COPILOT_PROVIDER_TYPE": "anthropic",
    }


def codex(port):
    """Returns the arguments and the environment. A person would trust the hook in a dialog."""
    (home / "config.toml").write_text(f"""
model = "gpt-5"
model_provider = "scripted"
approval_policy = "never"
sandbox_mode = "danger-full-access"
check_for_update_on_startup = false

[analytics]
enabled = false

[model_providers.scripted]
name = "scripted"
base_url = "http://127.0.0.1:{port}/v1"
wire_api = "responses"
request_max_retries = 0
stream_max_retries = 0

[mcp_servers.revcent]
command = {json.dumps(SERVER["command"])}
args = {json.dumps(SERVER["args"])}
default_tools_approval_mode = "approve"

[projects."{project}"]
trust_level = "trusted"
""")
    arguments = ["exec", "--skip-git-repo-check", "--dangerously-bypass-hook-trust", "Send the portals."]
    return arguments, {"CODEX_HOME": str(home), "OPENAI_API_KEY": "none"}


def gemini(port):
    """Returns the arguments and the environment."""
    settings_file = project / ".gemini/settings.json"
    settings = json.loads(settings_file.read_text())
    settings["mcpServers"]["revcent"] = {**SERVER, "trust": True}
    settings["security"] = {"auth": {"selectedType": "gemini-api-key"}}
    settings_file.write_text(json.dumps(settings))
    own = {"privacy": {"usageStatisticsEnabled": False}, "general": {"enableAutoUpdate": False}}
    (home / ".gemini").mkdir()
    (home / ".gemini/settings.json").write_text(json.dumps({"security": settings["security"], **own}))
    arguments = ["--prompt", "Send the portals.", "--approval-mode", "yolo", "--model", "gemini-2.5-flash"]
    return arguments, {
        "GEMINI_CLI_HOME": str(home),
        "GEMINI_API_KEY": "none",
        "GOOGLE_GEMINI_BASE_URL": f"http://127.0.0.1:{port}",
        "GEMINI_CLI_TRUST_WORKSPACE": "true",
    }


# How each agent is configured, and the pattern of what it prints for a call that the hook stopped.
CLIENTS = {
    "claude": (claude, r'"type":"tool_result","content":"(PreToolUse:\w+ hook error: )?portal-lint: '),
    "codex": (codex, "Tool call blocked by PreToolUse hook: portal-lint: "),
    "copilot": (copilot, r'"message":"Denied by preToolUse hook( \(unable to ask user for confirmation\))?: portal-lint: '),
    "gemini": (gemini, "Tool execution blocked: portal-lint: "),
}

bodies.write_project(project)
home.mkdir(parents=True)
script = folder / "script.json"
script.write_text(json.dumps(bodies.defective() + bodies.good()))
subprocess.run(["portal-lint", "init", f"--agents={client}"], cwd=project, check=True, capture_output=True)
configure, stopped_call = CLIENTS[client]
model = subprocess.Popen([sys.executable, str(here / "model.py"), str(script)], stdout=subprocess.PIPE, text=True)
try:
    arguments, environment = configure(model.stdout.readline().strip())
    run = subprocess.run(
        [agent, *arguments],
        cwd=project,
        env={**os.environ, "HOME": str(home), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
    )
finally:
    model.kill()
sent = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
expected = [list(call) for call in bodies.good()]
assert not [call for call in sent if call not in expected], f"defective bodies were sent: {json.dumps(sent)[:2000]}"
assert sent == expected, f"{len(sent)} of 10 good bodies were sent\n{run.stdout[-2000:]}\n{run.stderr[-4000:]}"
stopped = len(re.findall(stopped_call, run.stdout + run.stderr))
assert stopped == 40, f"{stopped} bodies were stopped\n{run.stdout[-2000:]}\n{run.stderr[-4000:]}"
print(f"{client}: 40 defective bodies stopped, 10 good bodies sent")
