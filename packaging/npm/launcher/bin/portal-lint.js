#!/usr/bin/env node
// Runs the binary of the package for this platform with the same arguments, input and output, and exits as it does.
"use strict";

const { spawn } = require("node:child_process");
const { optionalDependencies } = require("../package.json");

/** Prints a message and exits like the binary does when it cannot do its job. */
function fail(message) {
  console.error(`portal-lint: ${message}`);
  process.exit(2);
}

/** Returns the path of the binary. */
function findBinary() {
  const platform = `${process.platform}-${process.arch}`;
  const name = `@portal-lint/${platform}`;
  if (!Object.hasOwn(optionalDependencies, name)) {
    const platforms = Object.keys(optionalDependencies).map((name) => name.split("/")[1]);
    fail(`there is no binary for ${platform}, only for ${platforms.join(", ")}; build it from source with cargo`);
  }
  const file = process.platform === "win32" ? "portal-lint.exe" : "portal-lint";
  try {
    return require.resolve(`${name}/bin/${file}`);
  } catch {
    const isMusl = process.platform === "linux" && !process.report.getReport().header.glibcVersionRuntime;
    const system = isMusl ? `${platform} (musl)` : platform;
    fail(`the package ${name} with the binary for ${system} is not installed; install optional dependencies as well`);
  }
}

const binary = findBinary();
const child = spawn(binary, process.argv.slice(2), { stdio: "inherit" });

// Without this, the binary keeps running after this process was ended, for example by an editor.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));

child.on("error", (error) => fail(`cannot run ${binary}: ${error.message}`));
child.on("exit", (code, signal) => {
  if (signal === null) {
    process.exitCode = code;
  } else {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  }
});
