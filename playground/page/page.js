"use strict";

/** Larger texts are checked, but not marked: the page would become slow. */
const MAX_MARKED_LENGTH = 200_000;
/** The list shows the first findings. The others are counted. */
const MAX_LISTED = 500;
const TYPING_PAUSE_MS = 150;

const element = (id) => document.getElementById(id);
const encoder = new TextEncoder();
const decoder = new TextDecoder();
let compiled;
let instance;
/** The bytes of an opened file, until the text is edited; they may be no valid UTF-8. */
let opened = null;
let checked = null;
let timer = 0;

async function loadModule() {
  const packed = Uint8Array.from(atob(element("module").textContent), (character) => character.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return WebAssembly.compile(await new Response(stream).arrayBuffer());
}

/** Calls a function of the module with a text, and returns its response. */
function call(name, text) {
  const { exports } = instance;
  const write = (bytes) => {
    const start = exports.allocate(bytes.length);
    new Uint8Array(exports.memory.buffer).set(bytes, start);
    return [start, bytes.length];
  };
  const request = encoder.encode(JSON.stringify({ name: element("format").value, today: new Date().toISOString().slice(0, 10) }));
  const response = exports[name](...write(request), ...write(text));
  const length = new DataView(exports.memory.buffer).getUint32(response, true);
  const json = decoder.decode(new Uint8Array(exports.memory.buffer, response + 4, length));
  exports.release(response);
  const result = JSON.parse(json);
  if (result.error !== undefined) throw new Error(result.error);
  return result;
}

function currentBytes() {
  return opened ?? encoder.encode(element("text").value);
}

function check() {
  const bytes = currentBytes();
  element("findings").replaceChildren();
  element("marks").replaceChildren();
  element("preflight").textContent = "";
  element("fix-all").hidden = true;
  checked = null;
  if (instance === undefined) return;
  if (bytes.length === 0) {
    element("summary").textContent = "Paste a configuration, or open a file.";
    return;
  }
  try {
    checked = call("check", bytes);
  } catch (error) {
    // An instance that was stopped by an error cannot be used again.
    WebAssembly.instantiate(compiled, {}).then((fresh) => (instance = fresh));
    element("summary").textContent = `portal-lint failed on this text. Please report it as a bug. (${error.message})`;
    return;
  }
  show(bytes);
}

function show(bytes) {
  const { report, preflight } = checked;
  const { errors, warnings, advice, fixable } = report.summary;
  const counts = [[errors, "error", "errors"], [warnings, "warning", "warnings"], [advice, "piece of advice", "pieces of advice"]]
    .filter(([number]) => number > 0)
    .map(([number, one, many]) => `${number} ${number === 1 ? one : many}`);
  element("summary").textContent = counts.join(", ") || "No problems found";
  element("fix-all").hidden = fixable === 0;
  element("preflight").textContent = preflight;
  const offsets = characterOffsets(bytes, report.diagnostics);
  const items = report.diagnostics.slice(0, MAX_LISTED).map((diagnostic, index) => findingItem(diagnostic, index, offsets));
  if (report.diagnostics.length > MAX_LISTED) {
    const more = document.createElement("li");
    more.textContent = `${report.diagnostics.length - MAX_LISTED} more`;
    items.push(more);
  }
  element("findings").replaceChildren(...items);
  if (element("text").value.length <= MAX_MARKED_LENGTH) drawMarks(report.diagnostics, offsets);
}

/** The offsets of the diagnostics in UTF-16 units, which the text area uses, by their offsets in bytes. */
function characterOffsets(bytes, diagnostics) {
  const sorted = diagnostics.flatMap(({ span }) => [span.start.offset, span.end.offset]).sort((a, b) => a - b);
  const offsets = new Map();
  let characters = 0;
  let previous = 0;
  for (const offset of sorted) {
    if (!offsets.has(offset)) {
      characters += decoder.decode(bytes.subarray(previous, offset)).length;
      previous = offset;
      offsets.set(offset, characters);
    }
  }
  return offsets;
}

function findingItem(diagnostic, index, offsets) {
  const item = document.createElement("li");
  const { start, end } = diagnostic.span;
  const place = document.createElement("button");
  place.type = "button";
  place.className = "place";
  place.textContent = `${start.line}:${start.column}`;
  place.addEventListener("click", () => select(offsets.get(start.offset), offsets.get(end.offset)));
  const severity = document.createElement("span");
  severity.className = `severity ${diagnostic.severity}`;
  severity.textContent = `${diagnostic.severity}[${diagnostic.code}]`;
  const help = document.createElement("p");
  appendMessage(help, diagnostic.help);
  item.append(place, " ", severity, " ");
  appendMessage(item, diagnostic.message);
  item.append(help);
  if (checked.fixes[index]) {
    const fix = document.createElement("button");
    fix.type = "button";
    appendMessage(fix, diagnostic.fix.message);
    fix.addEventListener("click", () => applyFix(index));
    item.append(fix);
  }
  return item;
}

/** Appends a message. What it has between backticks becomes code. */
function appendMessage(parent, message) {
  message.split("`").forEach((part, index) => {
    if (index % 2 === 0) {
      parent.append(part);
    } else {
      const code = document.createElement("code");
      code.textContent = part;
      parent.append(code);
    }
  });
}

function select(start, end) {
  const text = element("text");
  text.focus();
  // A browser scrolls to the caret of a collapsed selection.
  text.setSelectionRange(start, start);
  text.setSelectionRange(start, end);
}

function drawMarks(diagnostics, offsets) {
  const text = element("text").value;
  const nodes = [];
  let end = 0;
  const spans = diagnostics.map(({ span, severity }) => ({
    start: offsets.get(span.start.offset), end: offsets.get(span.end.offset), severity,
  }));
  for (const span of spans.sort((a, b) => a.start - b.start)) {
    if (span.start < end || span.end === span.start) continue;
    const mark = document.createElement("mark");
    mark.className = span.severity;
    mark.textContent = text.slice(span.start, span.end);
    nodes.push(text.slice(end, span.start), mark);
    end = span.end;
  }
  // The last line break is not shown without a character after it.
  nodes.push(`${text.slice(end)}\n`);
  element("marks").replaceChildren(...nodes);
  scrollMarks();
}

function scrollMarks() {
  element("marks").scrollTop = element("text").scrollTop;
}

function applyFix(index) {
  let bytes = currentBytes();
  const edits = [...checked.fixes[index]].sort((a, b) => b.start - a.start);
  for (const { start, end, text } of edits) {
    const replacement = encoder.encode(text);
    const fixed = new Uint8Array(bytes.length - (end - start) + replacement.length);
    fixed.set(bytes.subarray(0, start));
    fixed.set(replacement, start);
    fixed.set(bytes.subarray(end), start + replacement.length);
    bytes = fixed;
  }
  setText(decoder.decode(bytes));
}

function applyAllFixes() {
  setText(call("fix", currentBytes()).text);
}

function setText(text) {
  opened = null;
  element("text").value = text;
  check();
}

/** Copies what is shown: the text with the findings, or the preflight. */
async function copy() {
  const lines = checked?.report.diagnostics.map(({ span, severity, code, message }) =>
    `${span.start.line}:${span.start.column}: ${severity}[${code}] ${message}`) ?? [];
  const shown = element("preflight").hidden ? lines.join("\n") : element("preflight").textContent;
  try {
    await navigator.clipboard.writeText(shown);
    element("copy").textContent = "Copied";
  } catch {
    element("copy").textContent = "Copying is not allowed";
  }
  setTimeout(() => (element("copy").textContent = "Copy"), 1500);
}

async function openFile(file) {
  opened = new Uint8Array(await file.arrayBuffer());
  element("text").value = decoder.decode(opened);
  const formats = { json: "portal.json", jsonc: "portal.jsonc" };
  element("format").value = formats[file.name.split(".").pop().toLowerCase()] ?? "portal.yaml";
  check();
}

/** Chooses the format of a pasted text: JSON starts with a brace. */
function guessFormat() {
  const start = element("text").value.trimStart().slice(0, 2);
  if (start.startsWith("{") && element("format").value === "portal.yaml") element("format").value = "portal.json";
  if (start !== "" && !start.startsWith("{") && !start.startsWith("//") && !start.startsWith("/*")) element("format").value = "portal.yaml";
}

function selectTab(selected) {
  for (const name of ["findings", "preflight"]) {
    element(name).hidden = name !== selected;
    element(`${name}-tab`).setAttribute("aria-selected", String(name === selected));
  }
}

element("text").addEventListener("input", () => {
  opened = null;
  element("marks").replaceChildren();
  clearTimeout(timer);
  timer = setTimeout(check, TYPING_PAUSE_MS);
});
element("text").addEventListener("paste", () => setTimeout(guessFormat));
element("text").addEventListener("scroll", scrollMarks);
element("format").addEventListener("change", check);
element("file").addEventListener("change", (event) => openFile(event.target.files[0]));
element("example").addEventListener("click", () => {
  element("format").value = "portal.yaml";
  setText(element("quickstart").value);
});
element("findings-tab").addEventListener("click", () => selectTab("findings"));
element("preflight-tab").addEventListener("click", () => selectTab("preflight"));
element("fix-all").addEventListener("click", applyAllFixes);
element("copy").addEventListener("click", copy);
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => {
  event.preventDefault();
  if (event.dataTransfer.files.length > 0) openFile(event.dataTransfer.files[0]);
});

async function start() {
  try {
    compiled = await loadModule();
    // The synchronous constructor refuses modules of this size.
    instance = await WebAssembly.instantiate(compiled, {});
  } catch (error) {
    element("summary").textContent = `portal-lint could not be loaded: ${error.message}`;
    return;
  }
  check();
}

start();
