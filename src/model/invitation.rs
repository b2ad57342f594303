//! One-time links that let someone choose a password: the first administrator, an invited user, one who forgot theirs.
//! Only the hash of a token is kept. A link is used up in the transaction of what it was for.

use super::{
    audit_log::AuditEntry,
    credentials,
    mail::outbox::{self, MailKind, MailText, NewMail},
    password::Hashed,
    roles, sign_in,
    user::{self, User, UserInput},
    write::Write,
};
use crate::{
    clock::{DAY, HOUR, Timestamp},
    crypto,
    db::{conn::Conn, pool::Db, transaction::Transaction},
    error::{Error, Result},
};

/// How far two clocks may differ.
const SLACK: i64 = 5 * 60 * 1000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub(crate) enum Purpose {
    /// Making the first administrator. Belongs to nobody; stops working once there is one.
    FirstAdministrator,
    Invitation,
    /// Choosing a new password. The old one works until then.
    Password,
}

impl Purpose {
    /// How long a link works, in milliseconds. One for a new password is used at once.
    #[must_use]
    pub(crate) const fn life(self) -> i64 {
        match self {
            Self::FirstAdministrator | Self::Invitation => DAY,
            Self::Password => HOUR,
        }
    }

    /// The purpose of a new link for this user.
    #[must_use]
    pub(crate) const fn of(user: &User) -> Self {
        if user.has_accepted { Self::Password } else { Self::Invitation }
    }
}

/// A link that has been made; the token is kept nowhere else.
#[derive(Debug)]
pub struct CreatedLink {
    pub token: String,
    pub expires_at: Timestamp,
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct InvitationLink {
    pub(crate) purpose: Purpose,
    /// Its user; none for the first administrator.
    pub(crate) user_id: Option<i64>,
    pub(crate) expires_at: Timestamp,
}

/// Makes a link for the first administrator. Those that were made before go on working for their time: another node may have
/// printed them.
pub async fn for_first_administrator(write: &Write) -> Result<CreatedLink> {
    write
        .execute(
            "delete from invitation where purpose = $1 and expires_at <= $2",
            (Purpose::FirstAdministrator, write.now),
        )
        .await?;
    let made = insert(write, Purpose::FirstAdministrator, None, write.now).await?;
    write.record(AuditEntry::new("invitation.create", "user", None, "the first administrator"));
    Ok(made)
}

/// Makes the link for a user to join or to choose a new password; their older ones stop working.
/// `Conflict` for someone who is deactivated.
pub async fn for_user(write: &Write, user: &User) -> Result<CreatedLink> {
    if !user.active {
        return Err(Error::Conflict(format!("{} is deactivated. Reactivate them first.", user.name)));
    }
    credentials::withdraw_links(write, user.id).await?;
    let purpose = Purpose::of(user);
    let made = insert(write, purpose, Some(user.id), write.now).await?;
    let detail = if purpose == Purpose::Password { "to choose a new password" } else { "to join" };
    write.record(
        AuditEntry::new("invitation.create", "user", Some(user.id), user.name.as_str()).detail(detail.to_owned()),
    );
    Ok(made)
}

/// Makes another link for a user to whom one was given, when it is sent to them; also at each try to send it, as an earlier one
/// may have arrived. All work, until one is used or replaced. It has no entry in the audit log, as the first one has.
/// None when the e-mail with this id was withdrawn meanwhile.
pub(crate) async fn for_mail(db: &Db, user: &User, mail_id: i64, now: Timestamp) -> Result<Option<CreatedLink>> {
    let tx = Transaction::begin(db).await?;
    if !outbox::is_there(&tx, mail_id).await? {
        return Ok(None);
    }
    let made = insert(&tx, Purpose::of(user), Some(user.id), now).await?;
    tx.commit().await?;
    Ok(Some(made))
}

/// Stores that a stranger asked for a link for this address. Whether there is an account, nothing tells until it is sent.
pub(crate) async fn ask(db: &Db, email: &str, now: Timestamp) -> Result<()> {
    let tx = Transaction::begin(db).await?;
    let text = MailText { recipient: email, ..MailText::default() };
    outbox::add(&tx, &NewMail { text, ..NewMail::new(MailKind::Password, "") }, now).await?;
    tx.commit().await
}

/// Makes the link that a user asked for with the e-mail `mail_id`, which is theirs from now on; older ones stop working.
/// None when the e-mail was withdrawn meanwhile.
pub(crate) async fn for_forgotten(write: &Write, user: &User, mail_id: i64) -> Result<Option<CreatedLink>> {
    credentials::withdraw_links(write, user.id).await?;
    if !outbox::give_to(write, mail_id, user.id).await? {
        return Ok(None);
    }
    let made = insert(write, Purpose::Password, Some(user.id), write.now).await?;
    let entry = AuditEntry::new("invitation.create", "user", Some(user.id), user.name.as_str());
    write.record(entry.detail("to choose a new password, asked for at the sign-in".to_owned()));
    Ok(Some(made))
}

async fn insert(tx: &Transaction, purpose: Purpose, user_id: Option<i64>, now: Timestamp) -> Result<CreatedLink> {
    let (token, expires_at) = (crypto::random_token(), now.plus(purpose.life()));
    tx.execute(
        "insert into invitation (token_hash, purpose, user_id, created_at, expires_at) \
             values ($1, $2, $3, $4, $5)",
        (crypto::hash(&token), purpose, user_id, now, expires_at),
    )
    .await?;
    Ok(CreatedLink { token, expires_at })
}

/// Until when the newest link of a user works, if one does.
pub async fn pending(db: &Conn, user_id: i64, now: Timestamp) -> Result<Option<Timestamp>> {
    let row: Option<(Timestamp,)> = db
        .optional(
            "select expires_at from invitation where user_id = $1 and expires_at > $2 \
             order by expires_at desc limit 1",
            (user_id, now),
        )
        .await?;
    Ok(row.map(|(expires_at,)| expires_at))
}

/// The link for the first administrator.
/// `Gone` when it does not work, whatever the reason.
pub(crate) async fn find_first(db: &Conn, token: &str, now: Timestamp) -> Result<InvitationLink> {
    let link = find(db, token, now).await?;
    let dead = link.purpose != Purpose::FirstAdministrator || roles::has_administrator(db).await?;
    if dead { Err(Error::Gone) } else { Ok(link) }
}

/// A user's link, and whose it is.
/// `Gone` when it does not work, whatever the reason.
pub(crate) async fn find_for_user(db: &Conn, token: &str, now: Timestamp) -> Result<(InvitationLink, User)> {
    let link = find(db, token, now).await?;
    let user = user::get(db, link.user_id.ok_or(Error::Gone)?).await?;
    if user.active { Ok((link, user)) } else { Err(Error::Gone) }
}

async fn find(db: &Conn, token: &str, now: Timestamp) -> Result<InvitationLink> {
    // A link from the future was made while the machine's clock was wrong, and would work too long.
    db.optional(
        "select purpose, user_id, expires_at from invitation \
         where token_hash = $1 and expires_at > $2 and created_at <= $3",
        (crypto::hash(token), now, now.plus(SLACK)),
    )
    .await?
    .ok_or(Error::Gone)
}

/// Makes the first administrator; from now on they are the actor of the transaction.
/// `Gone` when the link stopped working meanwhile; `Validation` on `email` when someone has it.
pub(crate) async fn accept_first(write: &mut Write, token: &str, input: &UserInput, password: &Hashed) -> Result<User> {
    find_first(write, token, write.now).await?;
    let id = user::create(write, input, Some(password)).await?;
    let user = user::get(write, id).await?;
    write.execute("delete from invitation where purpose = $1", (Purpose::FirstAdministrator,)).await?;
    write.actor = user.actor();
    sign_in::admit(write, &user).await?;
    Ok(user)
}

/// Sets the password that a user chose, and records their sign-in, unless a second factor is still asked for or the link does not
/// sign in (`signs_in`); all their other sessions end. Returns the user as changed.
/// `Gone` when the link stopped working meanwhile.
pub(crate) async fn accept(write: &Write, token: &str, name: &str, password: &Hashed, signs_in: bool) -> Result<User> {
    let (_, user) = find_for_user(write, token, write.now).await?;
    user::rename(write, &user, name).await?;
    let user = user::set_password(write, &user, password).await?;
    if signs_in && !user.has_second_factor {
        sign_in::admit(write, &user).await?;
    }
    Ok(user)
}
