//! Breaks texts into lines where no browser does: in drawings. How wide they are is estimated, rather a little too wide.

/// The text in lines of at most this width, `most` of them; what is longer ends with an ellipsis.
pub(super) fn broken(text: &str, size: i64, width: i64, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if measure(&format!("{line} {word}"), size) <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.extend(pieces(word, size, width)),
        }
    }
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            while !last.is_empty() && measure(last, size) + size > width {
                last.pop();
            }
            last.push('…');
        }
    }
    lines
}

/// A word that is longer than a line in pieces that are not.
fn pieces(word: &str, size: i64, width: i64) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for letter in word.chars() {
        let full =
            pieces.last().is_some_and(|piece| !piece.is_empty() && measure(&format!("{piece}{letter}"), size) > width);
        if full {
            pieces.push(String::new());
        }
        if let Some(piece) = pieces.last_mut() {
            piece.push(letter);
        }
    }
    pieces
}

fn measure(text: &str, size: i64) -> i64 {
    (text.chars().map(thousandths).sum::<i64>() * size + 999) / 1000
}

/// How wide a letter is, in thousandths of the size of the type.
const fn thousandths(letter: char) -> i64 {
    match letter {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '’' | '!' | '|' => 290,
        'f' | 'r' | 't' | ' ' | '(' | ')' | '-' | '/' => 370,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 900,
        'A'..='Z' => 700,
        '\u{1100}'.. => 1000,
        _ => 580,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_never_too_long_and_lose_nothing_before_the_last() {
        assert_eq!(
            broken("Service design, build and transition", 14, 120, 3),
            ["Service design,", "build and", "transition"]
        );
        assert_eq!(broken("", 14, 100, 3), [""; 0]);
        let long = broken(&"a".repeat(200), 14, 100, 3);
        assert_eq!((long.len(), long[2].ends_with('…')), (3, true));
        for line in broken("WWWW 一二三四五六七八九十 mmmmmmmmmmmmmmmmmm l", 14, 60, 20) {
            assert!(measure(&line, 14) <= 60, "{line}");
        }
    }
}
