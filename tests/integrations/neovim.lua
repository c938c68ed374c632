-- What neovim.sh has Neovim do. Each step says what is there then; a step that waits in vain ends it.

local function say(...)
  local text = table.concat({ ... }, " "):gsub("%s+$", "")
  io.stdout:write(text, "\n")
end

local function finish(code)
  io.stdout:flush()
  vim.cmd("cquit " .. code)
end

local function wait(what, is_so)
  if not vim.wait(20000, is_so, 20) then
    say("waited in vain for " .. what)
    finish(1)
  end
end

local function line(buffer, number)
  return vim.api.nvim_buf_get_lines(buffer, number, number + 1, false)[1]
end

-- The findings of a buffer: the line from 1, and the text that Neovim underlines.
local function findings(buffer)
  local found = vim.diagnostic.get(buffer)
  table.sort(found, function(a, b)
    return a.lnum * 1000 + a.col < b.lnum * 1000 + b.col
  end)
  for _, one in ipairs(found) do
    local underlined = line(buffer, one.lnum):sub(one.col + 1, one.end_col)
    local message = vim.split(one.message, "\n")
    say(" ", one.lnum + 1 .. ":" .. one.col + 1, "[" .. underlined .. "]", message[1])
    say("   ", message[#message])
  end
end

local function main()
  local version = vim.version()
  say("Neovim", version.major .. "." .. version.minor .. "." .. version.patch)
  local buffer = vim.api.nvim_get_current_buf()
  local options = { name = "portal-lint", cmd = { vim.env.PROGRAM, "lsp" }, root_dir = vim.env.FOLDER }
  local id = vim.lsp.start_client(options)
  vim.lsp.buf_attach_client(buffer, id)
  local client = vim.lsp.get_client_by_id(id)
  local function count(number, of)
    return function()
      return #vim.diagnostic.get(of or buffer) == number
    end
  end

  wait("the findings", count(2))
  say("opened, counting in", client.offset_encoding or "utf-16")
  findings(buffer)

  -- The actions where the cursor is.
  local function actions(number, column)
    vim.api.nvim_win_set_cursor(0, { number, column })
    local params = vim.lsp.util.make_range_params(0, client.offset_encoding)
    params.context = { diagnostics = {} }
    local answers = vim.lsp.buf_request_sync(buffer, "textDocument/codeAction", params, 10000)
    return answers[id].result
  end

  local function take(offered, start)
    for _, action in ipairs(offered) do
      say("  offered:", action.title)
    end
    for _, action in ipairs(offered) do
      if vim.startswith(action.title, start) then
        vim.lsp.util.apply_workspace_edit(action.edit, client.offset_encoding)
        return
      end
    end
    say("no action starts with", start)
    finish(1)
  end

  local first = vim.diagnostic.get(buffer)
  table.sort(first, function(a, b)
    return a.lnum < b.lnum
  end)
  say("a quick fix")
  take(actions(first[1].lnum + 1, first[1].col + 3), "replace")
  wait("the finding to go", count(1))
  say(" ", vim.trim(line(buffer, first[1].lnum)))

  say("a decision")
  take(actions(first[2].lnum + 1, first[2].col), "allow")
  local settings = vim.fn.bufnr("portal-lint.toml")
  vim.fn.bufload(settings)
  vim.lsp.buf_attach_client(settings, id)
  wait("the missing reason", count(1, settings))
  local reason
  for number, text in ipairs(vim.api.nvim_buf_get_lines(settings, 0, -1, false)) do
    say(" ", text)
    if vim.startswith(text, "reason") then
      reason = number
    end
  end
  findings(settings)
  vim.api.nvim_buf_set_lines(settings, reason - 1, reason, false, { 'reason = "agreed with support"' })
  wait("the decision to hold", function()
    return count(0, settings)() and count(0)()
  end)
  say("  with a reason nothing is found any more")

  say("hovering over", "`smtp_profile`")
  local place = vim.fn.searchpos("smtp_profile", "cw")
  vim.api.nvim_win_set_cursor(0, { place[1], place[2] })
  local params = vim.lsp.util.make_position_params(0, client.offset_encoding)
  local answers = vim.lsp.buf_request_sync(buffer, "textDocument/hover", params, 10000)
  local shown = vim.split(answers[id].result.contents.value, "\n")
  say(" ", shown[1])
  say(" ", shown[3])

  client.stop()
  wait("the server to end", function()
    return client.is_stopped()
  end)
  say("the server has ended")
end

local is_well, trouble = pcall(main)
if not is_well then
  say(trouble)
end
finish(is_well and 0 or 1)
