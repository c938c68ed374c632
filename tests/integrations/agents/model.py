"""A scripted model on the loopback interface, which speaks the APIs of Anthropic, Gemini, and OpenAI. In each turn it calls the next tool of its
script, and ends with a text. Prints its port. Usage: model.py SCRIPT"""

import http.server
import json
import pathlib
import sys
import threading

calls = json.loads(pathlib.Path(sys.argv[1]).read_text())
lock = threading.Lock()


def next_call():
    with lock:
        return calls.pop(0) if calls else None


class Model(http.server.BaseHTTPRequestHandler):
    def log_message(self, *arguments):
        pass

    def reply(self, kind, text):
        data = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        self.reply("application/json", '{"data": [], "models": []}')

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or "{}")
        if "generateContent" in self.path or "GenerateContent" in self.path:
            self.gemini(request)
        elif self.path.split("?")[0].endswith("/messages"):
            self.anthropic(request)
        else:
            self.openai(request)

    def gemini(self, request):
        declared = json.dumps(request.get("tools", []))
        # Other requests, such as the choice of a model, declare no tools of the server.
        call = next_call() if "CreateCustomerPortal" in declared else None
        if "CreateCustomerPortal" in declared and call:
            part = {"functionCall": {"name": "mcp_revcent_" + call[0], "args": call[1]}}
        else:
            part = {"text": '{"model_choice": "flash", "reasoning": "-", "complexity_score": 1, "complexity_reasoning": "-"}'}
        response = {
            "candidates": [{"content": {"role": "model", "parts": [part]}, "finishReason": "STOP", "index": 0}],
            "usageMetadata": {"promptTokenCount": 1, "candidatesTokenCount": 1, "totalTokenCount": 2},
        }
        if "stream" in self.path:
            self.reply("text/event-stream", f"data: {json.dumps(response)}\r\n\r\n")
        elif "countTokens" in self.path:
            self.reply("application/json", '{"totalTokens": 1}')
        else:
            self.reply("application/json", json.dumps(response))

    def anthropic(self, request):
        names = [tool["name"] for tool in request.get("tools", [])]
        is_agent = any(name.endswith("CreateCustomerPortal") for name in names)
        # Other requests, such as that for a title, declare no tools of the server.
        call = next_call() if is_agent else None
        if call:
            name = next(name for name in names if name.endswith(call[0]))
            block = {"type": "tool_use", "id": f"toolu_{len(calls)}", "name": name, "input": {}}
            delta = {"type": "input_json_delta", "partial_json": json.dumps(call[1])}
        else:
            block, delta = {"type": "text", "text": ""}, {"type": "text_delta", "text": "done"}
        usage = {"input_tokens": 1, "output_tokens": 1}
        message = {"id": "m", "type": "message", "role": "assistant", "model": request["model"], "content": []}
        stop = {"stop_reason": "tool_use" if call else "end_turn", "stop_sequence": None}
        events = [
            {"type": "message_start", "message": {**message, "stop_reason": None, "stop_sequence": None, "usage": usage}},
            {"type": "content_block_start", "index": 0, "content_block": block},
            {"type": "content_block_delta", "index": 0, "delta": delta},
            {"type": "content_block_stop", "index": 0},
            {"type": "message_delta", "delta": stop, "usage": usage},
            {"type": "message_stop"},
        ]
        if request.get("stream"):
            self.events(events)
        else:
            block = {**block, "input": call[1]} if call else {"type": "text", "text": "done"}
            self.reply("application/json", json.dumps({**message, **stop, "content": [block], "usage": usage}))

    def events(self, events):
        self.reply("text/event-stream", "".join(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in events))

    def openai(self, request):
        call = next_call()
        if call:
            item = {
                "type": "function_call",
                "id": f"fc_{len(calls)}",
                "call_id": f"call_{len(calls)}",
                "namespace": "mcp__revcent",
                "name": call[0],
                "arguments": json.dumps(call[1]),
            }
        else:
            item = {"type": "message", "id": "m", "role": "assistant", "content": [{"type": "output_text", "text": "done"}]}
        usage = {"input_tokens": 1, "input_tokens_details": None, "output_tokens": 1, "output_tokens_details": None, "total_tokens": 2}
        events = [
            {"type": "response.created", "response": {"id": "r"}},
            {"type": "response.output_item.done", "item": item},
            {"type": "response.completed", "response": {"id": "r", "usage": usage}},
        ]
        self.events(events)


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Model)
print(server.server_address[1], flush=True)
server.serve_forever()
