//! One mistake in the syntax of a JSON file is one finding, wherever it is, and no other rule reports a consequence of it.

use crate::support::json::finding_codes;
use crate::support::program::{clean_body, create_folder, portal_lint, stdout_json};
use crate::support::{check_files, finding_lines, memory_file};

/// What people leave in a file, or type instead of a sign.
const STRAY: [&str; 50] = [
    ";",
    "x",
    "foo bar",
    "${ENABLED}",
    "...base",
    "=",
    "=>",
    "@",
    "\\",
    "+",
    "*",
    "|",
    "?",
    "()",
    "(",
    ")",
    "\u{ff3b}",
    "\u{ff3d}",
    "\u{ff5b}",
    "\u{ff5d}",
    "<",
    ">",
    "<p>",
    "<p class=\"a\">Hi</p>",
    "\u{a0}",
    "\u{200b}",
    "{{ enabled }}",
    "{{{ x }}}",
    "\u{201c}x\u{201d}",
    "\u{201c}",
    "\u{201d}",
    "'",
    "`",
    "'x'",
    "`x`",
    "#",
    "# x",
    "//",
    "// x",
    "/* x */",
    "/*",
    "*/",
    "```",
    "\u{ff1a}",
    "\u{60c}",
    "\"\"\"",
    "const x =",
    "---",
    "->",
    "-- x",
];

/// What is written before a portal, or left there by a program.
const BEFORE: [&str; 15] = [
    "{{{ x }}}",
    "${HEADER}",
    "{{> header}}",
    "export default",
    "module.exports =",
    "const x =",
    "<% x %>",
    "# Portal",
    "Here it is:",
    "```json",
    "// [x]",
    "(",
    "\u{200b}",
    "\u{ff1a}",
    "\u{ff0c}",
];

/// What is written after a portal, or left there by a program.
const AFTER: [&str; 16] = [
    "\u{ff0c}",
    "\u{ff1a}",
    ",",
    ",,",
    "},",
    ",\n{\"a\": 1}",
    "\n{\"a\": 1}",
    "{}",
    ";",
    ");",
    ")",
    "]",
    "```",
    "Good luck!",
    "/*",
    "# ]",
];

/// Texts with quotes and line breaks that are not escaped.
const TEXTS: [&str; 18] = [
    "Manage \"Your\",\n \"Acme\"\n Subscription",
    "A \"b\": c\n \"d\": \"e\",",
    "<script>\nvar x = {\"a\": \"b\"};\n</script>",
    "<p class=\"a\">\n<a href=\"x\">y</a>,\n</p>",
    "say \"hi\": \"you\"",
    "say \"a\": 1, \"b\": 2\nend",
    "function f() {\n  return {\"a\": [1, 2]};\n}\n",
    "{\"a\": 1}",
    "[\n\"x\",\n\"y\"\n]",
    "a\n\"b\"\nc",
    "<div style=\"\n  margin: 0;\n  color: red;\n\">Hi</div>",
    "<p title=\"\nfoo\">Hi</p>",
    "<p title=\"\nfoo: bar\">\nHi</p>",
    "<b>\"\n</b>",
    "<b>\"\n\n{{name}}: Hi</b>",
    "<td style=\"padding: 10px 20px\">\n{{email_code}}\n</td>",
    "<td style=\"font-family: 'Open Sans', Arial\">\n[x]\n</td>",
    "<td style=\"border: 1px solid #ccc, 2px\">\n}\n\"x\"\n</td>",
];

/// A clean portal, with one entry per line and on one line.
fn bodies() -> [String; 2] {
    let pretty = clean_body();
    let compact: serde_json::Value = serde_json::from_str(&pretty).expect("JSON");
    [pretty, compact.to_string()]
}

/// The offsets of the signs and quotes outside of strings.
fn sign_offsets(text: &str) -> Vec<usize> {
    let (mut offsets, mut in_string, mut is_escaped) = (Vec::new(), false, false);
    for (offset, character) in text.char_indices() {
        let is_quote = character == '"' && !is_escaped;
        if is_quote || (!in_string && "{}[]:,".contains(character)) {
            offsets.push(offset);
        }
        in_string ^= is_quote;
        is_escaped = in_string && character == '\\' && !is_escaped;
    }
    offsets
}

fn assert_one_syntax_error(text: &str) {
    let lines = finding_lines(&check_files(&[memory_file("a.portal.json", text)]));
    assert!(lines.len() == 1 && lines[0].contains("RCP901"), "{lines:#?} in\n{text}");
}

#[test]
fn a_stray_token_is_one_finding() {
    for body in bodies() {
        let offsets = sign_offsets(&body);
        for (index, stray) in STRAY.iter().enumerate() {
            // Every twelfth place, with a different first place for each token, because testing all places takes too long.
            for &offset in offsets.iter().skip(index % 12).step_by(12) {
                let (before, after) = body.split_at(offset + 1);
                // Inside a string, the token is text.
                if before.matches('"').count() % 2 == 1 && before.ends_with('"') {
                    continue;
                }
                for inserted in [stray.to_string(), format!(" {stray} "), format!("\n{stray}\n")] {
                    assert_one_syntax_error(&format!("{before}{inserted}{after}"));
                }
            }
        }
    }
}

#[test]
fn a_missing_doubled_or_moved_sign_is_one_finding() {
    for body in bodies() {
        for offset in sign_offsets(&body) {
            let (before, sign, after) = (&body[..offset], &body[offset..=offset], &body[offset + 1..]);
            for text in
                [format!("{before}{after}"), format!("{before}{sign}{sign}{after}"), format!("{before}({after}")]
            {
                if serde_json::from_str::<serde_json::Value>(&text).is_err() {
                    assert_one_syntax_error(&text);
                }
            }
        }
    }
}

#[test]
fn a_mistake_between_entries_is_one_finding() {
    for body in bodies() {
        let space = if body.contains("\": ") { " " } else { "" };
        let id = "\"P9dRk2XyM5vHs8LqT1Fz\"";
        for items in
            ["$ 1", "$ {}", "$ []", "$ null", "$ \"x\"", "1 $", "{} $", "$, , $", "$: 1, $", "$ $ {}", "\"\" $"]
        {
            let text = items.replacen('$', id, 1).replacen('$', "\"Wd3Gc7JpY1hBt5KsM9Ra\"", 1);
            assert_one_syntax_error(&body.replacen(id, &text, 1));
        }
        for items in ["$]", "$, $]", "$, $, $]"] {
            let without_bracket = format!("\"campaign\": {}", items.replace('$', id));
            let start = body.find("\"campaign\"").expect("a filter");
            let end = start + body[start..].find(']').expect("its end") + 1;
            assert_one_syntax_error(&format!("{}{without_bracket}{}", &body[..start], &body[end..]));
        }
        for field in ["from_name", "enabled", "tracking_domain"] {
            let key = format!("\"{field}\":");
            for entry in [
                "$: 1, \"Acme\",",
                "$ 1,",
                "$: 1 2,",
                "\"x\" \"y\",",
                "\"tracking_domain\" ",
                "\"x\": 1 ",
                "\"x\" ",
                "\"x\", ",
            ] {
                // The entry is written before the real one.
                let entry = entry.replace('$', &format!("\"{field}\""));
                assert_one_syntax_error(&body.replacen(&key, &format!("{entry}{space}{key}"), 1));
            }
        }
        for value in ["\"Acme\\x41\"", "\"Acme\\d\"", "\"Acme\\ud800\"", "\"Acme\tx\""] {
            assert_one_syntax_error(&body.replacen("\"Acme Subscription Portal\"", value, 1));
        }
        let sender = body.replacen("support@acme-outfitters.com\",", "support\\x@acme-outfitters.com\",", 1);
        assert_one_syntax_error(&sender);
    }
}

#[test]
fn a_text_with_quotes_and_line_breaks_is_one_finding() {
    for body in bodies() {
        for value in ["Acme Subscription Portal", "Manage Your Acme Subscription", "Reset your Acme password"] {
            for text in TEXTS {
                assert_one_syntax_error(&body.replacen(value, text, 1));
            }
        }
    }
}

#[test]
fn text_around_the_portal_is_one_finding() {
    for body in bodies() {
        for before in BEFORE {
            for space in [" ", "\n", "\n\n"] {
                assert_one_syntax_error(&format!("{before}{space}{body}"));
            }
        }
        for after in AFTER {
            for space in ["", " ", "\n"] {
                assert_one_syntax_error(&format!("{}{space}{after}\n", body.trim_end()));
            }
        }
    }
}

#[test]
fn a_broken_portal_is_not_compared_with_other_portals() {
    let body = clean_body();
    let campaign = "\"campaign\": [";
    let start = body.find(campaign).expect("a filter") + campaign.len();
    let id = body[start..].split('"').nth(1).expect("an ID");
    let profile = "\"smtp_profile\": \"";
    let profile_id = body.split(profile).nth(1).and_then(|rest| rest.split('"').next()).expect("an ID");
    let other = body.replacen("\"name\": \"Acme", "\"name\": \"Second", 1);
    let with_other_filter = other.replacen(id, "Yb3Kf9TrW5sHn7LmX2Qd", 1);
    let with_mixed_up_id = other.replacen(&format!("{profile}{profile_id}\""), &format!("{profile}{id}\""), 1);
    let cases = [
        (with_other_filter.clone(), campaign, "\"campaign\": $ ["),
        (with_other_filter, "\"enabled\": false", "\"enabled\": false,;"),
        (with_mixed_up_id.clone(), profile, "\"smtp_profile\": x \""),
        (with_mixed_up_id, profile, "\"smtp_profile\" x: \""),
    ];
    for (text, sign, broken_sign) in cases {
        let broken = text.replacen(sign, broken_sign, 1);
        assert!(
            has_codes_next_to(&body, &text, |codes| !codes.is_empty()),
            "it is different if it is not broken:\n{text}"
        );
        assert!(has_codes_next_to(&body, &broken, |codes| codes == ["RCP901"]), "{broken}");
    }
}

#[test]
fn the_name_of_a_broken_portal_is_compared_only_if_it_is_before_the_error() {
    let body = clean_body();
    let with_later_name = body.replacen("\"name\": ", "\"enabled\": x, \"name\": ", 1);
    let call = |arguments: &str| {
        format!("{{\"name\": \"CreateCustomerPortal\", \"arguments\": {}", serde_json::Value::from(arguments))
    };
    for (broken, has_same_name) in [
        (body.replacen("\"recaptcha\": {", "\"recaptcha\": x {", 1), true),
        (body.replacen("\"name\": ", "\"name\": x ", 1), false),
        (body.replacen('{', "{;", 1), false),
        (with_later_name, false),
        (call(&body) + ",,}", true),
        (call(&body).replacen('{', "{;", 1) + "}", false),
        (call(&body.replacen("\"name\": ", "\"name\": x ", 1)) + "}", false),
    ] {
        let has_expected_codes =
            |codes: &[&str]| codes.contains(&"RCP901") && codes.contains(&"RCP001") == has_same_name;
        assert!(has_codes_next_to(&body, &broken, has_expected_codes), "{broken}");
    }
}

/// Whether the codes of the findings about two portals are as expected.
fn has_codes_next_to(first: &str, second: &str, are_expected: impl Fn(&[&str]) -> bool) -> bool {
    let folder = create_folder(&[("a.portal.json", first), ("b.portal.json", second)]);
    let output = portal_lint(folder.path(), &["check", "--isolated", "--format", "json", "."], b"");
    are_expected(&finding_codes(&stdout_json(&output)))
}

#[test]
fn a_merge_conflict_at_any_line_is_one_finding() {
    let body = clean_body();
    let lines: Vec<&str> = body.lines().collect();
    for start in 0..lines.len() - 2 {
        for len in [0, 1, 2] {
            let (before, rest) = lines.split_at(start);
            let (side, after) = rest.split_at(len);
            let conflict = ["<<<<<<< HEAD\n  },", "=======", &side.join("\n"), ">>>>>>> other"].join("\n");
            assert_one_syntax_error(&[before.join("\n"), conflict, after.join("\n")].join("\n"));
        }
    }
}

#[test]
fn the_program_reports_one_mistake_once() {
    let body = clean_body();
    let broken = [
        body.replacen("\"campaign\": [", "\"campaign\": < [", 1),
        body.replacen("\"recaptcha\": {", "\"recaptcha\": (", 1),
        body.replacen("\"name\": ", "\"name\": \u{201c} ", 1),
        body.replacen("],", "# ],", 1),
        body.replacen("outfitters.com\\\"", "outfitters.com\\m", 1),
        body.replacen("Manage Your", TEXTS[0], 1),
        format!("{}\n{body}", BEFORE[0]),
        format!("{},,\n", body.trim_end()),
    ];
    for text in broken {
        let folder = create_folder(&[("a.portal.json", &text)]);
        let args = ["check", "--isolated", "--format", "json", "a.portal.json"];
        assert_eq!(finding_codes(&stdout_json(&portal_lint(folder.path(), &args, b""))), ["RCP901"], "{text}");
    }
}
