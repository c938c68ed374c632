#!/usr/bin/env python3
"""Uses the playground in Chromium. See playground.sh."""

import json
import os
import pathlib
import sys
import time

from chromium import Browser, Recorder

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SECRET = "canary-captcha-secret-000000000000000000"


class Page:
    """The playground, and the checks that failed."""

    def __init__(self, browser):
        self.browser = browser
        self.problems = []

    def expect(self, what, expression):
        """The expression must become true within some seconds, because a check runs a moment after the last key."""
        for _ in range(100):
            if self.browser.evaluate(expression) is True:
                return
            time.sleep(0.1)
        shown = self.browser.evaluate("document.querySelector('main section:last-child').innerText")
        self.problems.append("%s: not %s\n%s" % (what, expression, str(shown)[:1000]))

    def paste(self, text):
        """Replaces the text as a paste does."""
        self.browser.evaluate(
            "element('text').focus(); element('text').select(); document.execCommand('insertText', false, %s);"
            "element('text').dispatchEvent(new Event('paste'))" % json.dumps(text)
        )

    def open_file(self, name, content):
        """Opens a file whose content is an expression for its parts."""
        self.browser.evaluate("openFile(new File([%s], %s))" % (content, json.dumps(name)))


SHOWN = "document.querySelector('main section:last-child').innerText"


def use(page, recorder):
    quickstart = (ROOT / "fixtures/quickstart/portal.yaml").read_text()
    page.expect("ready", "element('summary').textContent.startsWith('Paste')")
    if page.problems:
        return
    page.paste(quickstart)
    page.expect("a pasted text has findings", "element('findings').innerText.includes('RCP012')")
    page.expect("findings are marked in the text", "element('marks').querySelector('mark.error').textContent === '{{ email_code }}'")
    page.browser.evaluate("element('findings').querySelector('.place').click()")
    page.expect("a place selects its text", "getSelection().toString() === '{{ email_code }}'")
    page.browser.evaluate("[...element('findings').querySelectorAll('button')].find(b => b.innerText.startsWith('replace')).click()")
    page.expect("a fix changes the text", "element('text').value.includes('{{email_code}}') && !element('text').value.includes('{{ email_code }}')")
    page.expect("a fix removes the finding", "!element('findings').innerText.includes('RCP012')")
    page.paste(quickstart)
    page.expect("all fixes can be applied", "!element('fix-all').hidden")
    page.browser.evaluate("element('fix-all').click()")
    page.expect("all fixes are applied", "element('fix-all').hidden && element('text').value.includes('{{email_code}}')")
    page.browser.evaluate("element('preflight-tab').click()")
    page.expect("the preflight has a verdict", "/no-go/i.test(element('preflight').innerText) && element('findings').hidden")
    page.browser.evaluate("element('findings-tab').click()")

    body = json.loads((ROOT / "fixtures/clean/create.json").read_text())
    body["recaptcha"]["secret_key"] = SECRET
    body["name"] = "Acme " + SECRET
    page.paste(json.dumps(body))
    page.expect("pasted JSON is checked as JSON", "element('format').value === 'portal.json' && element('findings').childElementCount > 0")
    page.expect("a secret is not shown", "!%s.includes('%s') && !element('preflight').textContent.includes('%s')" % (SHOWN, SECRET, SECRET))

    page.open_file("portal.yaml", "new Uint8Array([110, 97, 109, 101, 58, 32, 255, 254, 0, 200])")
    page.expect("invalid UTF-8 is reported", "element('findings').innerText.includes('RCP902')")
    page.open_file("portal.yaml", "crypto.getRandomValues(new Uint8Array(60000))")
    page.expect("binary data is reported", "element('findings').innerText.includes('RCP90')")
    page.open_file("portal.json", "'['.repeat(1000000)")
    page.expect("deep nesting is reported", "element('findings').innerText.includes('RCP90')")
    large = "JSON.stringify({...%s, footer_html: '<p>a</p>'.repeat(650000)})" % json.dumps(body)
    page.open_file("portal.json", large)
    page.expect("5 MB are checked", "element('text').value.length > 5000000 && element('findings').childElementCount > 0")
    page.paste(quickstart)
    page.expect("the page still works", "element('findings').innerText.includes('RCP016')")

    page.expect("nothing was loaded", "performance.getEntriesByType('resource').length === 0")
    page.browser.evaluate("fetch('http://%s/fetch').catch(() => null)" % recorder.address)
    page.browser.evaluate("new Promise(done => { const image = new Image(); image.onerror = image.onload = done; image.src = 'http://%s/image'; })" % recorder.address)
    connections, paths = recorder.take()
    if connections:
        page.problems.append("the page opened %d connections: %s" % (connections, paths))


def take_pictures(browser, folder):
    browser.evaluate("element('example').click()")
    time.sleep(1)
    for scheme in ["light", "dark"]:
        browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        for name, width, height in [("wide", 1280, 800), ("narrow", 420, 900)]:
            browser.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
            time.sleep(0.5)
            browser.screenshot(os.path.join(folder, "%s-%s.png" % (scheme, name)))


def main(folder, pictures=None):
    recorder = Recorder()
    browser = Browser(folder)
    # A page without the policy reaches the server: otherwise the test would prove nothing.
    control = os.path.join(folder, "control.html")
    pathlib.Path(control).write_text("<script>fetch('http://%s/control', {mode: 'no-cors'})</script>" % recorder.address)
    browser.open(control)
    page = Page(browser)
    if recorder.take() != (1, ["/control"]):
        page.problems.append("the control page sent no request")
    browser.open(os.path.join(folder, "index.html"))
    use(page, recorder)
    if pictures:
        take_pictures(browser, pictures)
    browser.close()
    print("\n".join(page.problems) or "the playground finds, fixes, and masks; it opens no connection")
    return 1 if page.problems else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
