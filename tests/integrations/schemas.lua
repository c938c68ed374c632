-- Opens a portal in Neovim with yaml-language-server and our schema, and prints the findings, a hover text and completions.

local function finish(code, message)
  io.stdout:write(message or "", "\n")
  io.stdout:flush()
  vim.cmd("cquit " .. code)
end

local function main()
  local buffer = vim.api.nvim_get_current_buf()
  local id = vim.lsp.start_client({
    name = "yaml",
    cmd = { vim.env.SERVER, "--stdio" },
    root_dir = vim.env.FOLDER,
    settings = {
      yaml = { schemas = { [vim.env.SCHEMA] = "*.portal.yaml" }, schemaStore = { enable = false, url = "" }, hover = true },
    },
  })
  vim.lsp.buf_attach_client(buffer, id)
  if not vim.wait(60000, function() return #vim.diagnostic.get(buffer) > 0 end, 50) then
    finish(1, "no diagnostics")
  end
  -- The server repeats the findings if the settings are sent several times, as this version of Neovim does.
  local seen = {}
  for _, found in ipairs(vim.diagnostic.get(buffer)) do
    local text = found.lnum + 1 .. ": " .. found.message
    if not seen[text] then io.stdout:write("finding ", text, "\n") end
    seen[text] = true
  end

  local client = vim.lsp.get_client_by_id(id)
  local function request(method, line, column)
    local answer = client.request_sync(method, {
      textDocument = vim.lsp.util.make_text_document_params(buffer),
      position = { line = line - 1, character = column },
    }, 60000, buffer)
    return answer and answer.result or {}
  end
  io.stdout:write("hover: ", vim.inspect(request("textDocument/hover", 1, 2)), "\n")
  -- The line after `customer_permissions:`.
  local last = vim.api.nvim_buf_line_count(buffer)
  for _, item in ipairs(request("textDocument/completion", last, 2).items or {}) do
    io.stdout:write("completion: ", item.label, "\n")
  end
  finish(0)
end

local is_done, problem = pcall(main)
if not is_done then finish(1, problem) end
