#!/usr/bin/env bash
# Checks the files that GitHub reads (issue forms, Dependabot), the licenses and sources of the dependencies, and that the versions in
# different files agree.
. "$(dirname "$0")/tools"

check-jsonschema --quiet --builtin-schema vendor.github-issue-config .github/ISSUE_TEMPLATE/config.yml
find .github/ISSUE_TEMPLATE -name '*.yml' ! -name config.yml -exec \
  check-jsonschema --quiet --builtin-schema vendor.github-issue-forms {} +
check-jsonschema --quiet --builtin-schema vendor.dependabot .github/dependabot.yml
zizmor --quiet --offline --config .github/zizmor.yml .github/dependabot.yml

# cargo-deny takes minutes to build, so this checks the same settings. `cargo metadata` lists the crates for all systems.
cargo metadata --locked --format-version 1 > "$work/metadata.json"
python3 - "$work/metadata.json" << 'END'
import json, re, sys, tomllib
metadata = json.load(open(sys.argv[1]))
deny = tomllib.load(open("deny.toml", "rb"))
allowed = set(deny["licenses"]["allow"])
unused = set(allowed)

def is_allowed(expression):
    """Evaluates an SPDX expression. An older form separates alternatives by a slash."""
    def value(match):
        word = match[0]
        if word in ("AND", "OR"):
            return word.lower()
        unused.discard(word)
        return str(word in allowed)
    expression = re.sub(r" WITH [\w.-]+", "", expression.replace("/", " OR "))
    return eval(re.sub(r"[\w.+-]+", value, expression))

problems = []
for crate in metadata["packages"]:
    name = f"{crate['name']} {crate['version']}"
    if not crate["license"] or not is_allowed(crate["license"]):
        problems.append(f"{name}: the license {crate['license']} is not in deny.toml")
    if crate["source"] and "crates.io-index" not in crate["source"]:
        problems.append(f"{name}: from {crate['source']}")
problems += [f"deny.toml: no crate has the license {license}" for license in unused]

package = next(crate for crate in metadata["packages"] if crate["id"] == metadata["resolve"]["root"])
ureq = next(dependency["req"] for dependency in package["dependencies"] if dependency["name"] == "ureq")
if not re.fullmatch(r"~\d+\.\d+", ureq):
    problems.append(f"ureq is not pinned to a minor version: {ureq}")
# The oldest supported version of Rust, and the version of the next release.
for file, text in [
    (".github/workflows/ci.yml", f'RUSTUP_TOOLCHAIN: "{package["rust_version"]}"'),
    ("README.md", f"Rust {package['rust_version']} or newer"),
    ("CHANGELOG.md", package["version"]),
]:
    if text not in open(file).read():
        problems.append(f"{file} does not contain {text}")
for file in ["CHANGELOG.md", "SECURITY.md"]:
    for target in re.findall(r"\]\(([^)#:]+)[)#]", open(file).read()):
        try:
            open(target).close()
        except OSError as error:
            problems.append(f"{file}: {error}")
if len(metadata["packages"]) < 100:
    problems.append("fewer than 100 crates were checked")
sys.exit("\n".join(problems) or 0)
END
echo "the files of the repository are valid"
