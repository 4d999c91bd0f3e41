//! How values of every atomic type are kept in words of one size.

/// What the bits of a word mean.
///
/// A value is kept in the *upper* bits of a 64-bit word, so that addition wraps where the
/// value's own type would wrap, and so that a narrow type leaves words that no value has: the
/// model's sequential pass needs one of those to compare with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WordFormat {
    Bool,
    Unsigned { bits: u32 },
    Signed { bits: u32 },
    Pointer,
}

impl WordFormat {
    /// The word of a value, given as its own bits.
    pub(crate) fn encode(self, bits: u64) -> u64 {
        bits << (64 - self.bits())
    }

    /// The value's own bits, given its word.
    pub(crate) fn decode(self, word: u64) -> u64 {
        word >> (64 - self.bits())
    }

    fn bits(self) -> u32 {
        match self {
            WordFormat::Bool => 1,
            WordFormat::Unsigned { bits } | WordFormat::Signed { bits } => bits,
            WordFormat::Pointer => 64,
        }
    }

    /// The word as a person would write its value.
    #[cfg(feature = "model")]
    pub(crate) fn show(self, word: u64) -> String {
        let bits = self.decode(word);
        match self {
            WordFormat::Bool => (bits != 0).to_string(),
            WordFormat::Unsigned { .. } => unsigned(bits),
            // The shift back repeats the sign.
            WordFormat::Signed { bits } => (word.cast_signed() >> (64 - bits)).to_string(),
            WordFormat::Pointer if bits == 0 => "null".to_owned(),
            WordFormat::Pointer => format!("{bits:#x}"),
        }
    }
}

/// A number in decimal, or in groups of hexadecimal digits where it is so large that it may rather
/// be several things in one word: then its bits can be read.
#[cfg(feature = "model")]
fn unsigned(bits: u64) -> String {
    let is_one_bit = bits.is_power_of_two() && bits >= 1 << 16;
    if bits < 1 << 24 && !is_one_bit {
        return bits.to_string();
    }
    let digits = format!("{bits:x}");
    let mut shown = String::from("0x");
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(4) {
            shown.push('_');
        }
        shown.push(digit);
    }
    shown
}

/// What a read-modify-write does to a word, besides a swap or a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    Add,
    Sub,
    And,
    Nand,
    Or,
    Xor,
    Max,
    Min,
}

impl Change {
    /// The word after the change.
    pub(crate) fn apply(self, format: WordFormat, word: u64, operand: u64) -> u64 {
        let signed = matches!(format, WordFormat::Signed { .. });
        match self {
            Change::Add => word.wrapping_add(operand),
            Change::Sub => word.wrapping_sub(operand),
            Change::And => word & operand,
            Change::Nand => format.encode(format.decode(!(word & operand))),
            Change::Or => word | operand,
            Change::Xor => word ^ operand,
            Change::Max if signed => word
                .cast_signed()
                .max(operand.cast_signed())
                .cast_unsigned(),
            Change::Min if signed => word
                .cast_signed()
                .min(operand.cast_signed())
                .cast_unsigned(),
            Change::Max => word.max(operand),
            Change::Min => word.min(operand),
        }
    }

    /// The name of the operation, as the subject wrote it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Change::Add => "fetch_add",
            Change::Sub => "fetch_sub",
            Change::And => "fetch_and",
            Change::Nand => "fetch_nand",
            Change::Or => "fetch_or",
            Change::Xor => "fetch_xor",
            Change::Max => "fetch_max",
            Change::Min => "fetch_min",
        }
    }
}

#[cfg(all(test, feature = "model"))]
mod tests {
    use super::unsigned;

    /// What people count with stays decimal; words of several parts show their bits.
    #[test]
    fn large_numbers_show_their_bits() {
        for (bits, shown) in [
            (0, "0"),
            (100_000, "100000"),
            (1 << 17, "0x2_0000"),
            (0x1_8040_0001, "0x1_8040_0001"),
        ] {
            assert_eq!(unsigned(bits), shown);
        }
    }
}
