use crate::base::steps::assert_linear;
use crate::syntax::edit::*;
use crate::syntax::{Limits, parse};

/// Applies the edits to a text; `None` if the editor refuses. Panics if the result has syntax errors.
#[track_caller]
fn edited(name: &str, text: &str, edit: impl Fn(&Editor<'_>, Cursor<'_>) -> Option<Vec<Edit>>) -> Option<String> {
    let source = Source::new(name, text, Format::from_file_name(name).expect("the extension is known"));
    let parsed = parse(&source, &Limits::default());
    assert_eq!(parsed.errors, [], "{text}");
    let document = &parsed.documents[0];
    let edits = edit(&Editor::new(&source, document), Cursor::root(document))?;
    let changed = apply_edits(text, &edits).expect("edits of this text");
    let after = Source::new(name, changed.clone(), source.format());
    assert_eq!(parse(&after, &Limits::default()).errors, [], "{changed}");
    Some(changed)
}

#[test]
fn entries_are_removed_with_their_comma_line_and_indentation() {
    let cases = [
        ("a.json", "{\n  \"id\": 1,\n  \"b\": 2\n}\n", "{\n  \"b\": 2\n}\n"),
        ("a.json", "{\r\n\t\"b\": 2,\r\n\t\"id\": 1\r\n}", "{\r\n\t\"b\": 2\r\n}"),
        ("a.json", "{\"id\":1,\"b\":2}", "{\"b\":2}"),
        ("a.json", "{\"a\":0,\"id\":[1,{}],\"b\":2}", "{\"a\":0,\"b\":2}"),
        ("a.json", "{ \"a\": 0, \"id\": 1 }", "{ \"a\": 0 }"),
        ("a.json", "{ \"id\": 1 }\n", "{}\n"),
        ("a.json", "{ \"id\": 1,\n  \"a\": 2 }", "{\n  \"a\": 2 }"),
        ("a.json", "{\n  \"a\": 1\n  , \"id\": 2\n  , \"b\": 3\n}", "{\n  \"a\": 1\n  , \"b\": 3\n}"),
        ("a.jsonc", "{\n  \"id\": 1, // old\n  \"b\": 2\n}", "{\n  // old\n  \"b\": 2\n}"),
        (
            "a.jsonc",
            "{\n  // why\n  \"b\": 2, // b\n  \"id\": 1 /* c */\n}",
            "{\n  // why\n  \"b\": 2 // b\n  /* c */\n}",
        ),
        ("a.jsonc", "{\n  \"b\": 2,\n  \"id\": 1,\n}", "{\n  \"b\": 2,\n}"),
        ("a.jsonc", "{ /* x */ \"id\": 1 }", "{ /* x */ }"),
        ("a.yaml", "id: 1\nb: 2\n", "b: 2\n"),
        ("a.yaml", "\u{feff}id: 1\nb: 2\n", "\u{feff}b: 2\n"),
        ("a.yaml", "b: 2\n# old\nid: 1 # x\n", "b: 2\n# old\n# x\n"),
        ("a.yaml", "b: 2\r\nid:\r\n  - 1\r\n  - 2", "b: 2"),
        ("a.yaml", "a: |\n  x\nid: >\n  y\n\nb: 2\n", "a: |\n  x\n\nb: 2\n"),
        ("a.yaml", "{a: 1, id: 2}\n", "{a: 1}\n"),
        ("a.yaml", "{a: 1,\n # c\n id: 2}\n", "{a: 1\n # c\n }\n"),
    ];
    for (name, before, after) in cases {
        let changed = edited(name, before, |editor, root| editor.remove(&root.field("id")));
        assert_eq!(changed.as_deref(), Some(after), "{before}");
    }
}

#[test]
fn items_are_removed_from_lists_of_any_style() {
    let cases = [
        ("a.json", "{\"l\": [1, 2, 3]}", 1, "{\"l\": [1, 3]}"),
        ("a.json", "{\"l\": [\n  1,\n  2\n]}", 1, "{\"l\": [\n  1\n]}"),
        ("a.json", "{\"l\": [1]}", 0, "{\"l\": []}"),
        ("a.yaml", "l: [a, b,]\n", 1, "l: [a,]\n"),
        ("a.yaml", "l:\n  - a # first\n  - b # second\nc: 1\n", 1, "l:\n  - a # first\n  # second\nc: 1\n"),
        ("a.yaml", "l:\n- a\n-   b", 1, "l:\n- a"),
        ("a.yaml", "l:\n- a\n-   b", 0, "l:\n-   b"),
    ];
    for (name, before, index, after) in cases {
        let changed = edited(name, before, |editor, root| editor.remove(&root.field("l").item(index)));
        assert_eq!(changed.as_deref(), Some(after), "{before}");
    }
}

#[test]
fn entries_with_comments_inside_are_not_removed() {
    for (name, text) in [
        ("a.jsonc", "{ \"id\" /* why */ : 1, \"b\": 2 }"),
        ("a.jsonc", "{ \"id\": // why\n 1, \"b\": 2 }"),
        ("a.jsonc", "{ \"id\": 1 /* why */, \"b\": 2 }"),
        ("a.jsonc", "{ \"b\": 2, \"id\": 1 // why\n , }"),
        ("a.jsonc", "{ \"id\": [1, /* why */ 2], \"b\": 2 }"),
        ("a.yaml", "id: # why\n  x\nb: 2\n"),
        ("a.yaml", "id: # why\n- x\nb: 2\n"),
        ("a.yaml", "{id: # why\n  1, b: 2}\n"),
        ("a.yaml", "id: 1 # portal-lint: allow enabled -- why\nb: 2\n"),
    ] {
        assert_eq!(edited(name, text, |editor, root| editor.remove(&root.field("id"))), None, "{text}");
        let move_entry = |editor: &Editor<'_>, root: Cursor<'_>| {
            editor.move_entries(&[(root.field("id"), "id")], &MoveTarget::NewObject("o"))
        };
        if let Some(moved) = edited(name, text, move_entry) {
            assert!(moved.contains("why"), "{moved}");
        }
    }
}

#[test]
fn entries_with_comments_next_to_them_are_not_moved_to_other_entries() {
    let new_object = |editor: &Editor<'_>, root: Cursor<'_>| {
        editor.move_entries(&[(root.field("a"), "a"), (root.field("c"), "c")], &MoveTarget::NewObject("o"))
    };
    for (text, can_move) in [
        ("a: 1\nb: 2\nc: 3\n", true),
        ("a: 1 # first\nb: 2\nc: 3\n", false),
        ("a: 1\nb: 2\nc: 3 # third\n", false),
        ("a: 1\nb: 2\n# third\nc: 3\n", false),
        ("a: 1\nb: 2 # second\nc: 3\n", true),
        ("# both\na: 1\nc: 3 # third\nb: 2\n", true),
    ] {
        assert_eq!(edited("a.yaml", text, new_object).is_some(), can_move, "{text}");
    }
    let text = "o:\n  b: 2\na: 1 # first\n";
    let moved = edited("a.yaml", text, |editor, root| {
        editor.move_entries(&[(root.field("a"), "a")], &MoveTarget::Objects(vec![root.field("o")]))
    });
    assert_eq!(moved, None);
}

#[test]
fn a_block_is_not_moved_to_the_line_of_its_key() {
    let text = "a: {x: 1}\nb:\n  id:\n    c: 1\n  d: 2\n";
    let moved = edited("a.yaml", text, |editor, root| {
        let target = MoveTarget::Objects(vec![root.field("a")]);
        editor.move_entries(&[(root.field("b").field("id"), "id")], &target)
    });
    assert_eq!(moved, None);
}

#[test]
fn a_comment_after_empty_brackets_stays_next_to_the_key() {
    let fill = |text: &str| {
        edited("a.yaml", text, |editor, root| editor.append_entries(&root.field("a"), &[("b", NewValue::Bool(true))]))
    };
    assert_eq!(fill("a: { } # why\nc: 1\n").as_deref(), Some("a: # why\n  b: true\nc: 1\n"));
    assert_eq!(fill("a: {}  \nc: 1\n").as_deref(), Some("a:\n  b: true  \nc: 1\n"));
}

#[test]
fn uncertain_removals_are_refused() {
    for text in [
        "id: &x 1\nb: *x\n",
        "id: 1\n",
        "id:\n  - 1\n  # in it\n  - 2\nb: 1\n",
        "? id\n: 1\nb: 2\n",
        "a: |\n  x\nid: 1\n  # deeper\nb: 2\n",
        "a: |+\n  x\nid: 1\n\nb: 2\n",
        // The same with blanks at the end of the block scalar.
        "a: |\n  x  \nid: 1\n  # deeper\nb: 2\n",
        "a: |+\n  x  \nid: 1\n\nb: 2\n",
        "base: &b {id: 1, c: 2}\n<<: *b\n",
    ] {
        assert_eq!(edited("a.yaml", text, |editor, root| editor.remove(&root.field("id"))), None, "{text}");
    }
}

#[test]
fn replaced_values_keep_their_quotes() {
    let set =
        |name: &str, text: &str, new: &str| edited(name, text, |editor, root| editor.set_text(&root.field("a"), new));
    let cases = [
        ("a.json", "{\"a\": \"b\"}", "\"x\"\n", "{\"a\": \"\\\"x\\\"\\n\"}"),
        ("a.yaml", "a: 'b' # c\n", "it's", "a: 'it''s' # c\n"),
        ("a.yaml", "a: \"b\"\n", "x\ty", "a: \"x\\ty\"\n"),
        ("a.yaml", "a: b\n", "c", "a: c\n"),
        ("a.yaml", "a: b\n", "yes", "a: \"yes\"\n"),
        ("a.yaml", "a: b\nc: 'd'\n", "12", "a: '12'\nc: 'd'\n"),
        ("a.yaml", "a: {}\n", "b", ""),
        ("a.yaml", "a: |\n  b\n", "c", ""),
        ("a.yaml", "a: !!str b\n", "c", ""),
        ("a.yaml", "a: &b b\nc: *b\n", "c", ""),
        ("a.yaml", "c: &b b\na: *b\n", "c", ""),
    ];
    for (name, before, new, after) in cases {
        assert_eq!(set(name, before, new).unwrap_or_default(), after, "{before}");
    }
    let with_quotes = |text: &str| edited("a.yaml", text, |editor, root| editor.add_quotes(&root.field("a")));
    assert_eq!(with_quotes("a: 123 # c\nb: 'x'\n").as_deref(), Some("a: '123' # c\nb: 'x'\n"));
    assert_eq!(with_quotes("a: 1_0\n").as_deref(), Some("a: \"1_0\"\n"));
    assert_eq!(with_quotes("a: x\"y\n"), None);
    let set_true = |text: &str| edited("a.yaml", text, |editor, root| editor.set_bool(&root.field("a"), true));
    assert_eq!(set_true("a:   yes  # c\r\n").as_deref(), Some("a:   true  # c\r\n"));
}

#[test]
fn an_object_is_replaced_with_its_id_as_written() {
    let cases = [
        ("a.json", "{\"a\": { \"id\": \"x\", \"name\": \"n\" }}", "{\"a\": \"x\"}"),
        ("a.json", "{\"a\": {\n  \"name\": \"n\",\n  \"id\": \"x\"\n}}", "{\"a\": \"x\"}"),
        ("a.jsonc", "{\"a\": {\"id\": \"x\", \"u\": \"http://a\\\"\"}}", "{\"a\": \"x\"}"),
        ("a.jsonc", "{\"a\": {\"id\": \"x\", // c\n \"u\": 1}}", ""),
        ("a.yaml", "a:\n  id: 'x'\n  name: n\nb: 1\n", "a: 'x'\nb: 1\n"),
        ("a.yaml", "a:\r\n  name: n\r\n  id: x\r\n", "a: x\r\n"),
        ("a.yaml", "a: {id: \"x\", name: n}\n", "a: \"x\"\n"),
        ("a.yaml", "a: # c\n  id: x\n", ""),
        ("a.yaml", "a: &b\n  id: x\nc: *b\n", ""),
    ];
    for (name, before, after) in cases {
        let changed = edited(name, before, |editor, root| {
            editor.replace_with_field(&root.field("a"), &root.field("a").field("id"))
        });
        assert_eq!(changed.unwrap_or_default(), after, "{before}");
    }
    let replace_item = |text| {
        edited("a.yaml", text, |editor, root| {
            let item = root.field("l").item(1);
            editor.replace_with_field(&item, &item.field("id"))
        })
    };
    assert_eq!(replace_item("l:\n  - y\n  - id: x\n    name: n\n").as_deref(), Some("l:\n  - y\n  - x\n"));
    assert_eq!(replace_item("l: [y, {name: n, id: x}]\n").as_deref(), Some("l: [y, x]\n"));
}

#[test]
fn a_part_of_a_text_is_replaced_in_its_style() {
    let cases = [
        ("a.json", r#"{"a": "\u00fc <b>\n</b>"}"#, "<b>\n</b>", "\"", r#"{"a": "\u00fc \""}"#),
        ("a.yaml", "a: 'it''s b'\n", "'s", "''", "a: 'it'''' b'\n"),
        ("a.yaml", "a: |\n  <p>\n    b</p>\n", "b", "{{c}}", "a: |\n  <p>\n    {{c}}</p>\n"),
        ("a.yaml", "a: >-\n  x b\n  c y\n", "b c", "d", "a: >-\n  x d y\n"),
        ("a.yaml", "a: <p>{{ b }}</p>\n", "{{ b }}", "{{b}}", "a: <p>{{b}}</p>\n"),
        ("a.yaml", "a: <p>%b%</p>\n", "%b%", "{{b}}", "a: \"<p>{{b}}</p>\"\n"),
        ("a.yaml", "{a: x %b%, c: 'd'}\n", "%b%", "{{b}}", "{a: 'x {{b}}', c: 'd'}\n"),
        ("a.yaml", "a: x\u{200b}y z\n", "\u{200b}", "", "a: xy z\n"),
        ("a.yaml", "a: tr\u{200b}ue\n", "\u{200b}", "", "a: \"true\"\n"),
        ("a.yaml", "a: x:y z\n", "y", "", "a: \"x: z\"\n"),
        ("a.yaml", "a: <a href='http://b'>\n", "http", "https", "a: <a href='https://b'>\n"),
        ("a.yaml", "a: \"x\\r\\ny\"\n", "\r\n", " ", "a: \"x y\"\n"),
        ("a.yaml", "a: |-\n  x\n  y\n", "\n", "", ""),
        ("a.yaml", "a: |-\n  x\n  y\n", "\ny", "", "a: |-\n  x\n"),
        ("a.yaml", "a: x\n  y\n", " ", "", ""),
        ("a.yaml", "a: x %b%\nc: 'd'\n", "%b%", "{{b}}", "a: 'x {{b}}'\nc: 'd'\n"),
    ];
    for (name, before, part, new, after) in cases {
        let changed = edited(name, before, |editor, root| {
            let text = root.field("a").text()?;
            let start = text.find(part).unwrap_or_else(|| panic!("{part:?} is in {text:?}"));
            editor.replace_part(&root.field("a"), start..start + part.len(), new)
        });
        assert_eq!(changed.unwrap_or_default(), after, "{before}");
    }
}

#[test]
fn appended_entries_match_the_style_of_the_object() {
    let object = || NewValue::Object(vec![("y", NewValue::Bool(false)), ("z", NewValue::Bool(false))]);
    let cases = [
        (
            "a.json",
            "{\n    \"a\": 1\n}\n",
            "{\n    \"a\": 1,\n    \"x\": false,\n    \"o\": {\n        \"y\": false,\n        \"z\": false\n    }\n}\n",
        ),
        (
            "a.json",
            "{\r\n\t\"a\": 1\r\n}",
            "{\r\n\t\"a\": 1,\r\n\t\"x\": false,\r\n\t\"o\": {\r\n\t\t\"y\": false,\r\n\t\t\"z\": false\r\n\t}\r\n}",
        ),
        ("a.json", "{\"a\":1}", "{\"a\":1,\"x\":false,\"o\":{\"y\":false,\"z\":false}}"),
        ("a.json", "{ \"a\": 1 }", "{ \"a\": 1, \"x\": false, \"o\": {\"y\": false, \"z\": false} }"),
        ("a.json", "{}", "{\"x\":false,\"o\":{\"y\":false,\"z\":false}}"),
        (
            "a.jsonc",
            "{\n  \"a\": 1, // c\n}",
            "{\n  \"a\": 1, // c\n  \"x\": false,\n  \"o\": {\n    \"y\": false,\n    \"z\": false\n  },\n}",
        ),
        (
            "a.jsonc",
            "{\n  \"a\": 1 // c\n}",
            "{\n  \"a\": 1, // c\n  \"x\": false,\n  \"o\": {\n    \"y\": false,\n    \"z\": false\n  }\n}",
        ),
        ("a.yaml", "a: 1 # c\n", "a: 1 # c\nx: false\no:\n  y: false\n  z: false\n"),
        ("a.yaml", "b:\n    c: |\n        x", "b:\n    c: |\n        x\nx: false\no:\n    y: false\n    z: false"),
        (
            "a.yaml",
            "a:\n  b: 1\n  # of b\n# end\n",
            "a:\n  b: 1\n  # of b\nx: false\no:\n  y: false\n  z: false\n# end\n",
        ),
        ("a.yaml", "\t# c\na: 1\n", "\t# c\na: 1\nx: false\no:\n  y: false\n  z: false\n"),
        ("a.yaml", "{a: 1}\n", "{a: 1, x: false, o: {y: false, z: false}}\n"),
        ("a.yaml", "a: |+\n  b\n\n", ""),
    ];
    for (name, before, after) in cases {
        let changed = edited(name, before, |editor, root| {
            editor.append_entries(&root, &[("x", NewValue::Bool(false)), ("o", object())])
        });
        assert_eq!(changed.unwrap_or_default(), after, "{before}");
    }
    let fill = |name, text| {
        edited(name, text, |editor, root| {
            editor.append_entries(&root.field("a"), &[("x", NewValue::Bool(false)), ("y", NewValue::Bool(true))])
        })
    };
    assert_eq!(fill("a.yaml", "a: {} # c\nb: 1\n").as_deref(), Some("a: # c\n  x: false\n  y: true\nb: 1\n"));
    assert_eq!(
        fill("a.json", "{\n  \"a\": {}\n}").as_deref(),
        Some("{\n  \"a\": {\n    \"x\": false,\n    \"y\": true\n  }\n}")
    );
}

#[test]
fn values_shared_by_a_merge_key_are_not_edited() {
    let text = "x: &x {a: 'b', c: 'd'}\ny:\n  <<: *x\n  a: 'e'\n";
    let set =
        |key: &'static str| edited("a.yaml", text, |editor, root| editor.set_text(&root.field("x").field(key), "f"));
    assert_eq!(set("a"), Some(text.replace("'b'", "'f'")));
    assert_eq!(set("c"), None);
    assert_eq!(edited("a.yaml", text, |editor, root| editor.rename_key(&root.field("x").field("a"), "g")), None);
    let append_to = |key: &'static str| {
        edited("a.yaml", text, |editor, root| editor.append_entries(&root.field(key), &[("z", NewValue::Bool(true))]))
    };
    assert_eq!(append_to("x"), None);
    assert_eq!(append_to("y"), Some(format!("{text}  z: true\n")));
}

#[test]
fn renamed_keys_keep_their_quotes() {
    let renamed = |name: &str, text: &str| edited(name, text, |editor, root| editor.rename_key(&root.field("a"), "b"));
    assert_eq!(renamed("a.json", "{\"a\" : 1}").as_deref(), Some("{\"b\" : 1}"));
    assert_eq!(renamed("a.yaml", "'a': 1\n").as_deref(), Some("'b': 1\n"));
    assert_eq!(renamed("a.yaml", "a: 1\n").as_deref(), Some("b: 1\n"));
    assert_eq!(renamed("a.yaml", "x: &x {a: 1}\n<<: *x\n"), None);
}

#[test]
fn edits_of_all_values_of_a_long_list_take_linear_time() {
    let files = [
        ("a.json", "{\"l\": [", "{\"id\": 1}, ", "0]}"),
        ("a.json", "{\"l\": [\n", "  {\"id\": 1},\n", "0]}"),
        ("a.yaml", "l:\n", "- id: 1\n", ""),
        ("a.yaml", "l:\n", "- id: &a 1\n- id: *a\n", ""),
        ("a.yaml", "l:\n", "- id: |+\n    x\n\n", ""),
        ("a.yaml", "l: [", "{id: 1}, ", "0]"),
    ];
    for (name, start, unit, end) in files {
        let format = Format::from_file_name(name).expect("the extension is known");
        assert_linear(
            unit,
            |len| format!("{start}{}{end}", unit.repeat(len / unit.len())),
            |text| {
                let source = Source::new(name, text, format);
                let parsed = parse(&source, &Limits::default());
                let editor = Editor::new(&source, &parsed.documents[0]);
                for item in Cursor::root(&parsed.documents[0]).field("l").items() {
                    editor.remove(&item);
                    editor.rename_key(&item.field("id"), "name");
                    editor.set_bool(&item.field("id"), true);
                }
            },
        );
    }
}
