//! Whom a comment mentions: `@Name` of an active user in its text, or a user who was chosen. A mention waits for its user until
//! the thread is resolved or they have answered; `comment_list` has those that wait.

use super::{
    user::{self, UserName},
    write::Write,
};
use crate::{error::Result, text::fold::fold};

/// Those of these users, by id, whom a text names: `@` and the whole name. Where one name begins with another, the longer one is meant.
fn named_in(text: &str, users: &[UserName]) -> Vec<i64> {
    let text = fold(text);
    let users: Vec<_> = users.iter().map(|user| (user.id, fold(&user.name))).collect();
    let mut named = Vec::new();
    for (at, _) in text.match_indices('@') {
        // In an e-mail address it is no mention.
        if text[..at].ends_with(char::is_alphanumeric) {
            continue;
        }
        let rest = &text[at + 1..];
        let fits = users.iter().filter(|(_, name)| {
            rest.strip_prefix(name.as_str()).is_some_and(|after| !after.starts_with(char::is_alphanumeric))
        });
        named.extend(fits.max_by_key(|(_, name)| name.len()).map(|(id, _)| *id));
    }
    named
}

/// Stores whom a comment mentions, but for its author.
pub(super) async fn add(write: &Write, comment_id: i64, text: &str, chosen: Option<i64>) -> Result<()> {
    let users = user::list_active(write).await?;
    let mut mentioned = named_in(text, &users);
    mentioned.extend(chosen.filter(|chosen| users.iter().any(|user| user.id == *chosen)));
    mentioned.sort_unstable();
    mentioned.dedup();
    for user_id in mentioned.into_iter().filter(|id| Some(*id) != write.actor.id) {
        write
            .execute("insert into comment_mention (comment_id, user_id) values ($1, $2)", (comment_id, user_id))
            .await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_whole_and_in_any_case() {
        let users =
            [(1, "Ed"), (2, "Ed Ito"), (3, "Zoë Łopez")].map(|(id, name)| UserName { id, name: name.to_owned() });
        let named = |text: &str| named_in(text, &users);
        assert_eq!(named("@Ed, look"), [1]);
        assert_eq!(named("@ed ito and @ZOE LOPEZ."), [2, 3]);
        assert_eq!(named("Ed, @Eduard, mail ed@ed.example"), Vec::<i64>::new());
    }
}
