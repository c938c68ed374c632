#!/usr/bin/env bash
# Tests the completions and manual pages with the shells and man. bash must be installed; the other shells are tested if they are.
. "$(dirname "$0")/tools"
cd "$work"

# completed WORD...: prints what bash offers for the last word.
completed() {
  bash -c 'source /dev/stdin <<< "$(portal-lint completions bash)"
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    function=$(complete -p portal-lint | sed "s/.* -F \([^ ]*\).*/\1/")
    "$function" portal-lint "${!#}" "${@: -2:1}"
    printf "%s\n" "${COMPREPLY[@]}"' bash "$@"
}
answers 0 '^preflight$' completed portal-lint pre
answers 0 '^--force-exclude$' completed portal-lint check --for
answers 0 '^sarif$' completed portal-lint check --format ''
answers 0 '!^human$' completed portal-lint check --fo

if command -v zsh > /dev/null; then
  portal-lint completions zsh > _portal-lint
  answers 0 '_portal-lint' zsh -fc 'fpath=($PWD $fpath); autoload -U compinit; compinit -u -D; echo "${_comps[portal-lint]}"'
  zsh -n _portal-lint
fi
if command -v fish > /dev/null; then
  portal-lint completions fish > portal-lint.fish
  answers 0 '^sarif' fish --no-config -c 'source portal-lint.fish; complete --do-complete "portal-lint check --format sa"'
fi

for command in '' allow check preflight explain hook init lsp mcp render rules schema completions man; do
  # shellcheck disable=SC2086 # none is the page of the program
  portal-lint man $command > page.1
  if command -v groff > /dev/null; then
    warnings=$(groff -man -Tutf8 -ww page.1 2>&1 > /dev/null)
    [ -z "$warnings" ] || { echo "$warnings" >&2; exit 1; }
  fi
  if command -v mandoc > /dev/null; then mandoc -T lint -W error page.1; fi
done
# The blocks of the README.
export HOME=$work/home
mkdir -p "$HOME" "$work/project/portals"
bash -euc "$(block completions)"
[ -s "$HOME/.local/share/man/man1/portal-lint-check.1" ]
cp "$root/fixtures/clean/create.json" "$work/project/portals/main.json"
cd "$work/project"
answers 0 'wrote portal-lint.toml' bash -euc "$(block first-steps)"

answers 0 'Exit codes' cat <(portal-lint man check)
answers 2 'there is no command `chek`' portal-lint man chek
