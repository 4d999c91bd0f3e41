//! Reads what the browser sends as base64.

/// The bytes; signs that are no base64 are passed over.
pub(crate) fn decode(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let mut bits = 0_u32;
    let mut held = 0;
    for sign in text.bytes() {
        let value = match sign {
            b'A'..=b'Z' => sign - b'A',
            b'a'..=b'z' => sign - b'a' + 26,
            b'0'..=b'9' => sign - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => continue,
        };
        bits = (bits << 6) | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
            bits &= (1 << held) - 1;
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn base64_of_each_length_is_read() {
        assert_eq!(decode("SGVkZGxl"), b"Heddle");
        assert_eq!(decode("SGVkZGw="), b"Heddl");
        assert_eq!(decode("SGVkZA=="), b"Hedd");
        assert_eq!(decode("/+8="), [0xff, 0xef]);
    }
}
