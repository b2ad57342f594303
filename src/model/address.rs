//! The e-mail address that a user signs in with, and its change: by an administrator, or by the user with a link that is sent
//! to the new address. Only the hash of the link's token is kept.

use super::{
    audit_log::AuditEntry,
    credentials,
    mail::outbox::{self, MailKind, MailText, NewMail},
    user::{self, User},
    write::Write,
};
use crate::{
    clock::{DAY, Timestamp},
    crypto,
    db::{conn::Conn, pool::Db, transaction::Transaction},
    error::{Error, Result, ValidationErrors},
};

/// How long a link works.
pub(crate) const LIFE: i64 = DAY;
/// How far two clocks may differ.
const SLACK: i64 = 5 * 60 * 1000;

/// Has a link sent to the address that a user wants to have; earlier ones stop working.
pub(crate) async fn ask(db: &Db, user: &User, email: &str, now: Timestamp) -> Result<()> {
    let tx = Transaction::begin(db).await?;
    forget_links(&tx, user.id).await?;
    let text = MailText { recipient: email, ..MailText::default() };
    outbox::add(&tx, &NewMail { text, ..NewMail::to_user(MailKind::Address, user.id) }, now).await?;
    tx.commit().await
}

async fn forget_links(tx: &Transaction, user_id: i64) -> Result<()> {
    tx.execute("delete from mail where user_id = $1 and kind = 'address'", (user_id,)).await?;
    credentials::forget_address_links(tx, user_id).await
}

/// Makes the link when it is sent, and another at each try, as an earlier one may have arrived. Gives its token; none when the
/// e-mail with this id was withdrawn meanwhile.
pub(crate) async fn for_mail(
    db: &Db,
    user: &User,
    (mail_id, email): (i64, &str),
    now: Timestamp,
) -> Result<Option<String>> {
    let tx = Transaction::begin(db).await?;
    if !outbox::is_there(&tx, mail_id).await? {
        return Ok(None);
    }
    let token = crypto::random_token();
    tx.execute(
        "insert into address_link (token_hash, user_id, email, created_at, expires_at) values ($1, $2, $3, $4, $5)",
        (crypto::hash(&token), user.id, email, now, now.plus(LIFE)),
    )
    .await?;
    tx.commit().await?;
    Ok(Some(token))
}

/// The address that a link of this user confirms.
/// `Gone` when it does not work, whatever the reason; also when it is the link of another user.
pub(crate) async fn find(db: &Conn, token: &str, user_id: i64, now: Timestamp) -> Result<String> {
    let found: Option<(String,)> = db
        .optional(
            "select email from address_link where token_hash = $1 and user_id = $2 and expires_at > $3 and created_at <= $4",
            (crypto::hash(token), user_id, now, now.plus(SLACK)),
        )
        .await?;
    found.map(|(email,)| email).ok_or(Error::Gone)
}

/// Gives a user the address that their link confirms. Gives the user as changed.
/// `Gone` when the link stopped working meanwhile, or another account has the address by now.
pub(crate) async fn confirm(write: &Write, token: &str, user: &User) -> Result<User> {
    let email = find(write, token, user.id, write.now).await?;
    match change(write, user, &email, true).await {
        Err(Error::Validation(_)) => Err(Error::Gone),
        changed => changed,
    }
}

/// Gives a user another address. Their sessions and links end. The old address is told when `is_told`. Gives the user as changed.
/// `Validation` on `email` when an account has it.
pub(crate) async fn change(write: &Write, user: &User, email: &str, is_told: bool) -> Result<User> {
    if user::with_email(write, email).await?.is_some() {
        return Err(ValidationErrors::one("email", user::TAKEN).into());
    }
    user::store_email(write, user, email).await?;
    credentials::end_credentials(write, user.id).await?;
    if is_told {
        let text = MailText { recipient: &user.email, ..MailText::default() };
        let mail = NewMail { text, author: &write.actor.name, ..NewMail::to_user(MailKind::NewAddress, user.id) };
        outbox::add(write, &mail, write.now).await?;
    }
    write.record(AuditEntry::new("user.change_address", "user", Some(user.id), user.name.as_str()));
    user::get(write, user.id).await
}
