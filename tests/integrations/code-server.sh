#!/usr/bin/env bash
# Packages the VS Code extension, installs it in code-server (VS Code in a browser), and uses it in Chromium: findings, the status
# item, fixes on save, and a program that cannot be run. Takes about three minutes the first time, and one after that.
#
#     tests/integrations/code-server.sh [FOLDER]     needs npm with Node 20, chromium, ripgrep, a C++ compiler, and libkrb5-dev
#
# FOLDER receives pictures of the editor.
pictures=$(realpath --canonicalize-missing "${1:-}" 2> /dev/null || true)
. "$(dirname "$0")/tools"
server=$tools/code-server
if [ ! -f "$server/installed" ]; then
  mkdir -p "$server"
  echo '{}' > "$server/package.json"
  npm_config_nodedir=$(dirname "$(dirname "$(realpath "$(command -v node)")")")
  export npm_config_nodedir
  npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$server" code-server@4.100.3
  cd "$server/node_modules/code-server/lib/vscode"
  # The install scripts download files from elsewhere. Only these modules need to be built, and ripgrep is that of the system.
  npm install --silent --no-audit --no-fund --omit=dev --ignore-scripts
  for module in @vscode/spdlog node-pty native-watchdog kerberos @parcel/watcher; do
    (cd "node_modules/$module" && npx --no-install node-gyp rebuild > build.txt 2>&1) || npm rebuild --silent "$module" || true
  done
  mkdir -p node_modules/@vscode/ripgrep/bin
  cp "$(command -v rg)" node_modules/@vscode/ripgrep/bin/
  cd "$root"
  npm rebuild --silent --prefix "$server" argon2
  touch "$server/installed"
fi
strip -o "$work/portal-lint" "$program" 2> /dev/null || cp "$program" "$work/"
editors/vscode/build "$work/portal-lint" "$(node --print '`${process.platform}-${process.arch}`')" "$work/extension.vsix" > /dev/null 2>&1
export HOME=$work
code=("$server/node_modules/code-server/out/node/entry.js" --user-data-dir "$work/data" --extensions-dir "$work/extensions")
answers 0 'successfully installed' node "${code[@]}" --install-extension "$work/extension.vsix"
mkdir "$work/project"
cp fixtures/quickstart/portal.yaml "$work/project/"
python3 tests/integrations/code_server.py "$work" "$pictures" -- node "${code[@]}"
