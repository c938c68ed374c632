use crate::html::tokenizer::*;

/// Describes each token: what a browser would report, and the source text.
fn token_list(html: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let stopped = scan::<()>(html, |token| {
        tokens.push(match token {
            Token::Open(tag) => {
                let attributes: Vec<_> = tag
                    .attributes()
                    .map(|a| format!("{}={}|{}|{}", a.name, a.value, &html[a.range], &html[a.value_range]))
                    .collect();
                let end = if tag.finished { "" } else { "!" };
                format!("{}{end} {} [{}]", tag.name, &html[tag.range], attributes.join("; "))
            }
            Token::Close { name, range } => format!("/{name} {}", &html[range]),
            Token::Text(range) => format!("'{}'", &html[range]),
            Token::Comment(range) => format!("comment {}", &html[range]),
            Token::Doctype(range) => format!("doctype {}", &html[range]),
        });
        ControlFlow::Continue(())
    });
    assert!(stopped.is_none());
    tokens
}

#[test]
fn tokens_cover_the_text_without_gaps_or_overlaps() {
    let cases: &[(&str, &[&str])] = &[
        ("", &[]),
        ("a &amp; b", &["'a &amp; b'"]),
        ("<P>x</P >", &["p <P> []", "'x'", "/p </P >"]),
        ("<!DOCTYPE html>\r\n<br/>", &["doctype <!DOCTYPE html>", "'\r\n'", "br <br/> []"]),
        ("<!--[if mso]>x<![endif]-->y", &["comment <!--[if mso]>x<![endif]-->", "'y'"]),
        ("<?php x ?>", &["comment <?php x ?>"]),
        ("a < b <3 </> c", &["'a < b <3 </> c'"]),
        ("<title>a<b></title><b>", &["title <title> []", "'a<b>'", "/title </title>", "b <b> []"]),
        ("<style>a{}</style>", &["style <style> []", "'a{}'", "/style </style>"]),
        ("<script>if(a</b>/)</script>", &["script <script> []", "'if(a</b>/)'", "/script </script>"]),
        ("<noscript><i>", &["noscript <noscript> []", "i <i> []"]),
        ("<svg><style><i>", &["svg <svg> []", "style <style> []", "i <i> []"]),
        ("<!-- open", &["comment <!-- open"]),
    ];
    for (html, expected) in cases {
        assert_eq!(token_list(html), *expected, "{html}");
    }
}

#[test]
fn attributes_come_in_source_order_with_exact_bytes() {
    let cases: &[(&str, &[&str])] = &[
        ("<a b=xyz c>", &["a <a b=xyz c> [b=xyz|b=xyz|xyz; c=|c|]"]),
        ("<a z='1' B=\"\">", &["a <a z='1' B=\"\"> [z=1|z='1'|1; b=|B=\"\"|]"]),
        ("<a b = x&amp;y/>", &["a <a b = x&amp;y/> [b=x&y/|b = x&amp;y/|x&amp;y/]"]),
        ("<a b=1 b=2>", &["a <a b=1 b=2> [b=1|b=1|1; b=2|b=2|2]"]),
        ("<a\r\nü=é\r\n>", &["a <a\r\nü=é\r\n> [ü=é|ü=é|é]"]),
        ("<a b='\r\n&#106;' c>", &["a <a b='\r\n&#106;' c> [b=\nj|b='\r\n&#106;'|\r\n&#106;; c=|c|]"]),
        ("<a b=&ampx>", &["a <a b=&ampx> [b=&ampx|b=&ampx|&ampx]"]),
        ("</p a=1>", &["/p </p a=1>"]),
        ("<a b=>", &["a <a b=> [b=|b=|]"]),
    ];
    for (html, expected) in cases {
        assert_eq!(token_list(html), *expected, "{html}");
    }
}

#[test]
fn a_truncated_tag_is_unfinished() {
    let cases: &[(&str, &[&str])] = &[
        ("x<a href=\"y z", &["'x'", "a! <a href=\"y z [href=y z|href=\"y z|y z]"]),
        ("<a b='c>", &["a! <a b='c> [b=c>|b='c>|c>]"]),
        ("<img src=x onerror=y ", &["img! <img src=x onerror=y  [src=x|src=x|x; onerror=y|onerror=y|y]"]),
        ("1 < 2 <di", &["'1 < 2 '", "di! <di []"]),
        ("x</p", &["'x'", "/p </p"]),
        ("x<", &["'x<'"]),
    ];
    for (html, expected) in cases {
        assert_eq!(token_list(html), *expected, "{html}");
    }
}

#[test]
fn entities_are_decoded_as_a_browser_does() {
    for (text, expected) in
        [("a", "a"), ("&#123;&lbrace;&amp;amp;", "{{&amp;"), ("AT&T &copy 1", "AT&T © 1"), ("&#x6A;<b>&", "j<b>&")]
    {
        assert_eq!(decode(text), expected);
    }
}
