#!/usr/bin/env bash
# Builds the files of a release with `.ci/package`, then installs them as docs/ci.md describes.
. "$(dirname "$0")/tools"
PROFILE=$profile .ci/package > /dev/null
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -1)
export PIPX_HOME=$work/pipx PIPX_BIN_DIR=$work/bin
pipx install --quiet "$CARGO_TARGET_DIR"/package/portal_lint-*.whl
# The MCP Registry looks for the name of the server in the description of the package.
python3 - "$CARGO_TARGET_DIR"/package/portal_lint-*.whl << 'END'
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as wheel:
    metadata = next(name for name in wheel.namelist() if name.endswith("/METADATA"))
    assert "mcp-name: io.github.portal-lint/portal-lint" in wheel.read(metadata).decode()
END
answers 1 'RCP101' "$work/bin/portal-lint" check fixtures/guide
# Install only from these files, because the name may belong to another package on PyPI.
export PIP_NO_INDEX=1 PIP_FIND_LINKS=$CARGO_TARGET_DIR/package
answers 0 "^portal-lint $version\$" pipx run portal-lint --version
unset PIP_NO_INDEX
cargo install --quiet --locked --profile "$profile" --path . --root "$work/cargo"
answers 0 "^portal-lint $version\$" "$work/cargo/bin/portal-lint" --version
