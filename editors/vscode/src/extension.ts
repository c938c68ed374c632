import * as vscode from "vscode";
import { LanguageClient, State } from "vscode-languageclient/node";

import { findProgram, readVersion } from "./program";

const DOCUMENTS = ["json", "jsonc", "yaml", "toml"].map((language) => ({ scheme: "file", language }));

let client: LanguageClient | undefined;
let status: vscode.StatusBarItem;
let output: vscode.LogOutputChannel;
/** Starts and stops run one after the other, even if settings change while the server starts. */
let pending: Promise<void> = Promise.resolve();

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  output = vscode.window.createOutputChannel("portal-lint", { log: true });
  status = vscode.window.createStatusBarItem("portal-lint.status", vscode.StatusBarAlignment.Right);
  status.name = "portal-lint";
  status.command = "portal-lint.showOutput";
  const folder = context.extensionPath;
  context.subscriptions.push(
    output,
    status,
    vscode.commands.registerCommand("portal-lint.restart", () => restart(folder)),
    vscode.commands.registerCommand("portal-lint.showOutput", () => output.show()),
    vscode.workspace.onDidChangeConfiguration((change) => {
      const names = ["portal-lint.enable", "portal-lint.path"];
      if (names.some((name) => change.affectsConfiguration(name))) void restart(folder);
    }),
    // In a trusted workspace, its path of the program counts.
    vscode.workspace.onDidGrantWorkspaceTrust(() => restart(folder)),
  );
  await restart(folder);
}

export async function deactivate(): Promise<void> {
  await pending;
  await stop();
}

function restart(extensionFolder: string): Promise<void> {
  pending = pending.then(stop).then(() => start(extensionFolder)).catch(showFailure);
  return pending;
}

async function stop(): Promise<void> {
  const stopped = client;
  client = undefined;
  // A client whose server ended, or never ran, cannot be stopped.
  if (stopped?.needsStop()) await stopped.dispose();
}

async function start(extensionFolder: string): Promise<void> {
  const settings = vscode.workspace.getConfiguration("portal-lint");
  if (!settings.get<boolean>("enable", true)) {
    status.hide();
    return;
  }
  showStatus("$(sync~spin) portal-lint", "portal-lint starts");
  const program = findProgram(settings.get<string>("path", ""), extensionFolder);
  const version = await readVersion(program);
  output.info(`Starting ${program} lsp (version ${version})`);
  const server = { command: program, args: ["lsp"] };
  const started = new LanguageClient("portal-lint", "portal-lint", server, {
    documentSelector: DOCUMENTS,
    outputChannel: output,
  });
  client = started;
  await started.start();
  const showRunning = () => showStatus("$(check) portal-lint", `portal-lint ${version}\n${program}`);
  showRunning();
  // If the server ends, the client starts it again a few times.
  started.onDidChangeState(({ newState }) => {
    // A server that was replaced or stopped on purpose is not shown.
    if (client !== started) return;
    if (newState === State.Running) showRunning();
    if (newState === State.Stopped) showErrorStatus("The server ended. “portal-lint: Restart the server” starts it again.");
  });
}

function showStatus(text: string, tooltip: string): void {
  status.text = text;
  status.tooltip = tooltip;
  status.backgroundColor = undefined;
  status.show();
}

function showErrorStatus(message: string): void {
  showStatus("$(error) portal-lint", message);
  status.backgroundColor = new vscode.ThemeColor("statusBarItem.errorBackground");
  output.error(message);
}

function showFailure(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  showErrorStatus(message);
  const settings = "Open the settings";
  void vscode.window.showErrorMessage(`portal-lint does not check your portals. ${message}`, settings).then((choice) => {
    if (choice === settings) void vscode.commands.executeCommand("workbench.action.openSettings", "portal-lint.path");
  });
}
