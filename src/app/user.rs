//! The commands `user add`, `user list`, `user password` and `user remove-factors`: users for the maintainer at the terminal.

use std::io::BufRead;

use super::{
    start,
    terminal::{print, say},
};
use crate::{
    clock::Clock,
    config::Config,
    db::{opening::io_fault, pool::Db},
    error::Error,
    model::{
        actor::{Actor, Role},
        document::rules::DocumentRules,
        factors,
        password::{Cost, Hashed, Hasher},
        settings::Settings,
        user::{self, UserInput},
        write::Write,
    },
    text::{csv_cell::harmless, email},
};

/// Longest line that is read as a password, in bytes.
const LINE: u64 = 4096;

/// `plinth user add`: the password is one line of `input`, and the user can sign in at once.
/// Errors: a sentence for the maintainer; nothing is changed then.
pub async fn add(config: Config, email: &str, name: &str, role: Role, input: impl BufRead) -> Result<(), String> {
    let user = UserInput::parse(email, name, role.as_str()).map_err(|errors| say_error(errors.into()))?;
    let typed = one_line(input)?;
    let db = start::open(&config).await?;
    let password = hash(&db, &typed, &user.name, &user.email).await?;
    let write = write(&db, &config).await?;
    user::create(&write, &user, Some(&password)).await.map_err(say_error)?;
    write.commit().await.map_err(say_error)?;
    db.close().await;
    say(&format!("{} can sign in as {} and is {}.", user.name, email::display(&user.email), role.with_article()));
    Ok(())
}

/// `plinth user list`: e-mail, name, role and state, separated by tabs.
/// Errors: a sentence for the maintainer.
pub async fn list(config: Config) -> Result<(), String> {
    let db = start::open_existing(&config).await?;
    let users = user::list(db.read(), "", None, i64::MAX).await.map_err(say_error)?;
    db.close().await;
    for user in users {
        let address = email::display(&user.email);
        let (email, name) = (harmless(&address), harmless(&user.name));
        print(&format!("{email}\t{name}\t{}\t{}", user.role.as_str(), user.state()))?;
    }
    Ok(())
}

/// `plinth user password`: the new password is one line of `input`; all sessions of the user end.
/// Errors: a sentence for the maintainer; nothing is changed then.
pub async fn password(config: Config, email: &str, input: impl BufRead) -> Result<(), String> {
    let typed = one_line(input)?;
    let db = start::open_existing(&config).await?;
    let user = user::with_email(db.read(), email).await.map_err(say_error)?;
    let user = user.ok_or_else(|| format!("Nobody has the e-mail address {email}."))?;
    let password = hash(&db, &typed, &user.name, &user.email).await?;
    let write = write(&db, &config).await?;
    user::set_password(&write, &user, &password).await.map_err(say_error)?;
    write.commit().await.map_err(say_error)?;
    db.close().await;
    let rest = if user.active { "All their sessions have ended." } else { "They stay deactivated." };
    say(&format!("{} has a new password. {rest}", user.name));
    Ok(())
}

/// `plinth user remove-factors`: the password is enough again; all sessions of the user end.
/// Errors: a sentence for the maintainer; nothing is changed then.
pub async fn remove_factors(config: Config, email: &str) -> Result<(), String> {
    let db = start::open_existing(&config).await?;
    let user = user::with_email(db.read(), email).await.map_err(say_error)?;
    let user = user.ok_or_else(|| format!("Nobody has the e-mail address {email}."))?;
    let write = write(&db, &config).await?;
    if factors::remove_all(&write, &user).await.map_err(say_error)?.is_none() {
        return Err(format!("{} has no second factor.", user.name));
    }
    write.commit().await.map_err(say_error)?;
    db.close().await;
    say(&format!("{} signs in with the password alone. All their sessions have ended.", user.name));
    Ok(())
}

/// The first line, without its end.
fn one_line(input: impl BufRead) -> Result<String, String> {
    let mut line = Vec::new();
    input
        .take(LINE)
        .read_until(b'\n', &mut line)
        .map_err(|error| format!("The password cannot be read from standard input: {}", io_fault(&error)))?;
    let line = String::from_utf8(line).map_err(|_| "The password on standard input is not UTF-8.".to_owned())?;
    let line = line.strip_suffix('\n').map_or(line.as_str(), |line| line.strip_suffix('\r').unwrap_or(line));
    if line.is_empty() { Err("There is no password on standard input.".to_owned()) } else { Ok(line.to_owned()) }
}

async fn hash(db: &Db, typed: &str, name: &str, email: &str) -> Result<Hashed, String> {
    let settings = Settings::load(db.read()).await.map_err(say_error)?;
    Hasher::new(Cost::Usual).hash_new(typed, &[&settings.site_name, name, email]).await.map_err(say_error)
}

async fn write(db: &Db, config: &Config) -> Result<Write, String> {
    let write = Write::begin(db, &Clock::default(), Actor::system("command line"), DocumentRules::default()).await;
    Ok(write.map_err(say_error)?.with_mail(config.mail.smtp_url.is_some()))
}

/// Errors of what was typed as sentences; anything else as it is.
fn say_error(error: Error) -> String {
    match error {
        Error::Validation(errors) => {
            let sentences: Vec<_> = errors.list.into_iter().map(|error| format!("{}.", error.message)).collect();
            sentences.join(" ")
        }
        other => other.for_terminal(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_is_the_first_line() {
        assert_eq!(one_line(&b" a b \r\nmore\n"[..]).unwrap(), " a b ");
        assert_eq!(one_line(&b"no end"[..]).unwrap(), "no end");
        assert!(one_line(&b""[..]).is_err());
        assert!(one_line(&b"\n"[..]).is_err());
        assert!(one_line(&b"\xff\xfe\n"[..]).is_err());
    }
}
