"""Chromium for the tests of pages, and a server that records the requests of a page."""

import base64
import json
import os
import pathlib
import shutil
import socket
import struct
import subprocess
import threading
import time
import urllib.request


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


class Browser:
    """Chromium without a screen, controlled over its debugging protocol (RFC 6455)."""

    def __init__(self, folder):
        program = shutil.which("chromium") or shutil.which("google-chrome")
        if program is None:
            raise SystemExit("neither chromium nor google-chrome is installed")
        command = [program, "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0"]
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
        if len(data) < 126:
            length = bytes([0x80 | len(data)])
        elif len(data) < 1 << 16:
            length = b"\xfe" + struct.pack(">H", len(data))
        else:
            length = b"\xff" + struct.pack(">Q", len(data))
        # The mask of a client's frame may be zero.
        self.socket.sendall(b"\x81" + length + b"\0\0\0\0" + data)
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
        """The value of an expression; of a promise, when it is settled."""
        answer = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        return answer.get("result", {}).get("value")

    def close(self):
        self.process.terminate()
        self.process.wait()

    def screenshot(self, file):
        image = self.call("Page.captureScreenshot", captureBeyondViewport=True)["data"]
        pathlib.Path(file).write_bytes(base64.b64decode(image))
