//! Converts the numbers of YAML to those of JSON.

use std::borrow::Cow;

/// Returns the JSON number with the same value; `None` for infinity, not-a-number, and a hexadecimal or octal number that is too
/// large.
///
/// `number` is a number of YAML's core schema (YAML 1.2, section 10.3.2), which also allows `+5`, `007`, `.5`, `1.`, `0x1F` and
/// `0o17`. A number that JSON allows is not changed.
pub(crate) fn to_json_number(number: &str) -> Option<Cow<'_, str>> {
    for (prefix, radix) in [("0x", 16), ("0o", 8)] {
        if let Some(digits) = number.strip_prefix(prefix) {
            return Some(u128::from_str_radix(digits, radix).ok()?.to_string().into());
        }
    }
    let unsigned = number.strip_prefix(['-', '+']).unwrap_or(number);
    let mantissa_len = unsigned.find(['e', 'E']).unwrap_or(unsigned.len());
    let (mantissa, exponent) = unsigned.split_at(mantissa_len);
    let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if !has_only_digits(integer) || !has_only_digits(fraction) {
        return None;
    }
    let digits = integer.trim_start_matches('0');
    let integer = if digits.is_empty() { "0" } else { digits };
    let sign = if number.starts_with('-') { "-" } else { "" };
    let point = if fraction.is_empty() { "" } else { "." };
    let json = format!("{sign}{integer}{point}{fraction}{exponent}");
    Some(if json == number { Cow::Borrowed(number) } else { Cow::Owned(json) })
}

/// Whether programs read a decimal number as infinity, because it is too large for a floating-point number of 64 bits.
pub(crate) fn is_read_as_infinity(number: &str) -> bool {
    number.parse::<f64>().is_ok_and(f64::is_infinite)
}

fn has_only_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_yaml_become_numbers_of_json() {
        for (number, json) in [
            ("+5", "5"),
            ("-5", "-5"),
            ("007", "7"),
            ("-00", "-0"),
            (".5", "0.5"),
            ("-.5e+3", "-0.5e+3"),
            ("1.", "1"),
            ("1.e5", "1e5"),
            ("01.50E-05", "1.50E-05"),
            ("0x1F", "31"),
            ("0o17", "15"),
            ("1e400", "1e400"),
            (
                "12345678901234567890123456789012345678901234567890",
                "12345678901234567890123456789012345678901234567890",
            ),
        ] {
            assert_eq!(to_json_number(number).as_deref(), Some(json), "{number}");
        }
        let too_large = format!("0x1{}", "0".repeat(32));
        for number in [".inf", "-.INF", "+.Inf", ".nan", ".NaN", &too_large] {
            assert_eq!(to_json_number(number), None, "{number}");
        }
    }

    #[test]
    fn only_a_number_above_the_range_of_floating_point_is_read_as_infinity() {
        let digits = "9".repeat(309);
        for number in ["1e400", "-1.0e+400", "1.8E308", ".1e310", "+1.e309", &digits] {
            assert!(is_read_as_infinity(number), "{number}");
        }
        for number in ["1.7e308", "-1e308", "1e-400", "0e400", &digits[1..], ".inf", ".nan", "0x1F"] {
            assert!(!is_read_as_infinity(number), "{number}");
        }
    }
}
