// Finds the program that is the language server, and checks that it can be run. Does not use VS Code, so that it can be tested alone.

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** Returns the program to run: the one of the setting, the one in the extension's folder, or the one in the PATH. */
export function findProgram(setting: string, extensionFolder: string, platform: string = process.platform): string {
  if (setting !== "") return setting;
  const bundled = join(extensionFolder, "server", platform === "win32" ? "portal-lint.exe" : "portal-lint");
  return existsSync(bundled) ? bundled : "portal-lint";
}

/** Returns the version of the program. Fails with a message for the user if it is not portal-lint or cannot be run. */
export function readVersion(program: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, ["--version"], { timeout: 10_000 }, (error, stdout) => {
      const version = /^portal-lint (\S+)\s*$/.exec(stdout)?.[1];
      if (version !== undefined) {
        resolve(version);
      } else if (error === null) {
        reject(new Error(`${program} is not portal-lint: \`--version\` printed ${JSON.stringify(stdout.slice(0, 80))}.`));
      } else {
        reject(new Error(`${program} cannot be run: ${error.message.trim()}.`));
      }
    });
  });
}
