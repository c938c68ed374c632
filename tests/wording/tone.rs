//! Finds phrases that native speakers do not write in messages and documents, and British spellings.

/// Phrases, each with a better wording. A phrase matches whole words, in any letter case, outside code.
const REJECTED: [(&str, &str); 69] = [
    ("a gap to be filled in", "an unfilled placeholder"),
    ("an alias of an alias", "the CNAME chain is too long"),
    ("any more", "no longer"),
    ("anew", "again"),
    ("answered with", "returned"),
    ("as bad as", "at least as severe as"),
    ("as good as", "nearly"),
    ("be had", "be retrieved"),
    ("behind it", "after it"),
    ("behind the", "after the"),
    ("broken off", "closed"),
    ("business of", "checked by"),
    ("cancelled", "canceled"),
    ("cancelling", "canceling"),
    ("cannot be one", "is invalid"),
    ("centre", "center"),
    ("closes nothing", "without a matching"),
    ("colour", "color"),
    ("counted up", "sequential"),
    ("for once", "without installing"),
    ("good for nothing", "unused"),
    ("has a look", "checks"),
    ("heed", "follow"),
    ("held against", "compared with"),
    ("html", "HTML"),
    ("id", "ID"),
    ("ids", "IDs"),
    ("in place of which", "instead"),
    ("is none", "is not a"),
    ("are none", "are not"),
    ("it is so for", "for which this applies"),
    ("keep no bot out", "let every request pass"),
    ("labelled", "labeled"),
    ("lead astray", "deceive"),
    ("left in peace", "skipped"),
    ("lets strangers", "lets non-customers"),
    ("look at what", "check what"),
    ("made up", "not real"),
    ("may not be read", "permission denied"),
    ("mend", "fix"),
    ("misspelt", "misspelled"),
    ("needs neither", "does not need"),
    ("no more than", "only"),
    ("nobody sees", "invisible"),
    ("none of HTTP", "not an HTTP proxy"),
    ("none that", "not a valid"),
    ("nothing but", "only"),
    ("put right", "corrected"),
    ("said no more", "no longer reported"),
    ("say so", "report it"),
    ("says no more", "only repeats"),
    ("see to it", "make sure"),
    ("sends elsewhere", "redirects"),
    ("speaks", "reports"),
    ("spelt", "spelled"),
    ("spoke", "reported"),
    ("stand beside", "are next to"),
    ("stands", "is"),
    ("take over", "copy"),
    ("that is there", "that exists"),
    ("the matter of", "checked by"),
    ("told by", "recognized by"),
    ("was asked for", "was requested"),
    ("what is there", "what exists"),
    ("what is not there", "broken symlink"),
    ("white space", "whitespace"),
    ("who are no", "non-"),
    ("whose name is none", "with an invalid name"),
    ("written out", "in plain text"),
];

/// Describes the rejected phrases in a text.
pub fn problems(text: &str) -> Vec<String> {
    let prose = without_code(text);
    let words: Vec<String> = prose
        .split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’' | '-' | '_' | '.' | '/'))
        .map(|word| word.trim_matches(['.', '-', '/', '\'']).to_owned())
        .filter(|word| !word.is_empty())
        .collect();
    let mut found = Vec::new();
    for (phrase, better) in REJECTED {
        let parts: Vec<&str> = phrase.split(' ').collect();
        let matches = |part: &str, word: &str| {
            // These words are correct in capitals only.
            if matches!(part, "html" | "id" | "ids") { part == word } else { part.eq_ignore_ascii_case(word) }
        };
        if words.windows(parts.len()).any(|window| parts.iter().zip(window).all(|(part, word)| matches(part, word))) {
            found.push(format!("\"{phrase}\": write \"{better}\""));
        }
    }
    // "is no portal", but not "there is no portal".
    for window in words.windows(3) {
        let is_denied = window[2] == "no" && matches!(&*window[1], "is" | "are" | "was");
        if is_denied && !matches!(&*window[0].to_lowercase(), "there" | "where") {
            found.push(format!("\"{}\": write \"{} not a\"", window.join(" "), window[..2].join(" ")));
        }
    }
    found
}

/// The text without code blocks, code spans, URLs and the targets of links.
fn without_code(text: &str) -> String {
    let mut prose = String::new();
    let mut is_block = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            is_block = !is_block;
        } else if !is_block && !line.starts_with("    ") {
            prose += line;
        }
        prose.push('\n');
    }
    let outside_spans = prose.split('`').step_by(2).collect::<Vec<_>>().join(" x ");
    let mut words = Vec::new();
    for word in outside_spans.split_whitespace() {
        let is_address = word.contains("://") || word.contains("](") || word.contains(".md") || word.contains('=');
        words.push(if is_address { "x" } else { word });
    }
    words.join(" ")
}

#[test]
fn phrases_are_found_in_prose_and_not_in_code() {
    assert_eq!(problems("the file is no portal").len(), 1);
    assert_eq!(problems("A field that nobody sees, misspelt").len(), 2);
    assert_eq!(problems("there is no portal, and the `html` has no id=1"), [""; 0]);
    assert_eq!(problems("```json\nan id\n```\nThe ID, and HTML"), [""; 0]);
}
