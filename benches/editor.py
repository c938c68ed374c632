#!/usr/bin/env python3
"""Measures the time from a keystroke in an editor to the diagnostics, with `portal-lint lsp` and files that differ.

    cargo build --release
    benches/editor.py                     # prints the table, in about a minute
    benches/editor.py --binary PATH --edits 500

Each edit inserts or removes one space in an email of a portal. The client waits for the diagnostics of that version of the
document before it sends the next edit. A time is the 95th percentile of all edits.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent


class Server:
    """A running language server, and the client's side of its protocol."""

    def __init__(self, binary, root):
        self.process = subprocess.Popen(
            [binary, "lsp"], cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self.send({"id": 1, "method": "initialize", "params": {
            "processId": None,
            "rootUri": root.as_uri(),
            "workspaceFolders": [{"uri": root.as_uri(), "name": "bench"}],
            "capabilities": {"textDocument": {"publishDiagnostics": {"versionSupport": True}}},
        }})
        while self.receive().get("id") != 1:
            pass
        self.send({"method": "initialized", "params": {}})

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def receive(self):
        length = 0
        while (line := self.process.stdout.readline().strip()) != b"":
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        message = json.loads(self.process.stdout.read(length))
        if "id" in message and "method" in message:
            self.send({"id": message["id"], "result": None})
        return message

    def open(self, path):
        document = {"uri": path.as_uri(), "languageId": "json", "version": 0, "text": path.read_text()}
        self.send({"method": "textDocument/didOpen", "params": {"textDocument": document}})

    def wait_for(self, uri, version):
        while True:
            message = self.receive()
            params = message.get("params") or {}
            if message.get("method") == "textDocument/publishDiagnostics" and params["uri"] == uri:
                if params.get("version", version) == version:
                    return

    def memory(self):
        """The resident memory in KB."""
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1])

    def stop(self):
        self.process.kill()
        self.process.wait()


def place_of_edit(text):
    """The position after the quote that opens the first HTML text."""
    start = text.index('"', text.index(":", text.index('"html"'))) + 1
    line = text.count("\n", 0, start)
    return {"line": line, "character": start - (text.rfind("\n", 0, start) + 1)}


def measure(binary, root, opened, edited, edits):
    """Open the files and edit one of them. Return the times in milliseconds, and the memory after a tenth of the edits and at the end."""
    server = Server(binary, root)
    for path in opened:
        server.open(path)
    uri = edited.as_uri()
    server.wait_for(uri, 0)
    start = place_of_edit(edited.read_text())
    end = {**start, "character": start["character"] + 1}
    times, memory = [], []
    for version in range(1, edits + 1):
        insert = version % 2 == 1
        change = {"range": {"start": start, "end": start if insert else end}, "text": " " if insert else ""}
        sent = time.perf_counter()
        server.send({"method": "textDocument/didChange", "params": {
            "textDocument": {"uri": uri, "version": version}, "contentChanges": [change],
        }})
        server.wait_for(uri, version)
        times.append((time.perf_counter() - sent) * 1000)
        if version in (edits // 10, edits):
            memory.append(server.memory())
    server.stop()
    return times, memory


def write_corpus(folder, *arguments):
    corpus_program = pathlib.Path(__file__).with_name("corpus.py")
    subprocess.run([sys.executable, str(corpus_program), "--out", str(folder), *arguments], check=True, stderr=subprocess.DEVNULL)
    return sorted(folder.rglob("*.json"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=str(ROOT / "target/release/portal-lint"))
    parser.add_argument("--edits", type=int, default=300)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder).resolve()
        cases = [("3 KB", 5, ["--n", "1"], 1), ("100 KB", 12, ["--n", "0", "--big", "0.1"], 1),
                 ("200 portals open", 20, ["--n", "200"], 200), ("1 MB", 50, ["--n", "0", "--big", "1"], 1)]
        print("| document | 95th percentile | median | target | memory after a tenth | memory at the end |")
        print("| --- | --- | --- | --- | --- | --- |")
        for name, target, arguments, count in cases:
            root = folder / name.replace(" ", "-")
            files = write_corpus(root, *arguments)
            times, memory = measure(options.binary, root, files[:count], files[0], options.edits)
            slow = statistics.quantiles(times, n=20)[18]
            print(f"| {name} | {slow:.1f} ms | {statistics.median(times):.1f} ms | {target} ms | {memory[0]} KB | {memory[1]} KB |")


if __name__ == "__main__":
    main()
