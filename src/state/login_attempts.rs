//! How many wrong passwords and codes are allowed. Nobody gets more than ten before the first wait.
//!
//! - A device on which this user has signed in before (it holds the signed cookie of `known_device`) has an allowance
//!   of its own. Attempts from elsewhere do not count towards it, so nobody can lock the owner out there.
//! - All other clients together share one for each account, whether the account exists or not: guessing from many
//!   networks gains nothing. Each network may spend a part of it only, so that one guesser leaves something to an owner
//!   with a new device.
//! - Each network has one over all accounts, and so have the larger networks it is in (see `web::client`).
//!
//! Codes are asked for after the password and have allowances of their own, by the same rules; how many wrong ones an account
//! bears in all is kept with its app (`model/code_app.rs`). A wrong passkey counts for its network, or its known device.
//!
//! An attempt counts before the password is checked, so that many at once gain nothing, and is refunded when the
//! password was right. A refused attempt does not count. Allowances refill evenly and are kept in memory only. No
//! guesser can stop a one-time link from working.

use crate::{
    clock::Timestamp,
    crypto,
    error::Result,
    model::sign_in::Candidate,
    web::{
        client::Client,
        throttle::{Allowance, SpentAllowances, Throttle},
    },
};

/// Wrong passwords in an hour from one known device, and from all others to one account together.
pub const LIMIT: u32 = 10;
/// How many of those may come from the smallest network and from the larger ones.
pub(crate) const FROM_NETWORK: (u32, u32) = (6, 8);

/// Links for a new password in an hour to one address, and from the smallest network.
const LINKS: u32 = 3;
const LINKS_FROM_NETWORK: u32 = 10;

/// How often the smallest network may ask in an hour what a passkey has to sign; a screen to sign in asks when it is opened.
const QUESTIONS: u32 = 300;

pub struct LoginAttempts {
    throttle: Throttle,
    per_network: u32,
}

/// An attempt under way. Dropped, it stays counted.
#[must_use]
pub(crate) struct LoginAttempt(SpentAllowances);

impl LoginAttempts {
    /// Allows `per_network` in an hour to the smallest networks, and more to larger ones.
    #[must_use]
    pub(crate) fn new(per_network: u32) -> Self {
        Self { throttle: Throttle::default(), per_network }
    }

    /// Counts an attempt to sign in with this e-mail from an unknown device.
    /// `TooMany` with the seconds to wait.
    pub(crate) fn by_unknown_device(
        &self,
        email: &str,
        candidate: Option<&Candidate>,
        client: Client,
        now: Timestamp,
    ) -> Result<LoginAttempt> {
        // With a new password, earlier guesses are void, and its owner has a new allowance.
        let account = ("account", crypto::hash(email), candidate.map_or(0, |c| c.user.credential_version));
        let mut allowances = vec![self.throttle.allowance(&account, LIMIT)];
        for (network, times) in client.networks() {
            let part = if times == 1 { FROM_NETWORK.0 } else { FROM_NETWORK.1 };
            allowances.push(self.throttle.allowance((&account, network), part));
            allowances.push(self.throttle.allowance(("network", network), self.per_network.saturating_mul(times)));
        }
        self.count(allowances, now)
    }

    /// Counts an attempt from a known device, by its id.
    /// `TooMany` with the seconds to wait.
    pub(crate) fn by_known_device(&self, device_id: &str, now: Timestamp) -> Result<LoginAttempt> {
        self.count(vec![self.throttle.allowance(("device", device_id), LIMIT)], now)
    }

    /// Counts an attempt to give a second factor for the account with this e-mail, from a known device if that has an id.
    /// `TooMany` with the seconds to wait.
    pub(crate) fn with_code(
        &self,
        email: &str,
        device_id: Option<&str>,
        client: Client,
        now: Timestamp,
    ) -> Result<LoginAttempt> {
        if let Some(device_id) = device_id {
            return self.count(vec![self.throttle.allowance(("device code", device_id), LIMIT)], now);
        }
        let account = ("code", crypto::hash(email));
        let mut allowances = vec![self.throttle.allowance(&account, LIMIT)];
        for (network, times) in client.networks() {
            let part = if times == 1 { FROM_NETWORK.0 } else { FROM_NETWORK.1 };
            allowances.push(self.throttle.allowance((&account, network), part));
        }
        self.count(allowances, now)
    }

    /// Counts an attempt to sign in with a passkey, from a known device of its user if that has an id. Nobody guesses one, so
    /// the account has no limit, and a guesser of passwords does not keep its owner from it.
    /// `TooMany` with the seconds to wait.
    pub(crate) fn with_passkey(&self, device_id: Option<&str>, client: Client, now: Timestamp) -> Result<LoginAttempt> {
        if let Some(device_id) = device_id {
            return self.by_known_device(device_id, now);
        }
        let of_network =
            |(network, times)| self.throttle.allowance(("network", network), self.per_network.saturating_mul(times));
        self.count(client.networks().into_iter().map(of_network).collect(), now)
    }

    /// Counts that someone asks what a passkey has to sign, for which a session is stored.
    /// `TooMany` with the seconds to wait.
    pub(crate) fn to_ask_for_passkey(&self, client: Client, now: Timestamp) -> Result<()> {
        let of_network =
            |(network, times)| self.throttle.allowance(("passkey", network), QUESTIONS.saturating_mul(times));
        self.count(client.networks().into_iter().map(of_network).collect(), now).map(|_| ())
    }

    /// Counts an attempt of a signed-in user to give their present password.
    /// `TooMany` with the seconds to wait.
    pub(crate) fn by_signed_in_user(&self, user_id: i64, now: Timestamp) -> Result<LoginAttempt> {
        self.count(vec![self.throttle.allowance(("user", user_id), LIMIT)], now)
    }

    /// Counts that a link for a new password was asked for, whether there is such an account or not.
    /// `TooMany` with the seconds to wait.
    pub(crate) fn by_forgetting(&self, email: &str, client: Client, now: Timestamp) -> Result<()> {
        let mut allowances = vec![self.throttle.allowance(("link", crypto::hash(email)), LINKS)];
        for (network, times) in client.networks() {
            allowances.push(self.throttle.allowance(("links", network), LINKS_FROM_NETWORK.saturating_mul(times)));
        }
        self.count(allowances, now).map(|_| ())
    }

    /// The password was right, or was not checked.
    pub(crate) fn refund(&self, LoginAttempt(taken): LoginAttempt) {
        self.throttle.give_back(taken);
    }

    pub(crate) fn share_among(&self, nodes: u32) {
        self.throttle.share_among(nodes);
    }

    /// Forgets expired entries; call it now and then.
    pub(crate) fn tidy(&self, now: Timestamp) {
        self.throttle.tidy(now);
    }

    fn count(&self, allowances: Vec<Allowance>, now: Timestamp) -> Result<LoginAttempt> {
        self.throttle.take(allowances, now).map(LoginAttempt)
    }
}
