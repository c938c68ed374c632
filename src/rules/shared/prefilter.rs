//! What stands in the lines of a body: its names, and the subjects and senders of its emails. Several rules look for some sign in
//! each, and in nearly no body there is any: one pass tells it to all of them.

use crate::model::portal::Portal;
use crate::syntax::cursor::Cursor;

/// Signs, each a bit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Signs(u8);

/// A line ends here, or NUL.
const BREAK: u8 = 1;
/// Where a shortcode of some system may start, or an entity.
const BRACKET: u8 = 1 << 1;
/// In the name of each permission.
const UNDERSCORE: u8 = 1 << 2;
/// Two letters that salvage has, and few lines have both.
const V: u8 = 1 << 3;
const G: u8 = 1 << 4;

/// Of each byte.
const OF_BYTE: [u8; 256] = {
    let mut signs = [0; 256];
    let mut byte: u8 = 0;
    while byte < 0x80 {
        signs[byte as usize] = match byte {
            b'\r' | b'\n' | 0 => BREAK,
            b'{' | b'}' | b'[' | b'%' | b'|' | b'<' | b'&' => BRACKET,
            b'_' => UNDERSCORE,
            b'v' | b'V' => V,
            b'g' | b'G' => G,
            _ => 0,
        };
        byte += 1;
    }
    signs
};

impl Signs {
    /// Those of all lines together.
    pub fn of(portal: &Portal<'_>) -> Self {
        let [confirm, reset] = portal.emails();
        let mut all = Self::of_line(&portal.display_name);
        for line in [&confirm.subject, &confirm.from_name, &reset.subject] {
            all.add(Self::of_line(line));
        }
        // What is not shown to customers is for one rule alone.
        for line in [&portal.name, &confirm.from] {
            all.add(Self(Self::of_line(line).0 & BREAK));
        }
        // Nearly always both emails have one sender.
        for (line, other) in [(&reset.from_name, &confirm.from_name), (&reset.from, &confirm.from)] {
            if line.text() != other.text() {
                all.add(Self::of_line(line));
            }
        }
        all
    }

    /// Those of a text.
    fn of_line(line: &Cursor<'_>) -> Self {
        let signs = line.text().unwrap_or_default().bytes().fold(0, |signs, byte| signs | OF_BYTE[usize::from(byte)]);
        // The two letters count for something only where they are in one line.
        Self(if signs & (V | G) == V | G { signs } else { signs & !(V | G) })
    }

    fn add(&mut self, other: Self) {
        self.0 |= other.0;
    }

    /// Perhaps a line is none.
    pub fn break_a_line(self) -> bool {
        self.0 & BREAK != 0
    }

    /// Perhaps there is a shortcode.
    pub fn hold_a_bracket(self) -> bool {
        self.0 & BRACKET != 0
    }

    /// Perhaps there is a term of RevCent's system.
    pub fn name_a_term(self) -> bool {
        self.0 & (UNDERSCORE | V) != 0
    }
}
