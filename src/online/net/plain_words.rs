//! Quotes texts of services that received the API key or another secret. Only known words and short numbers are quoted: no other
//! text, however it is encoded, can repeat a part of a secret.

/// The words of error messages and content types. Their case does not matter.
const KNOWN_WORDS: &str = "a able about accept accepted access account accounts action active activity actual add address addresses after \
    again all allow allowed already also amount an and another any api app application are argument arguments array as associated at \
    attempt attempts authenticate authenticated authentication authorization authorize authorized available back bad balance base be \
    because been before begins belong belongs between billing blocked body boolean both business but by call called calls campaign \
    campaigns can cannot caused change changed character characters check client closed code company connect connection contact \
    contain contains content correct could count create created credential credentials current currently customer customers data \
    database date day days deactivated default delete deleted denied deprecated details did different disabled do does doesn doing \
    domain domains don done down due duplicate during each edit email emails empty enable enabled encoding end endpoint ended ends \
    entity error errors exceed exceeded exceeds exist existing exists expected expired expires failed failure fatal feature field \
    fields filter first for forbidden form format found from full function future gateway general get given go got group had has \
    have header headers higher host hour hours HTML http https ID identifier IDs if image in inactive include includes incorrect \
    information input insufficient integer internal invalid invoice ip is isn issue it item items its javascript json key keys kind \
    known large last later least length less level like limit limited limits link list live load loading locked log login long longer \
    lost maintenance malformed match matching maximum may merchant message method minimum minute minutes missing mode model module \
    month more must name names need needed needs network never new next no none not notfound null number object objects of off offset \
    ok old on one only open operation option or order other our out over overload overloaded own owner page pages parameter \
    parameters parent parse part password past path pay payment pending per period permission permissions permit permitted \
    plain plan please policy portal portals positive post present private problem processing product production profile property \
    provide provided proxy public put quota range rate reached read reason received record records refused reject rejected remove \
    removed replaced request requested requests require required requires resource resources response restricted result results \
    retry return returned revcent revoked role same schema scope search second seconds secret secure security see select send sent \
    server service session set setting settings shop shops short should show site size small smtp some something specified start \
    started starts state status still store string subscription subscriptions successful such suffix support supported suspended \
    syntax system temporarily temporary test text than that the their them then there these they third this those time timeout timed \
    times to token too tracking transaction try type unable unauthorized unavailable unexpected unique unknown unlimited unprocessable \
    unrecognized unsupported until up update updated url us usage use used user users using valid validation value values version \
    wait was we website webhook went were what when where whether which while whitelist whitelisted who will with within without word \
    wrong xml year yes yet you your zero";

/// The number of characters that are quoted.
const MAX_CHARS: usize = 160;

/// No more characters of a text are read.
const MAX_READ_CHARS: usize = 1_000;

/// The number of digits that are quoted. Eight characters would be too much of a secret.
const MAX_DIGITS: usize = 7;

/// What replaces the other words.
const OMITTED: char = '…';

/// The known words of a text, with an ellipsis for everything between them. `None` if there are none.
pub(super) fn quote_plain_words(text: &str) -> Option<String> {
    let chars: Vec<char> = text.chars().take(MAX_READ_CHARS).collect();
    let mut quoted = String::new();
    let (mut digit_count, mut has_words, mut has_more) = (0, false, chars.len() == MAX_READ_CHARS);
    for part in chars.chunk_by(|a, b| is_same_part(*a, *b)) {
        if quoted.chars().count() > MAX_CHARS {
            has_more = true;
            break;
        }
        let part: String = part.iter().collect();
        if !is_word_char(part.chars().next().unwrap_or_default()) {
            push_separator(&mut quoted, &part);
            continue;
        }
        let is_number = part.bytes().all(|byte| byte.is_ascii_digit()) && !ends_with_omission(&quoted);
        if is_number {
            digit_count += part.len();
        }
        if (is_number && digit_count <= MAX_DIGITS) || is_known_word(&part, &quoted) {
            has_words = true;
            quoted.push_str(&part);
        } else {
            push_omission(&mut quoted);
        }
    }
    if has_more {
        push_omission(&mut quoted);
    }
    has_words.then(|| quoted.trim().to_owned())
}

/// Whether a word after the text `before` is known.
fn is_known_word(word: &str, before: &str) -> bool {
    // `t` as in `doesn't`.
    let is_ending = before.ends_with('\'') && ["s", "t"].contains(&word);
    is_ending || KNOWN_WORDS.split_whitespace().any(|known| known.eq_ignore_ascii_case(word))
}

fn is_word_char(c: char) -> bool {
    c.is_alphanumeric()
}

/// Whether two characters next to each other belong to the same word, number, or text between words. `NotFound` is two words.
fn is_same_part(a: char, b: char) -> bool {
    let starts_word = a.is_lowercase() && b.is_uppercase();
    is_word_char(a) == is_word_char(b) && !starts_word
}

/// Adds the text between two words: ordinary punctuation, and anything else as a space.
fn push_separator(quoted: &mut String, separator: &str) {
    let is_ordinary = |c: char| " .,:;!?'\"()-_/".contains(c);
    let is_short = separator.chars().nth(3).is_none();
    quoted.push_str(if is_short && separator.chars().all(is_ordinary) { separator } else { " " });
}

/// Whether the last word is omitted.
fn ends_with_omission(quoted: &str) -> bool {
    quoted.trim_end_matches(|c| !is_word_char(c) && c != OMITTED).ends_with(OMITTED)
}

/// Adds an ellipsis for a word, and for the omitted words and the numbers before it.
fn push_omission(quoted: &mut String) {
    let end = quoted.rfind(|c: char| c.is_alphabetic()).map_or(0, |last| last + 1);
    let first_removed = quoted[end..].find(|c: char| c == OMITTED || c.is_ascii_digit());
    quoted.truncate(first_removed.map_or(quoted.len(), |position| end + position));
    quoted.push(OMITTED);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quote(text: &str) -> String {
        quote_plain_words(text).unwrap_or_default()
    }

    #[test]
    fn known_words_and_short_numbers_are_quoted() {
        for text in [
            "the API key is not known",
            "invalid_api_key",
            "TrackingDomainNotFound",
            "You don't have permission to access 'campaigns' (code 10404).",
            "Rate limit exceeded: 100 requests per 60 seconds",
            "text/html",
            "\"1\"",
            "1.0",
        ] {
            assert_eq!(quote(text), text);
        }
    }

    #[test]
    fn everything_else_is_omitted() {
        for (text, quoted) in [
            ("key rk_live_9fQ2 unknown", "key …_live_… unknown"),
            ("the key \u{1b}[31mff is\r\nwrong\u{202e}", "the key … is wrong"),
            ("ABC def, ghi jkl. The key", "…. The key"),
            ("use 127.0.0.1 or 1234567 or 12345678", "use 127.0.0.1 or … or …"),
            ("key 30 31 32 33 34 35 is bad", "key … is bad"),
            ("ｔｈｅ the kёy", "… the …"),
            ("not-----known", "not known"),
        ] {
            assert_eq!(quote(text), quoted, "{text}");
        }
        for text in ["", " ", "\u{200b}", "кey", "xkcd"] {
            assert_eq!(quote_plain_words(text), None, "{text}");
        }
    }

    #[test]
    fn a_long_text_is_cut() {
        let quoted = quote(&"no ".repeat(1_000_000));
        assert!(quoted.ends_with("no…") && quoted.chars().count() <= MAX_CHARS + 4, "{quoted}");
        assert_eq!(quote(&"xkcd ".repeat(1_000_000)), "");
    }
}
