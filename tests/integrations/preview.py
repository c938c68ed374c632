#!/usr/bin/env python3
"""Opens the page of `portal-lint preview` with hostile texts in Chromium. See preview.sh."""

import base64
import json
import os
import pathlib
import socket
import struct
import subprocess
import sys
import threading
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


class Recorder:
    """A server that records each connection and the path of each request."""

    def __init__(self):
        self.paths = []
        self.connections = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            connection, _ = self.listener.accept()
            self.connections += 1
            threading.Thread(target=self.answer, args=(connection,), daemon=True).start()

    def answer(self, connection):
        with connection:
            line = connection.makefile("rb").readline().decode(errors="replace").split(" ")
            if len(line) > 1:
                self.paths.append(line[1])
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    def take(self):
        found = (self.connections, sorted(set(self.paths)))
        self.connections, self.paths = 0, []
        return found


def hostile_html(address):
    """Markup that runs script or loads something in a browser, each from its own path."""
    url = "http://%s" % address
    return "".join(
        part.replace("URL", url)
        for part in [
            "<script>new Image().src='URL/script'</script>",
            "<script src=URL/script-src></script>",
            "<img src=URL/image>",
            "<img src=x onerror=\"new Image().src='URL/onerror'\">",
            "<svg onload=\"new Image().src='URL/onload'\"><image href=URL/svg-image /></svg>",
            "<iframe src=URL/frame></iframe><object data=URL/object></object><embed src=URL/embed>",
            "<iframe srcdoc=\"<script>new Image().src='URL/srcdoc'</script>\"></iframe>",
            "<link rel=stylesheet href=URL/link><link rel=preconnect href=URL><LINK rel=prefetch href=URL/prefetch>",
            "<style>@import 'URL/import'; body { background: url(URL/background) }</style>",
            "<style>@font-face { font-family: f; src: url(URL/font) } p { font-family: f }</style><p>text</p>",
            "<video poster=URL/poster src=URL/video autoplay></video><audio src=URL/audio autoplay></audio>",
            "<meta http-equiv=refresh content='0; url=URL/refresh'>",
            "<base href=URL/><img src=base>",
            "<form action=URL/form><input autofocus onfocus=this.form.submit()></form>",
            "<input type=image src=URL/input><details open ontoggle=\"new Image().src='URL/toggle'\"></details>",
            "<a href=\"javascript:new Image().src='URL/link-script'\" id=a>a</a>",
        ]
    )


class Browser:
    """Chromium without a screen, controlled over its debugging protocol (RFC 6455)."""

    def __init__(self, folder):
        command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0"]
        command += ["--user-data-dir=" + os.path.join(folder, "profile"), "--window-size=1200,2400", "about:blank"]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        for line in self.process.stderr:
            if "DevTools listening on" in line:
                self.port = line.split("127.0.0.1:")[1].split("/")[0]
                break
        threading.Thread(target=self.process.stderr.read, daemon=True).start()
        with urllib.request.urlopen("http://127.0.0.1:%s/json" % self.port) as response:
            pages = [page for page in json.load(response) if page["type"] == "page"]
        self.socket = socket.create_connection(("127.0.0.1", int(self.port)))
        path = pages[0]["webSocketDebuggerUrl"].split(self.port, 1)[1]
        key = base64.b64encode(os.urandom(16)).decode()
        request = "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" % path
        self.socket.sendall((request + "Sec-WebSocket-Key: %s\r\nSec-WebSocket-Version: 13\r\n\r\n" % key).encode())
        self.stream = self.socket.makefile("rb")
        while self.stream.readline() != b"\r\n":
            pass
        self.number = 0

    def call(self, method, **params):
        self.number += 1
        data = json.dumps({"id": self.number, "method": method, "params": params}).encode()
        # The mask of a client's frame may be zero.
        header = b"\x81" + (bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + struct.pack(">H", len(data)))
        self.socket.sendall(header + b"\0\0\0\0" + data)
        while True:
            message = json.loads(self.read())
            if message.get("id") == self.number:
                return message.get("result", message)

    def read(self):
        _, length = self.stream.read(2)
        if length == 126:
            (length,) = struct.unpack(">H", self.stream.read(2))
        elif length == 127:
            (length,) = struct.unpack(">Q", self.stream.read(8))
        return self.stream.read(length)

    def open(self, file):
        self.call("Page.navigate", url=pathlib.Path(file).as_uri())
        time.sleep(4)

    def evaluate(self, expression):
        return self.call("Runtime.evaluate", expression=expression).get("result", {}).get("value")

    def screenshot(self, file):
        image = self.call("Page.captureScreenshot", captureBeyondViewport=True)["data"]
        pathlib.Path(file).write_bytes(base64.b64decode(image))


def main(program, folder):
    recorder = Recorder()
    hostile = hostile_html(recorder.address)
    body = json.loads((ROOT / "fixtures/clean/create.json").read_text())
    for email in body["customer_emails"].values():
        email["html"] += hostile
    body["footer_html"] += hostile
    portal = os.path.join(folder, "portal.json")
    pathlib.Path(portal).write_text(json.dumps(body))
    page = os.path.join(folder, "preview.html")
    subprocess.run([program, "preview", "portal.json", "--output", "preview.html"], cwd=folder, check=True)
    pathlib.Path(folder, "control.html").write_text(hostile)

    browser = Browser(folder)
    problems = []
    # Without the frames, the same markup runs script and sends requests: otherwise the test would prove nothing.
    browser.open(os.path.join(folder, "control.html"))
    _, paths = recorder.take()
    if not {"/script", "/image", "/refresh"} <= set(paths):
        problems.append("the control page sent only %s" % paths)
    browser.open(page)
    connections, paths = recorder.take()
    if connections or paths:
        problems.append("the page opened %d connections and requested %s" % (connections, paths))
    frames = browser.evaluate("document.querySelectorAll('iframe').length")
    if frames != 12:
        problems.append("the page has %s frames" % frames)
    if len(sys.argv) > 3:
        browser.screenshot(sys.argv[3])
    browser.evaluate("document.getElementById('images').click()")
    time.sleep(4)
    _, paths = recorder.take()
    expected = {"/image", "/svg-image", "/poster", "/background", "/base", "/input"}
    if not {"/image", "/background"} <= set(paths) or not set(paths) <= expected:
        problems.append("with images, the page requested %s" % paths)
    browser.evaluate("document.getElementById('images').click()")
    time.sleep(2)
    _, paths = recorder.take()
    if paths:
        problems.append("without images again, the page requested %s" % paths)
    browser.process.terminate()
    browser.process.wait()
    print("\n".join(problems) or "the preview runs no script and sends no request; with the switch, it loads images only")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
