"""End to end with the real Codex and a scripted model on the loopback interface. Usage: codex.py CODEX FOLDER

`portal-lint init --agents=codex` writes the hook, and the settings get the fake server. A person would trust the hook in a dialog."""

import json
import os
import pathlib
import subprocess
import sys

import bodies

here = pathlib.Path(__file__).parent.resolve()
codex, folder = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
project, home, log = folder / "project", folder / "home", folder / "log"
bodies.write_project(project)
home.mkdir(parents=True)
script = folder / "script.json"
script.write_text(json.dumps(bodies.defective() + bodies.good()))
subprocess.run(["portal-lint", "init", "--agents=codex"], cwd=project, check=True, capture_output=True)

model = subprocess.Popen([sys.executable, str(here / "model.py"), str(script)], stdout=subprocess.PIPE, text=True)
try:
    url = f"http://127.0.0.1:{model.stdout.readline().strip()}/v1"
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
base_url = "{url}"
wire_api = "responses"
request_max_retries = 0
stream_max_retries = 0

[mcp_servers.revcent]
command = "{sys.executable}"
args = ["{here}/revcent.py", "{log}"]
default_tools_approval_mode = "approve"

[projects."{project}"]
trust_level = "trusted"
""")
    run = subprocess.run(
        [codex, "exec", "--skip-git-repo-check", "--dangerously-bypass-hook-trust", "Send the portals."],
        cwd=project,
        env={**os.environ, "HOME": str(home), "CODEX_HOME": str(home), "OPENAI_API_KEY": "none"},
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
stopped = run.stderr.count("Tool call blocked by PreToolUse hook: portal-lint: ")
assert stopped == 40, f"{stopped} bodies were stopped\n{run.stderr[-4000:]}"
print("Codex: 40 defective bodies stopped, 10 good bodies sent")
