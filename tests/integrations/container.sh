#!/usr/bin/env bash
# Builds the container image and runs it on the quickstart, with only its own files and without a network. No engine is needed: the image is
# unpacked and becomes the root folder of a process. It uses the archive of `.ci/package static` (or the one that is passed).
. "$(dirname "$0")/tools"
if ! command -v umoci > /dev/null; then
  echo "umoci is not installed, so nothing was tested"
  exit
fi
image=$(packaging/container/build "${1:-}" "$work/image")
umoci unpack --rootless --image "$image" "$work/unpacked"
files=$work/unpacked/rootfs
[ "$(ls "$files" | tr '\n' ' ')" = "LICENSE-APACHE LICENSE-MIT portal-lint " ]
mkdir "$files/project"
cp fixtures/quickstart/portal.yaml fixtures/clean/create.json "$files/project"

# Runs the entry point of the image in its working directory.
container() { unshare --user --map-root-user --net --root="$files" --wd=/project /portal-lint "$@"; }

answers 0 "^portal-lint [0-9.]+\$" container --version
answers 1 'portal\.yaml:[0-9]+:[0-9]+: error\[RCP012\]' container check --format concise portal.yaml
answers 0 '' container check create.json
answers 0 'RCP012' container explain RCP012
answers 1 '' container check --fix portal.yaml
# Without a network, `--online` reports what it could not check. The certificates are in the binary.
answers 3 'not completed' container check --online --format concise create.json
