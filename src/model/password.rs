//! Passwords with argon2id. Hashes are made here and nowhere else, so that every password keeps the rules, which are in
//! `password_rules`. Knows neither the users nor how often someone may try.

use std::{sync::Arc, time::Duration};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use ipnet::IpNet;
use tokio::{sync::Semaphore, time::timeout};
use unicode_normalization::UnicodeNormalization;

use super::{
    fair_queue::FairQueue,
    password_rules::{check_length, check_strength, known_words},
};
use crate::error::{Error, Result, ValidationErrors};

/// How many are computed at one time: each takes 19 MiB and a core for a moment.
const AT_ONCE: usize = 2;
/// How many strangers may wait; they share one permit, so the last of them waits a few seconds.
const STRANGERS: usize = 64;
/// How long a stranger waits at most.
const WAIT: Duration = Duration::from_secs(15);
/// How many others may wait.
const KNOWN: usize = 64;
/// When to try again if there was no room to wait, in seconds.
const LATER: u64 = 5;

/// Who waits when many come at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Priority {
    /// Someone signed in, on a device that is known, or with a one-time link. Never waits behind strangers.
    Known,
    /// Anyone else. All of them share one permit, which goes to their networks in turn.
    Stranger(IpNet),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cost {
    /// What the argon2 crate recommends.
    Usual,
    /// Next to nothing, so that tests which sign in are not slow. Never for real users.
    ForTests,
}

/// The hash of a password that keeps the rules, as it is stored.
pub struct Hashed(String);

impl Hashed {
    #[must_use]
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Makes and checks hashes, off the threads that answer requests and only a few at one time.
pub struct Hasher {
    argon2: Argon2<'static>,
    nobody: Arc<str>,
    permits: Arc<Semaphore>,
    strangers: Arc<FairQueue<IpNet>>,
    known: Arc<Semaphore>,
}

impl Hasher {
    #[must_use]
    pub(crate) fn new(cost: Cost) -> Self {
        let params = match cost {
            Cost::Usual => Params::DEFAULT,
            Cost::ForTests => Params::new(Params::MIN_M_COST, 1, 1, None).unwrap_or(Params::DEFAULT),
        };
        // No password has this hash; checking one against it takes as long as against a real one.
        let nobody = format!(
            "$argon2id$v=19$m={},t={},p={}${}${}",
            params.m_cost(),
            params.t_cost(),
            params.p_cost(),
            "A".repeat(22),
            "A".repeat(43),
        );
        Self {
            argon2: Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
            nobody: nobody.into(),
            permits: Arc::new(Semaphore::new(AT_ONCE)),
            strangers: FairQueue::new(STRANGERS),
            known: Arc::new(Semaphore::new(KNOWN)),
        }
    }

    /// The hash of a new password; `about` are texts that others know of the user: name, e-mail, the site's name.
    /// `Validation` on `password` with one sentence when it breaks a rule; `Busy`.
    pub async fn hash_new(&self, typed: &str, about: &[&str]) -> Result<Hashed> {
        check_length(typed).map_err(|sentence| ValidationErrors::one("password", sentence))?;
        let typed: String = typed.nfc().collect();
        let about = known_words(about);
        let argon2 = self.argon2.clone();
        self.work(Priority::Known, move || {
            check_strength(&typed, &about).map_err(|sentence| ValidationErrors::one("password", sentence))?;
            let hash = argon2.hash_password(typed.as_bytes()).map_err(|error| Error::internal("argon2", error))?;
            Ok(Hashed(hash.to_string()))
        })
        .await
    }

    /// Whether `typed` is the password with this hash; without a hash it never is, and saying so takes as long.
    /// `Busy` when too many wait already.
    pub(crate) async fn verify(&self, typed: &str, hash: Option<&str>, priority: Priority) -> Result<bool> {
        let typed: String = typed.nfc().collect();
        let known = hash.is_some();
        let hash: Arc<str> = hash.map_or_else(|| self.nobody.clone(), Arc::from);
        let argon2 = self.argon2.clone();
        self.work(priority, move || {
            let hash = PasswordHash::new(&hash).map_err(|error| Error::internal("stored password hash", error))?;
            Ok(argon2.verify_password(typed.as_bytes(), &hash).is_ok() && known)
        })
        .await
    }

    /// Whether a stored hash costs a guesser less than those that are made now.
    #[must_use]
    pub(crate) fn is_weaker(&self, hash: &str) -> bool {
        let stored = PasswordHash::new(hash).ok().and_then(|hash| Params::try_from(&hash).ok());
        let now = self.argon2.params();
        stored.is_some_and(|stored| stored.m_cost() < now.m_cost() || stored.t_cost() < now.t_cost())
    }

    /// The hash, as they are made now, of a password that was right a moment ago.
    /// `Busy`.
    pub(crate) async fn hash_again(&self, typed: &str) -> Result<Hashed> {
        let typed: String = typed.nfc().collect();
        let argon2 = self.argon2.clone();
        self.work(Priority::Known, move || {
            let hash = argon2.hash_password(typed.as_bytes()).map_err(|error| Error::internal("argon2", error))?;
            Ok(Hashed(hash.to_string()))
        })
        .await
    }

    async fn work<T: Send + 'static>(
        &self,
        priority: Priority,
        job: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let fault = |error: &dyn std::fmt::Display| Error::internal("password", error);
        // Only one stranger at a time competes for the permits, so a known user waits behind one at most.
        let (room, queue_permit) = match priority {
            Priority::Known => (Some(self.known.clone().try_acquire_owned().map_err(|_| Error::Busy(LATER))?), None),
            Priority::Stranger(network) => {
                let queue_permit = timeout(WAIT, self.strangers.acquire(network)).await.ok().flatten();
                (None, Some(queue_permit.ok_or(Error::Busy(LATER))?))
            }
        };
        let permit = self.permits.clone().acquire_owned().await.map_err(|error| fault(&error))?;
        let task = tokio::task::spawn_blocking(move || {
            // Held by the job itself, so that a client who hangs up does not make room for another.
            let _held = (room, queue_permit, permit);
            job()
        });
        task.await.map_err(|error| fault(&error))?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_hash_fits_its_password_however_it_is_composed() {
        let hasher = Hasher::new(Cost::ForTests);
        let hash = hasher.hash_new("Zwölf Boxkämpfer jagen", &[]).await.unwrap();
        assert!(hash.as_str().starts_with("$argon2id$v=19$"));
        assert!(
            hasher.verify("Zwo\u{308}lf Boxka\u{308}mpfer jagen", Some(hash.as_str()), Priority::Known).await.unwrap()
        );
        assert!(!hasher.verify("Zwolf Boxkampfer jagen", Some(hash.as_str()), Priority::Known).await.unwrap());
        assert!(!hasher.verify("", None, Priority::Known).await.unwrap());
    }

    #[tokio::test]
    async fn strangers_wait_in_a_short_line_of_their_own() {
        let hasher = Arc::new(Hasher::new(Cost::Usual));
        let verify = |priority| {
            let hasher = hasher.clone();
            async move { hasher.verify("guess", None, priority).await }
        };
        let stranger = Priority::Stranger("192.0.2.0/24".parse().unwrap());
        let strangers: Vec<_> = (0..600).map(|_| tokio::spawn(verify(stranger))).collect();
        tokio::task::yield_now().await;
        assert!(!verify(Priority::Known).await.unwrap());
        let waiting = strangers.iter().filter(|stranger| !stranger.is_finished()).count();
        assert!(
            waiting > STRANGERS / 2 && waiting <= STRANGERS + 1,
            "{waiting} strangers wait behind the one who is known"
        );
        for stranger in strangers {
            assert!(matches!(stranger.await.unwrap(), Ok(false) | Err(Error::Busy(LATER))));
        }
        assert!(!verify(stranger).await.unwrap());
    }

    #[tokio::test]
    async fn an_unknown_user_costs_as_much_as_a_known_one() {
        let hasher = Hasher::new(Cost::Usual);
        let someone = hasher.hash_new("velvet anchor orbit mango", &[]).await.unwrap();
        let cost = |hash: &str| PasswordHash::new(hash).unwrap().params.to_string();
        assert_eq!(cost(&hasher.nobody), cost(someone.as_str()));
        assert_eq!(cost(&hasher.nobody), "m=19456,t=2,p=1");
    }
}
