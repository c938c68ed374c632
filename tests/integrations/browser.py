#!/usr/bin/env python3
"""Writes the page that browser.sh opens, and compares its result with the cases. See browser.sh."""

import html
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

# Examples with these parts differ for a reason: Outlook alone follows `mso-hide`, a mail client runs no script, and a browser shows
# `{{email_code}}` where the template engine sees entities or a third pair of braces.
DIFFERENT = ["mso-hide", "<script>", "&#123;", "{{{"]

# No browser of today runs script in these places, but others did or may.
NOT_RUN = ["vbscript:", "url(javascript:", "srcset="]

# Runs in the browser. Each text is the content of a frame, once as a page and once as the innerHTML of an element.
SCRIPT = r"""
const wait = milliseconds => new Promise(done => setTimeout(done, milliseconds));
// The color behind an element: that of the nearest ancestor that has one.
function background(element) {
  for (; element; element = element.parentElement) {
    const color = getComputedStyle(element).backgroundColor;
    if (!/^rgba.*, 0\)$/.test(color)) return color;
  }
  return "";
}
function isSeen(document) {
  const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    const offset = node.data.indexOf("{{email_code}}");
    const parent = node.parentElement;
    if (offset < 0 || !parent.checkVisibility({opacityProperty: true, visibilityProperty: true})) continue;
    const range = document.createRange();
    range.setStart(node, offset);
    range.setEnd(node, offset + "{{email_code}}".length);
    const box = range.getBoundingClientRect();
    const style = getComputedStyle(parent);
    const isOnScreen = box.width > 0 && box.height > 0 && box.right > 0 && box.bottom > 0;
    const isPainted = !/^rgba.*, 0\)$/.test(style.color) && style.color !== background(parent);
    let isClipped = false;
    for (let outer = parent; outer; outer = outer.parentElement) {
      const clip = outer.getBoundingClientRect();
      isClipped ||= /hidden|clip/.test(getComputedStyle(outer).overflow) && (clip.width === 0 || clip.height === 0);
    }
    if (isOnScreen && isPainted && !isClipped) return true;
  }
  return false;
}
function loadsStyle(document) {
  return [...document.styleSheets].some(sheet => {
    try { return [...sheet.cssRules].some(rule => rule.type === CSSRule.IMPORT_RULE); } catch { return true; }
  });
}
async function open(text, asPage) {
  const frame = document.createElement("iframe");
  frame.style.cssText = "width: 800px; height: 600px";
  window.hasRun = false;
  const script = text.replaceAll("go()", "top.hasRun=true");
  frame.srcdoc = asPage ? script : "<!doctype html><div id=content></div>";
  const loaded = new Promise(done => { frame.onload = done; });
  document.body.append(frame);
  // Some texts keep a frame from ever being loaded.
  await Promise.race([loaded, wait(500)]);
  const inner = frame.contentDocument;
  if (!asPage) inner.getElementById("content").innerHTML = script;
  await wait(20);
  const result = {seen: isSeen(inner), loads: loadsStyle(inner)};
  for (const element of inner.querySelectorAll("a, button, summary")) element.click();
  await wait(20);
  result.runs = window.hasRun;
  frame.remove();
  return result;
}
(async () => {
  const results = [];
  for (const text of TEXTS) {
    const pair = [];
    for (const asPage of [true, false]) {
      try {
        pair.push(await open(text, asPage));
      } catch (error) {
        // The text has led the frame to another page.
        pair.push({seen: false, loads: false, runs: window.hasRun, error: String(error)});
        document.querySelectorAll("iframe").forEach(frame => frame.remove());
      }
    }
    results.push(pair);
  }
  const output = document.createElement("pre");
  output.id = "results";
  output.textContent = JSON.stringify(results);
  document.body.replaceChildren(output);
})();
"""


def page_examples(rule, fields):
    """Return the texts of these fields in the examples of a page, each with whether the rule reports it."""
    text = (ROOT / f"rules/{rule}.md").read_text()
    examples = []
    for header, body in re.findall(r"^```json(.*?)\n(.*?)^```", text, re.M | re.S):
        try:
            portal = json.loads(body)
        except ValueError:
            continue
        for values in [portal, *portal.get("customer_emails", {}).values()]:
            for field in fields:
                if isinstance(values.get(field), str) and "fix" not in header:
                    examples.append((values[field], "fires=" in header))
    return examples


def hazard_behavior(text, is_reported):
    """Return what a browser does with an example of the page about unsafe HTML."""
    if not is_reported:
        return "harmless"
    if "go()" in text and not any(part in text for part in NOT_RUN):
        return "runs"
    if "stylesheet" in text or "@import" in text:
        return "loads"
    # Forms, frames, and script on other servers: the page cannot observe these, so they are only opened.
    return "any"


def load_cases():
    """Return name, HTML and expected behavior of everything that the browser opens."""
    cases = []
    for case in json.loads((ROOT / "tests/html/cases.json").read_text()):
        if case["browser"]:
            cases.append((case["name"], case["html"], case["browser"]))
    for name in ("visible", "runs"):
        for number, case in enumerate(json.loads((ROOT / f"tests/html/{name}.json").read_text()), 1):
            cases.append((f"{name}.json {number}", case["html"], case["browser"]))
    for rule in ("RCP012", "RCP013"):
        for number, (text, is_reported) in enumerate(page_examples(rule, ["html"]), 1):
            if not any(part in text for part in DIFFERENT):
                cases.append((f"{rule} example {number}", text, "hidden" if is_reported else "seen"))
    for number, (text, is_reported) in enumerate(page_examples("RCP023", ["footer_html", "html"]), 1):
        cases.append((f"RCP023 example {number}", text, hazard_behavior(text, is_reported)))
    return cases


def write(path):
    texts = [text for _, text, _ in load_cases()]
    data = json.dumps(texts).replace("<", "\\u003c")
    page = f"<!doctype html><body><script>const TEXTS = {data};{SCRIPT}</script>"
    pathlib.Path(path).write_text(page)


def agrees(expected, as_page, as_content):
    """Return whether the browser does what a case records. A footer is content, but can become part of a page."""
    if expected == "any":
        return True
    if expected == "harmless":
        return not any(result[what] for result in (as_page, as_content) for what in ("runs", "loads"))
    if expected == "runs":
        return as_page["runs"] or as_content["runs"]
    if expected == "loads":
        return as_page["loads"] or as_content["loads"]
    return as_page["seen"] == (expected == "seen")


def compare(path):
    dom = pathlib.Path(path).read_text()
    found = re.search(r'<pre id="results">(.*?)</pre>', dom, re.S)
    if not found:
        sys.exit("the browser gave no result")
    results = json.loads(html.unescape(found.group(1)))
    cases = load_cases()
    wrong = 0
    for (name, _, expected), (as_page, as_content) in zip(cases, results, strict=True):
        is_right = agrees(expected, as_page, as_content)
        wrong += not is_right
        print(f"{name}: {expected}" if is_right else f"WRONG {name}: expected {expected}, page {as_page}, content {as_content}")
    print(f"{len(cases)} texts, {wrong} differ")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    {"write": write, "compare": compare}[sys.argv[1]](sys.argv[2])
