//! Finds phrases that native speakers do not write in messages and documents, and British spellings.

/// Phrases, each with a better wording. A phrase matches whole words, in any letter case, outside code. A `*` at the end stands for
/// the rest of a word.
const REJECTED: [(&str, &str); 166] = [
    ("a gap to be filled in", "an unfilled placeholder"),
    ("acknowledgement*", "acknowledgment"),
    ("afterwards", "afterward"),
    ("amongst", "among"),
    ("an alias of an alias", "the CNAME chain is too long"),
    ("analyse", "analyze"),
    ("analysed", "analyzed"),
    ("analysing", "analyzing"),
    ("and nothing is compared but", "only"),
    ("anew", "again"),
    ("answered with", "returned"),
    ("answers for", "reflects"),
    ("any more", "no longer"),
    ("are covered in", "are masked in"),
    ("artefact*", "artifact"),
    ("as bad as", "at least as severe as"),
    ("as good as", "nearly"),
    ("as if it were not", "missing"),
    ("as it was written there", "unchanged"),
    ("asks for more than", "needs"),
    ("authoris*", "authoriz"),
    ("backwards", "backward"),
    ("be had", "be retrieved"),
    ("behaviour*", "behavior"),
    ("behind it", "after it"),
    ("behind the", "after the"),
    ("broken off", "closed"),
    ("business of", "checked by"),
    ("cancelled", "canceled"),
    ("cancelling", "canceling"),
    ("cannot be one", "is invalid"),
    ("catalogue*", "catalog"),
    ("centre*", "center"),
    ("certificate holds", "certificate expires"),
    ("certificates to trust beside", "additional trusted certificates"),
    ("closes nothing", "without a matching"),
    ("colour*", "color"),
    ("compared but", "compared except"),
    ("could be better", "advice"),
    ("counted up", "sequential"),
    ("customis*", "customiz"),
    ("days yet", "days until"),
    ("defaults hold", "using defaults"),
    ("defence", "defense"),
    ("enrol", "enroll"),
    ("favour*", "favor"),
    ("flavour*", "flavor"),
    ("for once", "without installing"),
    ("forwards", "forward"),
    ("found any more", "no longer found"),
    ("fulfil", "fulfill"),
    ("generalis*", "generaliz"),
    ("good for nothing", "unused"),
    ("grey", "gray"),
    ("has a look", "checks"),
    ("has such a thing", "has such an object"),
    ("heed", "follow"),
    ("heeded", "followed"),
    ("held against", "compared with"),
    ("hold for", "apply to"),
    ("honour*", "honor"),
    ("html", "HTML"),
    ("id", "ID"),
    ("ids", "IDs"),
    ("in place of which", "instead"),
    ("initialis*", "initializ"),
    ("inside of", "inside"),
    ("is believed", "counts"),
    ("it is so for", "for which this applies"),
    ("it is there", "it exists"),
    ("judgement*", "judgment"),
    ("keep no bot out", "let every request pass"),
    ("labelled", "labeled"),
    ("lead astray", "deceive"),
    ("leads nowhere", "has no target"),
    ("learnt", "learned"),
    ("least severity", "severity or higher"),
    ("left in peace", "skipped"),
    ("left out and said", "omitted, with a message"),
    ("lets strangers", "lets non-customers"),
    ("levelled", "leveled"),
    ("licence*", "license"),
    ("look at what", "check what"),
    ("looks as if", "seems"),
    ("made up", "not real"),
    ("may be given several times", "can be repeated"),
    ("may not be read", "permission denied"),
    ("mend", "fix"),
    ("minimis*", "minimiz"),
    ("misspelt", "misspelled"),
    ("modelled", "modeled"),
    ("modelling", "modeling"),
    ("named files too", "also named files"),
    ("needs neither", "does not need"),
    ("needs none", "needs no key"),
    ("neighbour*", "neighbor"),
    ("no more than", "only"),
    ("nobody asks", "unused"),
    ("nobody expects", "unexpected"),
    ("nobody sees", "invisible"),
    ("none of HTTP", "not an HTTP proxy"),
    ("none that", "not a valid"),
    ("normalis*", "normaliz"),
    ("nothing but", "only"),
    ("nothing of that", "none of these"),
    ("of which command", "command"),
    ("of which shell", "shell"),
    ("offence*", "offense"),
    ("on hovering", "on hover"),
    ("one a finding", "one per finding"),
    ("one a line", "one per line"),
    ("optimis*", "optimiz"),
    ("organis*", "organiz"),
    ("outside of", "outside"),
    ("probably what was meant", "may change the meaning"),
    ("programme", "program"),
    ("put right", "corrected"),
    ("recognis*", "recogniz"),
    ("said no more", "no longer reported"),
    ("say so", "report it"),
    ("say which", "show which"),
    ("says no more", "only repeats"),
    ("see to it", "make sure"),
    ("sends elsewhere", "redirects"),
    ("serialis*", "serializ"),
    ("settings hold", "settings apply"),
    ("signalled", "signaled"),
    ("somebody may", "anybody could"),
    ("speaks", "reports"),
    ("spelt", "spelled"),
    ("spoke", "reported"),
    ("stand beside", "are next to"),
    ("stands", "is"),
    ("summaris*", "summariz"),
    ("synchronis*", "synchroniz"),
    ("take a snapshot of it", "manage the snapshot"),
    ("take over", "copy"),
    ("tells by", "detects"),
    ("that is there", "that exists"),
    ("the matter of", "checked by"),
    ("the next who", "the next person who"),
    ("there is nothing in it", "it is empty"),
    ("to look at", "warnings"),
    ("told as", "described as"),
    ("told by", "recognized by"),
    ("told with", "uses"),
    ("totalled", "totaled"),
    ("towards", "toward"),
    ("travelled", "traveled"),
    ("unauthoris*", "unauthoriz"),
    ("utilis*", "utiliz"),
    ("visualis*", "visualiz"),
    ("was asked for", "was requested"),
    ("what completes", "completions"),
    ("what decisions allow", "allowed findings"),
    ("what is not there", "broken symlink"),
    ("what is there", "what exists"),
    ("what it asks about", "the field"),
    ("what somebody", "what anybody"),
    ("which settings hold", "the effective settings"),
    ("whilst", "while"),
    ("white space", "whitespace"),
    ("who are no", "non-"),
    ("whose name is none", "with an invalid name"),
    ("without one nothing", "nothing if there are none"),
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
            match part.strip_suffix('*') {
                Some(stem) => word.get(..stem.len()).is_some_and(|start| start.eq_ignore_ascii_case(stem)),
                // These words are correct in capitals only.
                None if matches!(part, "html" | "id" | "ids") => part == word,
                None => part.eq_ignore_ascii_case(word),
            }
        };
        if words.windows(parts.len()).any(|window| parts.iter().zip(window).all(|(part, word)| matches(part, word))) {
            found.push(format!("\"{phrase}\": write \"{better}\""));
        }
    }
    // "2 warning", but not "2. warning".
    let counts = regex::Regex::new(r"\b(\d+) (?:error|finding|warning)\b").expect("a pattern");
    for count in counts.captures_iter(&prose).filter(|count| &count[1] != "1") {
        found.push(format!("\"{}\": write the plural", &count[0]));
    }
    // "is no portal" and "is none", but not "there is no portal" and "is no longer".
    for (index, window) in words.windows(3).enumerate() {
        let is_denied = matches!(&*window[1], "is" | "are" | "was") && matches!(&*window[2], "no" | "none");
        let is_longer = words.get(index + 3).is_some_and(|next| next == "longer");
        if is_denied && !is_longer && !matches!(&*window[0].to_lowercase(), "there" | "where") {
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
    assert_eq!(problems("it is no longer null if there is none"), [""; 0]);
    assert_eq!(problems("there is no portal, and the `html` has no id=1"), [""; 0]);
    assert_eq!(problems("```json\nan id\n```\nThe ID, and HTML"), [""; 0]);
}

#[test]
fn samples_of_bad_wording_are_rejected() {
    for sample in SAMPLES {
        assert!(!problems(sample).is_empty(), "{sample}");
    }
}

/// Sentences of earlier versions of the program and of its documents.
const SAMPLES: [&str; 64] = [
    "The RevCent account: take a snapshot of it",
    "To look at",
    "do not install what somebody may put there",
    "# for once",
    "or as bad as `--fail-on` says",
    "its wheel needs neither Rust nor minutes",
    "what a field is, and which rules watch it, on hovering",
    "What is no portal or is excluded is left in peace",
    "An item that several of these hold for is the first of them",
    "what asks for more than that it is there is unverified",
    "`--fix` answers for what is left",
    "(to be read: secrets are covered in it)",
    "a decision without a reason, past its day or good for nothing is a finding itself",
    "That a server says something nobody expects is none",
    "Without a key what needs none is done",
    "That RevCent has no such thing is believed of an answer",
    "What repeats a secret of the portals is left out and said",
    "what is there in the other one looks as if it were not",
    "Print what completes commands and options in a shell",
    "also fixes that are only probably what was meant",
    "The least severity that fails the run",
    "Named files, too, only if walking their folder would find them",
    "Say how often each rule spoke",
    "The findings and nothing else; without one, nothing",
    "What the bodies are; auto tells by their content",
    "What decisions allow counts as well",
    "Say which settings hold",
    "Of which shell",
    "Of which command",
    "this is no portal but an empty document",
    "mend what is missing or misspelt",
    "what it asks about is not written",
    "Could be better",
    "4 warning, 1 no-go",
    "this allows RCP016, and nothing of that is found any more",
    "defaults hold, and nothing is compared but the files of this run",
    "is a link to what is not there",
    "may not be read",
    "the proxy of the environment is none of HTTP",
    "an alias of an alias, and so on",
    "its name is none that TLS knows",
    "receivers then heed none",
    "a gap to be filled in",
    "characters counted up",
    "People who are no customers yet can register",
    "or lead astray",
    "RCP009 speaks",
    "on how many days yet the certificate holds",
    "The next who submits the file",
    "What nobody asks any more is gone",
    "are inside of the root",
    "it is no JSON",
    "its `paths` are no object",
    "its references lead too deep, there is nothing in it",
    "is not told as `application/json`",
    "its reference leads nowhere",
    "a colourful catalogue",
    "the call centre",
    "recognised behaviour",
    "the certificates to trust beside those of the system",
    "may be given several times",
    "one a line",
    "as it was written there",
    "RevCent has such a thing",
];
