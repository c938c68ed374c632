#!/usr/bin/env python3
"""Uses the VS Code extension in code-server. See code-server.sh."""

import json
import pathlib
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request

from chromium import Browser

CONTROL, SHIFT = 2, 8


class Editor:
    """code-server with a folder, in a browser."""

    def __init__(self, folder, command, pictures):
        self.folder = folder
        self.pictures = pictures
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.address = "127.0.0.1:%d" % free.getsockname()[1]
        options = ["--auth", "none", "--bind-addr", self.address, "--disable-telemetry", "--disable-update-check"]
        options += ["--disable-workspace-trust", "--disable-getting-started-override"]
        with open(folder / "server.txt", "w") as log:
            self.server = subprocess.Popen(command + options, stdout=log, stderr=log)
        for _ in range(100):
            try:
                urllib.request.urlopen("http://%s/healthz" % self.address).close()
                break
            except OSError:
                time.sleep(0.2)
        self.browser = None

    def open(self, file):
        """Opens a file of the project in a new browser, because the page asks before it is left."""
        if self.browser:
            self.browser.close()
        self.browser = Browser(str(self.folder))
        remote = "vscode-remote://%s%s" % (self.address, file)
        query = urllib.parse.urlencode({"folder": str(file.parent), "payload": json.dumps([["openFile", remote]])})
        self.browser.call("Page.navigate", url="http://%s/?%s" % (self.address, query))
        self.expect("the file is open", "document.querySelector('.view-lines')?.innerText.length > 10")

    def press(self, key, code, modifiers=0):
        keys = {"key": key, "code": "Key" + key, "windowsVirtualKeyCode": code, "modifiers": modifiers}
        self.browser.call("Input.dispatchKeyEvent", type="rawKeyDown", **keys)
        self.browser.call("Input.dispatchKeyEvent", type="keyUp", **keys)

    def expect(self, what, expression):
        """The expression must become true: the editor and the extension start in the background."""
        for _ in range(300):
            if self.browser.evaluate(expression) is True:
                return
            time.sleep(0.2)
        self.picture("failed")
        raise SystemExit("%s: not %s\n%s" % (what, expression, self.browser.evaluate("document.body.innerText")))

    def picture(self, name):
        if self.pictures:
            pathlib.Path(self.pictures).mkdir(parents=True, exist_ok=True)
            self.browser.screenshot(pathlib.Path(self.pictures) / (name + ".png"))

    def close(self):
        self.browser.close()
        self.server.terminate()
        self.server.wait()


def shows(selector, text):
    return "[...document.querySelectorAll(%s)].some(item => item.innerText.includes(%s))" % (json.dumps(selector), json.dumps(text))


def use(editor, portal):
    editor.open(portal)
    editor.expect("the status item names the program", shows(".statusbar-item", "portal-lint"))
    editor.expect("findings are marked", "document.querySelectorAll('.squiggly-error').length > 0")
    editor.press("M", 77, CONTROL | SHIFT)
    for code in ["RCP012", "RCP024", "RCP016"]:
        editor.expect("the Problems panel lists " + code, shows(".markers-panel", code))
    editor.picture("problems")
    # The fixes of a save go through the same requests as the command "Fix All".
    settings = portal.parent / ".vscode/settings.json"
    settings.parent.mkdir()
    settings.write_text(json.dumps({"editor.codeActionsOnSave": {"source.fixAll.portal-lint": "explicit"}}))
    editor.open(portal)
    editor.expect("findings are marked again", "document.querySelectorAll('.squiggly-error').length > 0")
    editor.browser.evaluate("document.querySelector('.monaco-editor textarea, .monaco-editor .native-edit-context').focus()")
    # Only a changed file is saved.
    editor.browser.call("Input.insertText", text="# Edited\n")
    editor.press("S", 83, CONTROL)
    for _ in range(100):
        if "{{ email_code }}" not in portal.read_text():
            break
        time.sleep(0.2)
    else:
        raise SystemExit("the file was saved without the fix:\n" + portal.read_text())
    editor.picture("fixed")
    settings.write_text(json.dumps({"portal-lint.path": str(portal.parent / "missing")}))
    editor.open(portal)
    editor.expect("a message says that the program cannot be run", shows(".notifications-toasts", "missing"))
    editor.picture("missing-program")


def main():
    work, pictures = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
    editor = Editor(work, sys.argv[sys.argv.index("--") + 1 :], pictures)
    try:
        use(editor, work / "project/portal.yaml")
    finally:
        editor.close()


if __name__ == "__main__":
    main()
