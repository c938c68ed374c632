// Stands in for the parts of VS Code's interface that the extension uses. Everything else that vscode-languageclient touches while it
// starts does nothing. This cannot show how VS Code displays something.

import Module, { createRequire } from "node:module";

/** A class, function and object at once, whose members and results are inert as well. */
function inert() {
  return new Proxy(class {}, {
    // An object with `then` would count as a promise.
    get: (target, name) =>
      name in target || typeof name === "symbol" || name === "then" ? target[name] : (target[name] = inert()),
    apply: () => inert(),
  });
}

/** Members, and inert ones for all others. */
function withInert(members) {
  return new Proxy(members, {
    get: (target, name) => {
      if (!(name in target) && typeof name === "string" && name !== "then") target[name] = inert();
      return target[name];
    },
  });
}

/** Loads the extension with an interface that records what a user would see. */
export function loadExtension(folder, settings) {
  const status = { isVisible: false, dispose() {}, show() { this.isVisible = true; }, hide() { this.isVisible = false; } };
  const seen = { errors: [], output: [], status };
  const commands = {};
  const listeners = [];
  const log = (line) => seen.output.push(String(line));
  const channel = withInert({ info: log, error: log, warn: log, append: log, appendLine: log, logLevel: 3 });
  const getConfiguration = (section) => ({
    get: (name, fallback) => settings[`${section}.${name}`] ?? fallback,
    has: () => false,
    inspect: () => undefined,
  });
  class Disposable {
    constructor(dispose) { this.dispose = dispose ?? (() => {}); }
    static from = (...items) => new Disposable(() => items.forEach((item) => item.dispose?.()));
  }
  class EventEmitter {
    #listeners = [];
    event = (listener) => (this.#listeners.push(listener), { dispose() {} });
    fire(value) { for (const listener of this.#listeners) listener(value); }
    dispose() {}
  }
  class CancellationTokenSource {
    token = { isCancellationRequested: false, onCancellationRequested: () => ({ dispose() {} }) };
    cancel() { this.token.isCancellationRequested = true; }
    dispose() {}
  }
  class Uri {
    static file = (path) => ({ scheme: "file", path, fsPath: path, toString: () => `file://${path}` });
    static parse = (text) => ({ scheme: text.split(":")[0], toString: () => text });
  }
  const vscode = withInert({
    CancellationTokenSource,
    Disposable,
    EventEmitter,
    Uri,
    version: "1.91.0",
    LogLevel: { Off: 0, Trace: 1, Debug: 2, Info: 3, Warning: 4, Error: 5 },
    StatusBarAlignment: { Right: 2 },
    ThemeColor: class { constructor(id) { this.id = id; } },
    env: { language: "en", appName: "stub" },
    commands: withInert({ registerCommand: (name, run) => ((commands[name] = run), { dispose() {} }), executeCommand: async () => {} }),
    window: withInert({
      createOutputChannel: () => channel,
      createStatusBarItem: () => status,
      showErrorMessage: async (message) => void seen.errors.push(message),
      visibleTextEditors: [],
      tabGroups: withInert({ all: [] }),
    }),
    workspace: withInert({
      getConfiguration,
      isTrusted: true,
      textDocuments: [],
      notebookDocuments: [],
      workspaceFolders: undefined,
      onDidChangeConfiguration: (listener) => (listeners.push(listener), { dispose() {} }),
    }),
  });
  const load = Module._load;
  Module._load = function (request, ...rest) {
    return request === "vscode" ? vscode : load.call(this, request, ...rest);
  };
  const require = createRequire(import.meta.url);
  const path = require.resolve(`${folder}/dist/extension.js`);
  delete require.cache[path];
  const extension = require(path);
  const context = { extensionPath: folder, subscriptions: [] };
  const changeSettings = (changes) => {
    Object.assign(settings, changes);
    for (const listener of listeners) listener({ affectsConfiguration: (name) => Object.keys(changes).some((key) => key.startsWith(name)) });
  };
  return { extension, context, commands, seen, changeSettings };
}
