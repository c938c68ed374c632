"""End to end with the real Gemini CLI and a scripted model on the loopback interface. Usage: gemini.py GEMINI FOLDER

`portal-lint init --agents=gemini` writes the hook, and the settings get the fake server."""

import json
import os
import pathlib
import subprocess
import sys

import bodies

here = pathlib.Path(__file__).parent
gemini, folder = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
project, home, log = folder / "project", folder / "home", folder / "log"
bodies.write_project(project)
home.joinpath(".gemini").mkdir(parents=True)
script = folder / "script.json"
script.write_text(json.dumps(bodies.defective() + bodies.good()))
subprocess.run(["portal-lint", "init", "--agents=gemini"], cwd=project, check=True, capture_output=True)
settings_file = project / ".gemini/settings.json"
settings = json.loads(settings_file.read_text())
settings["mcpServers"]["revcent"] = {
    "command": sys.executable,
    "args": [str(here.resolve() / "revcent.py"), str(log)],
    "trust": True,
}
settings["security"] = {"auth": {"selectedType": "gemini-api-key"}}
settings_file.write_text(json.dumps(settings))
own = {"security": settings["security"], "privacy": {"usageStatisticsEnabled": False}, "general": {"enableAutoUpdate": False}}
(home / ".gemini/settings.json").write_text(json.dumps(own))

model = subprocess.Popen([sys.executable, str(here / "model.py"), str(script)], stdout=subprocess.PIPE, text=True)
try:
    url = f"http://127.0.0.1:{model.stdout.readline().strip()}"
    environment = {
        **os.environ,
        "HOME": str(home),
        "GEMINI_CLI_HOME": str(home),
        "GEMINI_API_KEY": "none",
        "GOOGLE_GEMINI_BASE_URL": url,
        "GEMINI_CLI_TRUST_WORKSPACE": "true",
    }
    run = subprocess.run(
        [gemini, "--prompt", "Send the portals.", "--approval-mode", "yolo", "--model", "gemini-2.5-flash"],
        cwd=project,
        env=environment,
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
stopped = run.stderr.count("Tool execution blocked: portal-lint: ")
assert stopped == 40, f"{stopped} bodies were stopped\n{run.stderr[-4000:]}"
print("Gemini CLI: 40 defective bodies stopped, 10 good bodies sent")
