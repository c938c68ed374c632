"""Checks the texts of public test suites with the program. See corpora.sh."""

import json
import pathlib
import subprocess
import sys
import tempfile

# Cases in which the suite differs from this linter, with the reason.
KNOWN = {
    "yaml/ZYU8-2": "a %YAML directive with two versions, which the suite accepts and YAML parsers reject",
}
# A limit on nesting ends a check, too.
SYNTAX_ERRORS = {"RCP900", "RCP901", "RCP902"}
# YAML that JSON has no equivalent for is reported, although its syntax is valid: tags, keys that are not strings, keys in braces without
# a colon or of several lines, and values without a key.
NOT_JSON = ("unknown tag", "a list or mapping as a key", "missing colon after this key", "unexpected `:`",
            "unexpected `?`")


def json_cases(folder):
    """Name, expectation (`y`, `n`, or `i` for either), and bytes of each JSON text, alone and in a portal."""
    for path in sorted((folder / "test_parsing").glob("*.json")):
        text = path.read_bytes()
        yield "json/" + path.stem, path.name[0], text, ".json"
        if not path.stem.startswith("n_structure_no_data") and not starts_with_mark(text):
            yield "json in a portal/" + path.stem, path.name[0], b'{"name": ' + text + b"}", ".json"


def starts_with_mark(text):
    return text[:3] == b"\xef\xbb\xbf" or text[:2] in (b"\xff\xfe", b"\xfe\xff")


def yaml_cases(folder):
    import yaml

    for path in sorted((folder / "src").glob("*.yaml")):
        inherited = {}
        cases = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
        for number, case in enumerate(cases):
            # A further case of a file has the fields of the one before.
            inherited = {**{k: v for k, v in inherited.items() if k != "fail"}, **case}
            name = "yaml/" + path.stem + ("-%d" % number if len(cases) > 1 else "")
            expectation = "n" if case.get("fail") == "true" else "y"
            yield name, expectation, yaml_text(inherited["yaml"]).encode(), ".yaml"


def yaml_text(text):
    """The suite writes invisible characters with visible ones."""
    text = text.replace("␣", " ").replace("»", "\t").replace("—", "").replace("⇔", "\ufeff").replace("←", "\r").replace("↵", "")
    return text[:-2] if text.endswith("∎\n") else text


def syntax_errors(program, cases):
    """The messages of the syntax errors that the program reports, by the name of the case."""
    with tempfile.TemporaryDirectory() as folder:
        names = {}
        for number, (name, _, text, extension) in enumerate(cases):
            path = pathlib.Path(folder, "%04d%s" % (number, extension))
            path.write_bytes(text)
            names[path.name] = name
        command = [str(program), "check", "--isolated", "--format", "json", *names]
        result = subprocess.run(command, cwd=folder, capture_output=True, check=False)
        if result.returncode not in (0, 1):
            sys.exit("exit code %d: %s" % (result.returncode, result.stderr.decode()))
        diagnostics = json.loads(result.stdout)["diagnostics"]
        messages = {}
        for diagnostic in diagnostics:
            if diagnostic["code"] in SYNTAX_ERRORS:
                messages.setdefault(names[diagnostic["file"]], []).append(diagnostic["message"])
        return messages


def is_right(expectation, messages):
    if expectation == "n":
        return bool(messages)
    return expectation == "i" or all(message.startswith(NOT_JSON) for message in messages)


def main(corpora, program):
    program = pathlib.Path(program).resolve()
    suites = {"JSONTestSuite": json_cases, "yaml-test-suite": yaml_cases}
    wrong = []
    print("%-16s %6s %8s %8s %6s" % ("suite", "cases", "accepted", "rejected", "wrong"))
    for suite, read_cases in suites.items():
        folder = pathlib.Path(corpora, suite)
        if not folder.is_dir():
            print("%-16s %s does not exist" % (suite, folder))
            continue
        cases = list(read_cases(folder))
        rejected = syntax_errors(program, cases)
        bad = [name for name, expectation, _, _ in cases if not is_right(expectation, rejected.get(name, []))]
        wrong += [name for name in bad if name not in KNOWN]
        print("%-16s %6d %8d %8d %6d" % (suite, len(cases), len(cases) - len(rejected), len(rejected), len(bad)))
        wrong += ["%s is known as wrong, but is right" % name for name in KNOWN if name in {c[0] for c in cases} - set(bad)]
    for name in wrong:
        print(name)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
