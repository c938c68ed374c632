use super::*;
use crate::html::facts::ParsedHtml;

fn near_misses_of(html: &str) -> Vec<NearMiss> {
    ParsedHtml::from_email(html).facts(html).near_misses().to_vec()
}

#[test]
fn near_misses_are_found_with_their_bytes_and_kinds() {
    use NearMissKind::*;
    let cases: &[(&str, &str, NearMissKind)] = &[
        ("a {{ email_code }} b", "{{ email_code }}", Spaces),
        ("a {{\nemail_code}} b", "{{\nemail_code}}", Spaces),
        ("{{{email_code}}}", "{{{email_code}}}", ExtraBraces),
        ("{{{ email_code }}}", "{{{ email_code }}}", ExtraBraces),
        ("{{Email_Code}}", "{{Email_Code}}", LetterCase),
        ("{{EMAIL_CODE}}", "{{EMAIL_CODE}}", LetterCase),
        ("{{emailCode}}", "{{emailCode}}", Spelling),
        ("{{email-code}}", "{{email-code}}", Spelling),
        ("{{email code}}", "{{email code}}", Spelling),
        ("{{emailcode}}", "{{emailcode}}", Spelling),
        ("{{emial_code}}", "{{emial_code}}", Typo),
        ("{{email_cod}}", "{{email_cod}}", Typo),
        ("{{emailcdoe}}", "{{emailcdoe}}", Typo),
        ("{{e-mail_code}}", "{{e-mail_code}}", Spelling),
        ("{{еmail_code}}", "{{еmail_code}}", Typo),
        ("{{code}}", "{{code}}", OtherName),
        ("{{confirmation_code}}", "{{confirmation_code}}", OtherName),
        ("{{customer.email_code}}", "{{customer.email_code}}", OtherName),
        ("{{resetToken}}", "{{resetToken}}", OtherName),
        ("x {email_code} y", "{email_code}", OtherBrackets),
        ("x ${email_code} y", "${email_code}", OtherBrackets),
        ("[[email_code]]", "[[email_code]]", OtherBrackets),
        ("[email_code]", "[email_code]", OtherBrackets),
        ("%email_code%", "%email_code%", OtherBrackets),
        ("100% %%email_code%%", "%%email_code%%", OtherBrackets),
        ("<%= email_code %>", "<%= email_code %>", OtherBrackets),
        ("*|EMAIL_CODE|*", "*|EMAIL_CODE|*", OtherBrackets),
        ("x <email_code> y", "<email_code>", OtherBrackets),
        ("x &lt;email_code&gt; y", "&lt;email_code&gt;", OtherBrackets),
        ("{% email_code %}", "{% email_code %}", OtherBrackets),
        ("<b>{{email_code}</b>", "{{email_code}", UnevenBraces),
        ("<b>{email_code}}</b>", "{email_code}}", UnevenBraces),
        ("code: {{email_code, thanks", "{{email_code", UnevenBraces),
        ("code: email_code}}, thanks", "email_code}}", UnevenBraces),
        ("{{email_code}}}", "{{email_code}}}", UnevenBraces),
        ("&#123;&#123;email_code&#125;&#125;", "&#123;&#123;email_code&#125;&#125;", Entities),
        ("x &lbrace;{email_code&rbrace;&rcub; y", "&lbrace;{email_code&rbrace;&rcub;", Entities),
        ("{{email&lowbar;code}}", "{{email&lowbar;code}}", Entities),
        ("{{email_<b>code</b>}}", "{{email_<b>code</b>}}", SplitByTag),
        ("<i>{{</i>email_code<i>}}</i>", "{{</i>email_code<i>}}", SplitByTag),
        ("{{email_\u{200b}code}}", "{{email_\u{200b}code}}", InvisibleCharacter),
        ("{{#email_code}}", "{{#email_code}}", BlockStart),
        ("{{^ EMAIL_CODE }}", "{{^ EMAIL_CODE }}", BlockStart),
        ("{{&email_code}}", "{{&email_code}}", OtherCharacters),
        ("{{email_code.}}", "{{email_code.}}", OtherCharacters),
        ("{{ .email_code }}", "{{ .email_code }}", OtherCharacters),
        ("{{ Email_Code | upcase }}", "{{ Email_Code | upcase }}", OtherCharacters),
        ("{{email_code|default:\"-\"}}", "{{email_code|default:\"-\"}}", OtherCharacters),
        ("{{~email_code~}}", "{{~email_code~}}", Spelling),
        ("{{{{email_code}}}}", "{{{{email_code}}}}", ManyBraces),
    ];
    for (html, written, kind) in cases {
        let found: Vec<_> = near_misses_of(html).into_iter().map(|near| (&html[near.range], near.kind)).collect();
        assert_eq!(found, [(*written, *kind)], "{html}");
        assert!(html.contains(['{', '}']) || may_have_other_brackets(html), "{html}");
    }
}

#[test]
fn other_text_is_not_a_near_miss() {
    for html in [
        "",
        "{{email_code}}",
        "Your email code is on its way. The email_code is 6 digits.",
        "{{first_name}} {{email}} {{tracking_code}} {{discount_code}} {{email_body}} {{#if code}}",
        "<style>.code{color:red} @media x{.email_code{a:b}}</style>",
        "50% code 20% off [code] [1] a < code > b",
        "<p>{</p><p>email_code</p>",
        "<!-- {{ email_code }} -->",
        "<p hidden>{{ email_code }}</p>",
        "<a href='{{ email_code }}'>x</a>",
        "{} {{}} { { } } {{{}}} }} {{",
    ] {
        assert_eq!(near_misses_of(html), [], "{html}");
    }
}

#[test]
fn two_near_misses_are_two_in_order() {
    let found: Vec<_> = near_misses_of("[[email_code]] and {{code}}").iter().map(|near| near.range.clone()).collect();
    assert_eq!(found, [0..14, 19..27]);
}
