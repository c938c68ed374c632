//! The table of all options in `docs/options.md`, from the definitions that `--help` is made from.

use clap::{Arg, Command};

/// One row per option; an option with the same help in several commands has one row.
pub fn table(program: &Command) -> String {
    let mut rows = Vec::new();
    add_options(program, "", &mut rows);
    let row = |(option, help, commands): Row| format!("| `{option}` | {help} | {} |\n", commands.join(", "));
    format!("| option | what it does | command |\n|---|---|---|\n{}", rows.into_iter().map(row).collect::<String>())
}

/// An option, what it does, and the commands that take it.
type Row = (String, String, Vec<String>);

/// Adds the options of all subcommands. `path` is the commands above, as typed: `account `.
fn add_options(program: &Command, path: &str, rows: &mut Vec<Row>) {
    for command in program.get_subcommands().filter(|command| command.get_name() != "help") {
        let name = format!("{path}{}", command.get_name());
        for arg in command.get_arguments().filter(|arg| arg.get_id() != "help") {
            let (option, help) = (option_usage(arg), option_help(arg));
            match rows.iter_mut().find(|row| (&row.0, &row.1) == (&option, &help)) {
                Some((_, _, commands)) => commands.push(name.clone()),
                None => rows.push((option, help, vec![name.clone()])),
            }
        }
        add_options(command, &format!("{name} "), rows);
    }
}

/// The option as typed: `-q, --quiet`, `--format FORMAT`, `PATH…`.
fn option_usage(arg: &Arg) -> String {
    let names = [arg.get_short().map(|short| format!("-{short}")), arg.get_long().map(|long| format!("--{long}"))];
    let names = names.into_iter().flatten().collect::<Vec<_>>().join(", ");
    let value = match arg.get_value_names() {
        Some([value, ..]) if arg.get_action().takes_values() => value.replace('_', "-"),
        _ => return names,
    };
    match (arg.is_positional(), arg.get_num_args().is_some_and(|number| number.max_values() > 1)) {
        (true, true) => format!("{value}…"),
        (true, false) => value,
        (false, _) if arg.is_require_equals_set() => format!("{names}[={value}]"),
        (false, _) => format!("{names} {value}"),
    }
}

/// The help, the possible values, and the default.
fn option_help(arg: &Arg) -> String {
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default().replace('|', "\\|");
    let values = arg.get_possible_values();
    let shown = values.iter().filter(|value| !value.is_hide_set() && !arg.is_hide_possible_values_set());
    let values: Vec<String> = shown.map(|value| format!("`{}`", value.get_name())).collect();
    let default: Vec<String> = arg.get_default_values().iter().map(|value| value.to_string_lossy().into()).collect();
    match (arg.get_action().takes_values(), values.as_slice(), default.as_slice()) {
        (true, [_, ..], [default]) => format!("{help}: {} [default: {default}]", values.join(", ")),
        (true, [_, ..], _) => format!("{help}: {}", values.join(", ")),
        (true, [], [default]) => format!("{help} [default: {default}]"),
        _ => help,
    }
}
