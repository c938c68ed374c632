#!/bin/sh
# Runs Neovim without a screen and with the language server: opens a portal, gets the findings with their columns, applies a fix, and
# allows a finding with a reason. The output must be equal to neovim.txt (UPDATE=1 writes it).
#
#     tests/integrations/neovim.sh [PROGRAM]        needs nvim (apt-get install -y neovim; tested with 0.7)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
program=$(realpath "${1:-$here/../../target/debug/portal-lint}")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

sed -e 's/Your confirmation code is: <strong>{{email_code}}/Dein Code, für dich 😀: <strong>{{ email_code }}/' \
    -e 's/"subscription_cancel": false/"subscription_cancel": true/' \
    "$here/../../fixtures/clean/create.json" > "$folder/a b.portal.json"
: > "$folder/portal-lint.toml"
cd "$folder"
PROGRAM=$program FOLDER=$folder HOME=$folder XDG_STATE_HOME=$folder XDG_CACHE_HOME=$folder \
    nvim --headless -u NONE -i NONE -n -c "luafile $here/neovim.lua" 'a b.portal.json' > "$folder/output" 2>&1 < /dev/null || { cat "$folder/output"; exit 1; }
# The folder has another name in each run.
sed -i "s|$folder|FOLDER|g" "$folder/output"
cat "$folder/output"
if [ -n "${UPDATE:-}" ]; then cp "$folder/output" "$here/neovim.txt"; fi
# The version is whatever is installed.
sed 1d "$here/neovim.txt" > "$folder/expected"
sed 1d "$folder/output" | diff "$folder/expected" -
