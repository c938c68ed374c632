"""The server with the Python SDK (PyPI `mcp`), in each mode of its client. Usage: mcp_python.py PROGRAM FOLDER"""

import asyncio
import pathlib
import sys

import bodies
from mcp import Client, StdioServerParameters

program, folder = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
bodies.write_project(folder)


async def run(mode):
    server = StdioServerParameters(command=program, args=["mcp"], cwd=str(folder))
    async with Client(server, mode=mode) as client:
        tools = (await client.list_tools()).tools
        assert [tool.name for tool in tools] == ["preflight_portal", "check_portal", "fix_portal", "explain_rule"]
        for expected, (_, body) in [("go", bodies.good()[0]), ("no-go", bodies.defective()[0])]:
            result = await client.call_tool("preflight_portal", {"body": body})
            assert not result.is_error and result.structured_content["verdict"] == expected, result
        result = await client.call_tool("preflight_portal", {"path": "../missing.json"})
        assert result.is_error, result
    print(f"Python SDK: {mode}")


for mode in ["legacy", "auto", "2026-07-28"]:
    asyncio.run(run(mode))
