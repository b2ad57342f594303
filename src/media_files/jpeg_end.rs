//! Whether a JPEG file is whole. Decoders fill what is missing with grey, so a file that was cut off looks like a picture.

/// Whether the markers of a JPEG lead to its end.
pub(super) fn is_whole(bytes: &[u8]) -> bool {
    let mut at = 2;
    loop {
        let Some(marker) = next_marker(bytes, at) else { return false };
        match bytes[marker] {
            0xd9 => return true,
            // Without a length.
            0x01 | 0xd0..=0xd8 => at = marker + 1,
            _ => {
                let Some(&[high, low]) = bytes.get(marker + 1..marker + 3) else { return false };
                at = marker + 1 + usize::from(u16::from_be_bytes([high, low]));
            }
        }
    }
}

/// The place of the byte that names the next marker, from `at` on; what is between are the pixels.
fn next_marker(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = bytes.get(at..)?;
    let is_marker = |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0xff);
    rest.windows(2).position(is_marker).map(|found| at + found + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_that_was_cut_off_is_not_whole() {
        // With a second, small picture inside, which has an end of its own, and something behind the end.
        let whole = b"\xff\xd8\xff\xe1\x00\x06\xff\xd8\xff\xd9\xff\xda\x00\x02ab\xff\x00c\xff\xd0d\xff\xd9 and more";
        assert!(is_whole(whole));
        for length in 0..whole.len() - 9 {
            assert!(!is_whole(&whole[..length]), "{length}");
        }
    }
}
