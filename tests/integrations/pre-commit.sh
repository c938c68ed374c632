#!/usr/bin/env bash
# Runs the hooks with the real pre-commit, as docs/ci.md sets them up: with an installed program, with a wheel and, with the argument
# `source`, built by pip from the repository. The last takes minutes (fewer with `MATURIN_PEP517_ARGS="--profile dev"`), so `.ci/run`
# leaves it out; its output is in pre-commit-source.txt.
. "$(dirname "$0")/tools"
export PRE_COMMIT_HOME=$work/cache PRE_COMMIT_COLOR=never
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@acme-outfitters.com GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@acme-outfitters.com

pre-commit validate-manifest .pre-commit-hooks.yaml > /dev/null

# pre-commit clones this: the repository as it is now, with the tag that docs/ci.md names.
mkdir "$work/hooks" "$work/user"
git ls-files -z --cached --others --exclude-standard | tar --create --null --files-from - | tar --extract --directory "$work/hooks"
git -C "$work/hooks" init --quiet
git -C "$work/hooks" add --all
git -C "$work/hooks" commit --quiet --message hooks
revision=$(block pre-commit-repository | sed -n 's/ *rev: //p')
git -C "$work/hooks" tag "$revision"
# The same hooks with the program that is installed, so that nothing has to be built.
sed -i 's/language: python/language: system/' "$work/hooks/.pre-commit-hooks.yaml"
git -C "$work/hooks" commit --quiet --all --message installed
git -C "$work/hooks" tag installed

cd "$work/user"
git init --quiet
# staged FILE...: these and no others are committed next.
staged() { git reset --quiet && git add -- "$@"; }
# set_up BLOCK HOOK [REVISION]: a block of docs/ci.md, with one hook of this repository.
set_up() {
  block "$1" | sed "s#https://github.com/portal-lint/portal-lint#file://$work/hooks#; s#- id: portal-lint\$#- id: $2#
    s#rev: .*#rev: ${3:-$revision}#" > .pre-commit-config.yaml
  grep -q -- "- id: $2\$" .pre-commit-config.yaml
  staged .pre-commit-config.yaml portal-lint.toml
  git commit --quiet --allow-empty --message "$2"
}

clean=$root/fixtures/clean/create.json
bad=$root/fixtures/rules/RCP012/bad-hidden-attribute.json
fixable=$root/fixtures/rules/RCP018/bad-duplicate.yaml
mkdir drafts portals
printf 'exclude = ["drafts/**"]\n' > portal-lint.toml
cp "$clean" portals/main.json
cp "$clean" portals/twin.json
sed 's/Subscription Portal/Wholesale Portal/; s/P9dRk2XyM5vHs8LqT1Fz/W4sGt8QbN2xKc7RzV5Jm/' "$bad" > 'portals/with spaces.json'
sed 's/Subscription Portal/Spare Portal/; s/P9dRk2XyM5vHs8LqT1Fz/Hq3Lv6NsB9wYc1TzK8Fd/' "$fixable" > portals/fixable.yaml
cp "$bad" drafts/bad.json
printf '{ "name": "a-package", "version": "1.0.0" }\n' > package.json
echo text > notes.md

# run: what pre-commit says, for a reader.
run() { pre-commit run 2>&1 | sed "s#$work#…#g" || true; }
if [ "${1:-}" = source ]; then
  rm portals/twin.json
  for hook in portal-lint portal-lint-fix; do
    set_up pre-commit-repository "$hook"
    for file in portals/main.json 'portals/with spaces.json' portals/fixable.yaml; do
      staged "$file"
      printf '== %s: %s\n' "$hook" "$file"
      run
    done
  done
  exit
fi

echo "pre-commit: what is installed"
set_up pre-commit-repository portal-lint-system
staged notes.md
answers 0 'no files to check' pre-commit run
staged package.json drafts/bad.json
answers 0 'Passed' pre-commit run
staged 'portals/with spaces.json' package.json drafts/bad.json
answers 1 'portals/with spaces.json:[0-9]+:[0-9]+' pre-commit run
answers 1 '!drafts/bad.json' pre-commit run
# Only one of the two is committed. That they have the same name is found anyway, and reported for that one.
staged portals/main.json
answers 1 'error\[RCP001\]' pre-commit run
staged portals/main.json portals/twin.json 'portals/with spaces.json'
answers 1 '3 errors, 2 warnings, .* in 3 portals' pre-commit run
rm portals/twin.json
staged portals/main.json
answers 0 'Passed' pre-commit run

# The name of a committed file is no option, whatever it is called: with the hook's own arguments, with the user's, and refused
# where the user's leave out the `--`.
mkdir -p -- '--output=json=x'
cp "$bad" -- '--output=json=x/config.json'
mkdir -p x
echo untouched > x/config.json
for arguments in '["--"]' '[--fail-on=warning, "--"]'; do
  sed -i "s/^        args: .*/        args: $arguments/" .pre-commit-config.yaml
  staged .pre-commit-config.yaml '--output=json=x/config.json'
  answers 1 'RCP012' pre-commit run
  answers 1 '--output=json=x/config.json:[0-9]+:[0-9]+' pre-commit run
done
sed -i 's/^        args: .*/        args: [--fail-on=warning]/' .pre-commit-config.yaml
staged .pre-commit-config.yaml '--output=json=x/config.json'
answers 1 'write `--` before file names' pre-commit run
[ "$(cat x/config.json)" = untouched ]
rm -r -- '--output=json=x' x

set_up pre-commit-repository portal-lint installed
staged 'portals/with spaces.json'
answers 1 'RCP012' pre-commit run
set_up pre-commit-repository portal-lint-fix installed
staged portals/fixable.yaml
answers 1 'files were modified by this hook' pre-commit run
git add portals/fixable.yaml
answers 0 'Passed' pre-commit run

echo "pre-commit: a wheel, without Rust"
maturin build --quiet --locked --profile "$profile" --manifest-path "$root/Cargo.toml" --out "$work/wheels" 2> /dev/null
# What pre-commit's own empty package is built with; everything else comes from no index.
pip download --quiet --no-deps --dest "$work/wheels" setuptools
set_up pre-commit-wheel portal-lint
staged portals/main.json
(
  PATH=$tools/bin:/usr/bin:/bin
  if command -v cargo || command -v portal-lint; then exit 1; fi
  export PIP_NO_INDEX=1 PIP_FIND_LINKS=$work/wheels
  answers 0 'Passed' pre-commit run
)
staged 'portals/with spaces.json'
answers 1 'RCP012' pre-commit run

