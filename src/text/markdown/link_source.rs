//! Writes present addresses into the source of a text, and nothing else.

use comrak::{Arena, nodes::NodeValue};

use super::{
    contents::{Target, targets},
    links::LinkAddresses,
    options,
    passages::{line_starts, range},
    reading::{TimeBudget, read},
};

/// The source of a text with the present addresses; as it is where they cannot be written for certain.
#[must_use]
pub(crate) fn write_into(text: &str, addresses: &LinkAddresses) -> String {
    if addresses.is_empty() {
        return text.to_owned();
    }
    let mut written = text.to_owned();
    for (start, end, address) in places(text, addresses).into_iter().rev() {
        written.replace_range(start..end, &address);
    }
    let wanted = targets(text).into_iter().map(|target| present(target, addresses));
    if targets(&written).into_iter().eq(wanted) { written } else { text.to_owned() }
}

fn present(target: Target, addresses: &LinkAddresses) -> Target {
    let now = addresses.get(&target.url).filter(|_| !target.is_picture).cloned();
    Target { url: now.unwrap_or(target.url), ..target }
}

/// Where in the source the addresses are, in order, and what they become.
fn places(text: &str, addresses: &LinkAddresses) -> Vec<(usize, usize, String)> {
    let arena = Arena::new();
    let Some(root) = read(&arena, text, &options(), TimeBudget::Full) else { return Vec::new() };
    let lines = line_starts(text);
    let (mut found, mut defined) = (Vec::new(), Vec::new());
    for node in root.descendants() {
        let data = node.data();
        let NodeValue::Link(link) = &data.value else { continue };
        let Some((url, now)) = addresses.get_key_value(&link.url) else { continue };
        let (start, end) = range(text, &lines, data.sourcepos);
        match text.get(start..end).and_then(|source| within(source, url)) {
            Some(at) => found.push((start + at, start + at + url.len(), now.clone())),
            None => defined.push((url, now)),
        }
    }
    for (url, now) in defined {
        let places = definitions(text, &lines, url);
        found.extend(places.into_iter().map(|at| (at, at + url.len(), now.clone())));
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Where the address is in the source of a link: behind its words, or alone.
fn within(source: &str, url: &str) -> Option<usize> {
    let behind_words = source.rmatch_indices("](").find_map(|(at, mark)| {
        let rest = source[at + mark.len()..].trim_start_matches([' ', '\t', '\n', '<']);
        let after = rest.strip_prefix(url)?;
        after.starts_with([')', '>', ' ', '\t', '\n']).then_some(source.len() - rest.len())
    });
    let alone = || {
        let bare = source.strip_prefix('<').unwrap_or(source);
        bare.starts_with(url).then_some(source.len() - bare.len())
    };
    behind_words.or_else(alone)
}

/// Where `[name]: address` says this address.
fn definitions(text: &str, lines: &[usize], url: &str) -> Vec<usize> {
    let at = |start: &usize| {
        let line = text.get(*start..)?.lines().next()?;
        let name = line.find("]:").filter(|_| line.trim_start().starts_with('['))?;
        let behind = &line[name + 2..];
        let rest = behind.trim_start().trim_start_matches('<');
        let after = rest.strip_prefix(url)?;
        let ends = after.is_empty() || after.starts_with([' ', '\t', '>']);
        ends.then_some(start + line.len() - rest.len())
    };
    lines.iter().filter_map(at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_written_into_the_source() {
        let addresses: LinkAddresses =
            [("/a", "/b"), ("../c#d", "/e#d"), ("https://x.example/a", "https://x.example/b")]
                .map(|(from, to)| (from.to_owned(), to.to_owned()))
                .into();
        for (text, expected) in [
            ("[/a](/a) `[x](/a)` [y](/ab)", "[/a](/b) `[x](/a)` [y](/ab)"),
            ("- [x](</a> \"t\")\n- [y]( /a )", "- [x](</b> \"t\")\n- [y]( /b )"),
            ("é [z](../c#d \"t\") ![p](/a)", "é [z](/e#d \"t\") ![p](/a)"),
            ("[x][r] [r]\n\n[r]: /a 't'", "[x][r] [r]\n\n[r]: /b 't'"),
            ("<https://x.example/a> https://x.example/a.", "<https://x.example/b> https://x.example/b."),
            ("> | a |\n> | - |\n> | [x](/a) |", "> | a |\n> | - |\n> | [x](/b) |"),
            ("```\n[r]: /a\n```\n\n[x](/a)", "```\n[r]: /a\n```\n\n[x](/b)"),
        ] {
            assert_eq!(write_into(text, &addresses), expected, "{text}");
        }
    }
}
