// The server with both SDKs from npm, in each mode of their clients. Usage: mcp_node.mjs PROGRAM FOLDER
import assert from "node:assert/strict";
import { Client as NewClient } from "@modelcontextprotocol/client";
import { StdioClientTransport as NewTransport } from "@modelcontextprotocol/client/stdio";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as OldTransport } from "@modelcontextprotocol/sdk/client/stdio.js";

const [program, folder] = process.argv.slice(2);
const info = { name: "test", version: "1" };

async function run(name, client, transport) {
  await client.connect(transport);
  const { tools } = await client.listTools();
  const names = tools.map((tool) => tool.name);
  assert.deepEqual(names, ["preflight_portal", "check_portal", "fix_portal", "explain_rule"]);
  const result = await client.callTool({ name: "preflight_portal", arguments: { body: { name: "x", recaptcha: {} } } });
  assert.equal(result.structuredContent.verdict, "no-go");
  assert.equal(result.content[0].text, JSON.stringify(result.structuredContent));
  const failed = await client.callTool({ name: "check_portal", arguments: {} });
  assert.equal(failed.isError, true);
  await assert.rejects(client.callTool({ name: "no_such_tool", arguments: {} }), { code: -32602 });
  await client.close();
  console.log(name);
}

const server = { command: program, args: ["mcp"], cwd: folder };
await run("sdk", new OldClient(info), new OldTransport(server));
for (const mode of ["legacy", "auto", { pin: "2026-07-28" }]) {
  const client = new NewClient(info, { versionNegotiation: { mode } });
  await run(`client: ${JSON.stringify(mode)}`, client, new NewTransport(server));
}
