#!/usr/bin/env bash
# Packages the VS Code extension with the program, unpacks the package, and runs its server and its extension with Node. The tests
# replace VS Code itself by a stub. `code-server.sh` uses the extension in a real editor.
. "$(dirname "$0")/tools"
if ! command -v npm > /dev/null; then
  echo "npm is not installed, so nothing was tested"
  exit
fi
# The lock file must not name the registry of the machine that wrote it.
answers 1 '' grep '"resolved"' editors/vscode/package-lock.json
# Symbols make the package several times as large.
strip -o "$work/portal-lint" "$program" 2> /dev/null || cp "$program" "$work/"
platform=$(node --print '`${process.platform}-${process.arch}`')
editors/vscode/build "$work/portal-lint" "$platform" "$work/extension.vsix" > "$work/build.txt" 2>&1 || { cat "$work/build.txt"; exit 1; }
answers 0 'DONE .*Packaged' cat "$work/build.txt"
python3 - "$work" << 'END'
import pathlib, sys, zipfile
work = pathlib.Path(sys.argv[1])
with zipfile.ZipFile(work / "extension.vsix") as package:
    package.extractall(work)
    # VS Code unpacks the file with the mode that is in the package, and has to run it.
    mode = package.getinfo("extension/server/portal-lint").external_attr >> 16
    assert mode & 0o111, oct(mode)
    (work / "extension/server/portal-lint").chmod(mode)
END
EXTENSION=$work/extension PORTAL=$root/fixtures/quickstart/portal.yaml node --test editors/vscode/test/extension.test.mjs
