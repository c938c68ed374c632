// Tests the packaged extension: EXTENSION is the folder `extension` of the unpacked .vsix file.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { chmodSync, copyFileSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { loadExtension } from "./vscode-stub.mjs";

const folder = process.env.EXTENSION;
const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
const program = join(folder, "server/portal-lint");
const working = { "portal-lint.enable": true, "portal-lint.path": "" };

/** A client that speaks the protocol over the pipes of the server, with its answers and notifications. */
class Client {
  #next = 0;
  #waiting = new Map();
  #bytes = Buffer.alloc(0);
  diagnostics = [];

  constructor() {
    this.process = spawn(program, ["lsp"]);
    this.process.stdout.on("data", (bytes) => this.#read(bytes));
    this.exitCode = new Promise((resolve) => this.process.on("exit", resolve));
  }

  #read(bytes) {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    for (;;) {
      const end = this.#bytes.indexOf("\r\n\r\n");
      const length = Number(/Content-Length: (\d+)/.exec(this.#bytes.subarray(0, end))?.[1]);
      if (end < 0 || this.#bytes.length < end + 4 + length) return;
      const message = JSON.parse(this.#bytes.subarray(end + 4, end + 4 + length));
      this.#bytes = this.#bytes.subarray(end + 4 + length);
      if (message.method === "textDocument/publishDiagnostics") this.diagnostics.push(message.params);
      else if (message.method !== undefined && message.id !== undefined) this.#send({ id: message.id, result: null });
      else this.#waiting.get(message.id)?.(message.result);
    }
  }

  #send(message) {
    const text = JSON.stringify({ jsonrpc: "2.0", ...message });
    this.process.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  }

  notify(method, params) {
    this.#send({ method, params });
  }

  request(method, params) {
    const id = ++this.#next;
    this.#send({ id, method, params });
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }
}

async function until(isSo, what) {
  for (let tries = 0; tries < 600; tries++) {
    if (isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail(`waited for ${what}`);
}

test("the package contains the bundle, the program and the licenses, and no sources", () => {
  assert.deepEqual(readdirSync(folder).sort(), ["LICENSE-APACHE", "LICENSE-MIT", "dist", "package.json", "readme.md", "server"]);
  assert.deepEqual(readdirSync(join(folder, "dist")), ["extension.js"]);
  assert.deepEqual(readdirSync(join(folder, "server")), ["portal-lint"]);
});

test("the path of the program cannot be set by an untrusted workspace", () => {
  assert.deepEqual(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations, ["portal-lint.path"]);
});

test("the packaged server reports a mistake and fixes it", { timeout: 60_000 }, async () => {
  const client = new Client();
  const uri = "file:///tmp/main.portal.yaml";
  const { capabilities, serverInfo } = await client.request("initialize", { processId: null, rootUri: null, capabilities: {} });
  assert.equal(serverInfo.name, "portal-lint");
  assert.equal(serverInfo.version, manifest.version);
  assert.ok(capabilities.codeActionProvider && capabilities.hoverProvider);
  client.notify("initialized", {});
  const text = readFileSync(process.env.PORTAL, "utf8");
  client.notify("textDocument/didOpen", { textDocument: { uri, languageId: "yaml", version: 1, text } });
  await until(() => client.diagnostics.length > 0, "diagnostics");
  const diagnostic = client.diagnostics[0].diagnostics.find(({ code }) => code === "RCP012");
  assert.deepEqual(diagnostic.range.start, { line: 15, character: 35 });
  const context = { diagnostics: [diagnostic] };
  const actions = await client.request("textDocument/codeAction", { textDocument: { uri }, range: diagnostic.range, context });
  assert.ok(actions.some(({ kind }) => kind === "quickfix"), JSON.stringify(actions.map(({ title }) => title)));
  await client.request("shutdown");
  client.notify("exit");
  assert.equal(await client.exitCode, 0);
});

test("the extension starts the packaged program, and stops it", { timeout: 60_000 }, async () => {
  const { extension, context, commands, seen } = loadExtension(folder, { ...working });
  await extension.activate(context);
  assert.deepEqual(seen.errors, []);
  assert.match(seen.status.text, /check.*portal-lint/);
  assert.equal(seen.status.tooltip, `portal-lint ${manifest.version}\n${program}`);
  // The client also registers the commands of the server.
  const ofServer = ["portal-lint.allow", "portal-lint.fixAll"];
  assert.deepEqual(Object.keys(commands).sort(), [...manifest.contributes.commands.map(({ command }) => command), ...ofServer].sort());
  await commands["portal-lint.restart"]();
  assert.match(seen.status.text, /check.*portal-lint/);
  await extension.deactivate();
  assert.deepEqual(seen.errors, []);
});

test("the setting `enable` stops and starts the server", { timeout: 60_000 }, async () => {
  const { extension, context, seen, changeSettings } = loadExtension(folder, { ...working, "portal-lint.enable": false });
  await extension.activate(context);
  assert.equal(seen.status.isVisible, false);
  changeSettings({ "portal-lint.enable": true });
  await until(() => /check/.test(seen.status.text ?? ""), "the server");
  changeSettings({ "portal-lint.enable": false });
  await until(() => !seen.status.isVisible, "the status item to disappear");
  await extension.deactivate();
  assert.deepEqual(seen.errors, []);
});

const scripts = mkdtempSync(join(tmpdir(), "portal-lint-"));
function script(name, text, mode = 0o755) {
  const path = join(scripts, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}
const broken = [
  ["a missing program", join(scripts, "missing"), /cannot be run: .*ENOENT/],
  ["a program without permission to run", script("no-permission", "", 0o644), /cannot be run: .*EACCES/],
  ["a file that is not a program", script("text", "\0\0\0"), /cannot be run|is not portal-lint/],
  ["a server that ends at once", script("ends", '#!/bin/sh\n[ "$1" != --version ] || echo portal-lint 0.1.0\n'), /does not check your portals/],
  ["another program", script("other", "#!/bin/sh\necho other 1.0\n"), /is not portal-lint: `--version` printed "other 1.0\\n"/],
];
for (const [name, path, message] of broken) {
  test(`${name} is reported, and another path works`, { timeout: 60_000 }, async () => {
    const { extension, context, seen, changeSettings } = loadExtension(folder, { ...working, "portal-lint.path": path });
    await extension.activate(context);
    assert.ok(seen.errors.some((error) => message.test(error)), seen.errors.join("\n"));
    assert.match(seen.status.text, /error/);
    const copy = join(scripts, "portal-lint");
    copyFileSync(program, copy);
    changeSettings({ "portal-lint.path": copy });
    await until(() => /check/.test(seen.status.text), "the server");
    assert.ok(seen.status.tooltip.endsWith(copy));
    await extension.deactivate();
  });
}
