#!/usr/bin/env python3
"""Opens the page of `portal-lint preview` with hostile texts in Chromium. See preview.sh."""

import json
import os
import pathlib
import subprocess
import sys
import time

from chromium import Browser, Recorder

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


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
    # In the dark frames, the text is light, and the frame shows through the page in it.
    dark = browser.evaluate("getComputedStyle(document.querySelector('.dark iframe')).backgroundColor")
    if dark != "rgb(18, 18, 18)":
        problems.append("the background of a dark frame is %s" % dark)
    if len(sys.argv) > 3:
        browser.screenshot(sys.argv[3])
    browser.evaluate("document.getElementById('images').click()")
    time.sleep(4)
    _, paths = recorder.take()
    expected = {"/image", "/x", "/svg-image", "/poster", "/background", "/base", "/input"}
    if not {"/image", "/background"} <= set(paths) or not set(paths) <= expected:
        problems.append("with images, the page requested %s" % paths)
    browser.evaluate("document.getElementById('images').click()")
    time.sleep(2)
    _, paths = recorder.take()
    if paths:
        problems.append("without images again, the page requested %s" % paths)
    browser.close()
    print("\n".join(problems) or "the preview runs no script and sends no request; with the switch, it loads images only")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
