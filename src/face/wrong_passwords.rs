//! How many wrong passwords are borne, per account. The limit per address (`login_throttle`) stands before this one.
//!
//! A limit per account alone would let anybody lock the owner out by typing rubbish. So there are three budgets:
//! - a device on which this person has signed in before (it holds the signed cookie of `device`) has its own;
//! - all other clients of an account share one, whether the account exists or not;
//! - when that is spent, each network still has a small one, so that the owner can come in from a new device while
//!   somebody elsewhere is guessing. Guessing from many networks gains little: new passwords withstand 10⁸ guesses.
//!
//! A try counts before the password is checked, so that many at once gain nothing, and is forgiven when it was right.
//! A refused try does not count: who waits as long as told gets a try. Kept in memory only.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::{
    error::{Error, Result},
    text::{time::Timestamp, token},
    web::client::Client,
};

/// An hour in milliseconds.
const HOUR: i64 = 60 * 60 * 1000;
/// Wrong passwords in an hour from one known device, and from all strangers to one account together.
pub const LIMIT: usize = 10;
/// Wrong passwords in an hour from one network to one account when the strangers' budget is spent.
pub const RESERVE: usize = 2;

/// Who is typing.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Budget {
    Device(String),
    Strangers(String),
    Reserve(String, Client),
    /// Somebody signed in, who has to give their present password.
    Own(i64),
}

/// Tries of the last hour.
#[derive(Default)]
pub struct WrongPasswords(Mutex<HashMap<Budget, Vec<Timestamp>>>);

/// A try under way. Dropped, it stays counted.
#[must_use]
pub struct Try(Budget, Timestamp);

impl WrongPasswords {
    /// Counts a try to sign in to the account with this e-mail; `device` is the mark of a known device.
    ///
    /// # Errors
    /// `TooMany` with the seconds to wait.
    pub fn at_the_door(&self, email: &str, device: Option<String>, client: Client, now: Timestamp) -> Result<Try> {
        if let Some(mark) = device {
            return self.count(Budget::Device(mark), LIMIT, now);
        }
        // The hash keeps the memory small whatever is typed.
        let account = token::hash(email);
        self.count(Budget::Strangers(account.clone()), LIMIT, now)
            .or_else(|_| self.count(Budget::Reserve(account, client), RESERVE, now))
    }

    /// Counts a try to give the present password of a signed-in person.
    ///
    /// # Errors
    /// `TooMany` with the seconds to wait.
    pub fn at_the_desk(&self, person_id: i64, now: Timestamp) -> Result<Try> {
        self.count(Budget::Own(person_id), LIMIT, now)
    }

    /// The password was right.
    pub fn forgive(&self, Try(budget, at): Try) {
        if let Some(times) = self.tries().get_mut(&budget)
            && let Some(place) = times.iter().position(|time| *time == at)
        {
            times.remove(place);
        }
    }

    /// Forgets what is over; call it now and then.
    pub fn tidy(&self, now: Timestamp) {
        self.tries().retain(|_, times| times.last().is_some_and(|last| last.plus(HOUR) > now));
    }

    fn count(&self, budget: Budget, limit: usize, now: Timestamp) -> Result<Try> {
        let mut tries = self.tries();
        let times = tries.entry(budget.clone()).or_default();
        times.retain(|time| time.plus(HOUR) > now);
        if let Some(first) = times.first().filter(|_| times.len() >= limit) {
            let wait = first.plus(HOUR).0.saturating_sub(now.0);
            return Err(Error::TooMany(u64::try_from(wait).unwrap_or(0).div_ceil(1000)));
        }
        times.push(now);
        Ok(Try(budget, now))
    }

    fn tries(&self) -> MutexGuard<'_, HashMap<Budget, Vec<Timestamp>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADA: &str = "ada@portal.example";

    fn at(last: u8) -> Client {
        Client([192, 0, 2, last].into())
    }

    #[test]
    fn a_guesser_is_stopped_and_the_owner_is_not() {
        let (wrong, now) = (WrongPasswords::default(), Timestamp(0));
        for _ in 0..LIMIT + RESERVE {
            let _ = wrong.at_the_door(ADA, None, at(1), now).unwrap();
        }
        assert!(matches!(wrong.at_the_door(ADA, None, at(1), now), Err(Error::TooMany(3600))));
        assert!(wrong.at_the_door("eve@portal.example", None, at(1), now).is_ok(), "another account");
        assert!(wrong.at_the_door(ADA, None, at(2), now).is_ok(), "the owner elsewhere");
        assert!(wrong.at_the_door(ADA, Some("mark".to_owned()), at(1), now).is_ok(), "the owner on a known device");
        assert!(wrong.at_the_door(ADA, None, at(1), now.plus(HOUR)).is_ok(), "an hour later");
    }

    #[test]
    fn a_stolen_mark_is_no_way_around() {
        let (wrong, now) = (WrongPasswords::default(), Timestamp(0));
        let mark = || Some("mark".to_owned());
        for _ in 0..LIMIT {
            let _ = wrong.at_the_door(ADA, mark(), at(1), now).unwrap();
        }
        assert!(wrong.at_the_door(ADA, mark(), at(2), now).is_err());
    }

    #[test]
    fn right_passwords_do_not_count_and_old_ones_are_forgotten() {
        let (wrong, now) = (WrongPasswords::default(), Timestamp(0));
        for _ in 0..3 * LIMIT {
            let right = wrong.at_the_desk(1, now).unwrap();
            wrong.forgive(right);
        }
        let _ = wrong.at_the_desk(2, now).unwrap();
        wrong.tidy(now.plus(HOUR - 1));
        assert_eq!(wrong.tries().len(), 1);
        wrong.tidy(now.plus(HOUR));
        assert_eq!(wrong.tries().len(), 0);
    }
}
