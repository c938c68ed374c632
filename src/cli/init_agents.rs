//! The files that `init --agents` writes: the hook settings of each client, the settings of the MCP server, and the skill.

use std::env;
use std::path::Path;

use crate::cli::init_templates::FileTemplate;
use crate::hook::Client;

const SKILL: &str = include_str!("../../skills/portal-lint/SKILL.md");

/// The settings of the MCP server that Claude Code, Copilot and others read.
const MCP: FileTemplate = FileTemplate::new(
    ".mcp.json",
    "clients start the MCP server from it, after they ask you",
    include_str!("init_templates/agents/mcp.json"),
);

/// What one client needs.
struct ClientFiles {
    client: Client,
    /// Files and folders of a project that show that the client is used.
    marks: &'static [&'static str],
    /// Programs that show that the client is installed.
    programs: &'static [&'static str],
    files: &'static [FileTemplate],
}

const CLIENTS: [ClientFiles; 4] = [
    ClientFiles {
        client: Client::Claude,
        marks: &[".claude", "CLAUDE.md"],
        programs: &["claude"],
        files: &[
            FileTemplate::new(
                ".claude/settings.json",
                "Claude Code runs the hook before each call of an MCP tool",
                include_str!("init_templates/agents/claude.json"),
            ),
            FileTemplate::new(".claude/skills/portal-lint/SKILL.md", "Claude Code reads the skill", SKILL),
        ],
    },
    ClientFiles {
        client: Client::Codex,
        marks: &[".codex"],
        programs: &["codex"],
        files: &[
            FileTemplate::new(
                ".codex/config.toml",
                "trust the project and its hooks in Codex, or the hook does not run",
                include_str!("init_templates/agents/codex.toml"),
            ),
            SHARED_SKILL,
        ],
    },
    ClientFiles {
        client: Client::Gemini,
        marks: &[".gemini", "GEMINI.md"],
        programs: &["gemini"],
        files: &[
            FileTemplate::new(
                ".gemini/settings.json",
                "Gemini CLI runs the hook before each call of an MCP tool, and starts the MCP server",
                include_str!("init_templates/agents/gemini.json"),
            ),
            SHARED_SKILL,
        ],
    },
    ClientFiles {
        client: Client::Copilot,
        marks: &[".vscode", ".github/hooks", ".github/copilot-instructions.md"],
        programs: &["copilot", "code"],
        files: &[
            FileTemplate::new(
                ".github/hooks/portal-lint.json",
                "Copilot and VS Code run the hook before each tool call",
                include_str!("init_templates/agents/copilot.json"),
            ),
            FileTemplate::new(
                ".vscode/mcp.json",
                "VS Code starts the MCP server from it, after it asks you",
                include_str!("init_templates/agents/vscode-mcp.json"),
            ),
            SHARED_SKILL,
        ],
    },
];

/// The skill where Codex, Gemini CLI and Copilot read it.
const SHARED_SKILL: FileTemplate =
    FileTemplate::new(".agents/skills/portal-lint/SKILL.md", "agents read the skill", SKILL);

/// The files for the named clients or, if none is named, for those that are found. `None` if none is found.
pub(super) fn agent_files(named: &[Client]) -> Option<Vec<FileTemplate>> {
    let mut files: Vec<FileTemplate> = Vec::new();
    for client in &CLIENTS {
        let is_selected = if named.is_empty() { client.is_found() } else { named.contains(&client.client) };
        if is_selected {
            files.extend(client.files);
        }
    }
    if files.is_empty() {
        return None;
    }
    files.push(MCP);
    let mut seen = Vec::new();
    files.retain(|file| {
        let is_new = !seen.contains(&file.file);
        seen.push(file.file);
        is_new
    });
    Some(files)
}

impl ClientFiles {
    fn is_found(&self) -> bool {
        self.marks.iter().any(|mark| Path::new(mark).exists()) || self.programs.iter().any(|name| is_installed(name))
    }
}

fn is_installed(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .any(|folder| ["", ".exe", ".cmd"].iter().any(|end| folder.join(format!("{program}{end}")).is_file()))
}
