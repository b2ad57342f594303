//! The security log: who was refused, who signed in, and how rights changed. One line for each event, with its kind,
//! address, request, path and user, under the target `plinth::security`. Strangers cause most of them, so lines are
//! limited for each kind and address, and what was left out is counted.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    extract::{Request, State},
    http::StatusCode,
    middleware::Next,
    response::Response,
};
use tower_http::csrf::ProtectionError;

use super::{
    client::{Client, Network},
    request_context::RequestContext,
};
use crate::clock::{Clock, Timestamp};

/// Milliseconds over which lines are counted.
const WINDOW: i64 = 60_000;
/// Lines of one kind from one network in that time.
const PER_NETWORK: u32 = 10;
/// Lines of one kind in that time.
const PER_KIND: u32 = 300;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum EventKind {
    /// A user signed in.
    SignIn,
    SignOut,
    WrongPassword,
    /// A second factor was wrong.
    WrongCode,
    /// A passkey was not known, or its answer was wrong or late.
    WrongPasskey,
    /// The company sign-in let nobody in.
    CompanyRefused,
    RecoveryCodeUsed,
    FactorAdded,
    FactorRemoved,
    /// No more passwords are checked for a while.
    LockedOut,
    LinkUsed,
    LinkMade,
    /// A link for a new password was asked for at the sign-in.
    LinkAsked,
    PasswordChanged,
    /// A user signs in with another e-mail address.
    AddressChanged,
    RoleChanged,
    /// A user may no longer sign in.
    Deactivated,
    Activated,
    SessionsEnded,
    /// A user has no right to what they asked for: 403.
    Forbidden,
    /// A request came from another site: 403.
    OriginRefused,
    /// A request was for another host: 421.
    HostRefused,
    /// Too much within a short time: 429.
    TooMany,
    /// Too much at once, from everyone together or from one network: 503.
    Busy,
}

impl EventKind {
    const fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::SignOut => "sign_out",
            Self::WrongPassword => "wrong_password",
            Self::WrongCode => "wrong_code",
            Self::WrongPasskey => "wrong_passkey",
            Self::CompanyRefused => "company_refused",
            Self::RecoveryCodeUsed => "recovery_code_used",
            Self::FactorAdded => "factor_added",
            Self::FactorRemoved => "factor_removed",
            Self::LockedOut => "locked_out",
            Self::LinkUsed => "link_used",
            Self::LinkMade => "link_made",
            Self::LinkAsked => "link_asked",
            Self::PasswordChanged => "password_changed",
            Self::AddressChanged => "address_changed",
            Self::RoleChanged => "role_changed",
            Self::Deactivated => "deactivated",
            Self::Activated => "activated",
            Self::SessionsEnded => "sessions_ended",
            Self::Forbidden => "forbidden",
            Self::OriginRefused => "origin_refused",
            Self::HostRefused => "host_refused",
            Self::TooMany => "too_many",
            Self::Busy => "busy",
        }
    }

    const fn is_refusal(self) -> bool {
        matches!(
            self,
            Self::WrongPassword
                | Self::WrongCode
                | Self::WrongPasskey
                | Self::CompanyRefused
                | Self::LockedOut
                | Self::Forbidden
                | Self::OriginRefused
                | Self::HostRefused
                | Self::TooMany
                | Self::Busy
        )
    }
}

/// An event on its way to the log, within a response.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Event {
    kind: EventKind,
    user: Option<i64>,
}

/// Marks a response as that of an event; `user` is whom it is about.
#[must_use]
pub(crate) fn attach(mut response: Response, kind: EventKind, user: Option<i64>) -> Response {
    response.extensions_mut().insert(Event { kind, user });
    response
}

/// Whether a response says that there is too much at once.
#[must_use]
pub(crate) fn is_busy(response: &Response) -> bool {
    response.extensions().get::<Event>().is_some_and(|event| event.kind == EventKind::Busy)
}

pub struct SecurityLog {
    tally: Mutex<Tally>,
    clock: Clock,
}

#[derive(Default)]
struct Tally {
    since: Timestamp,
    of_network: HashMap<(EventKind, Network), u32>,
    of_kind: BTreeMap<EventKind, u32>,
    left_out: BTreeMap<EventKind, u64>,
}

impl SecurityLog {
    /// An empty log with this clock.
    #[must_use]
    pub(crate) fn new(clock: Clock) -> Self {
        Self { tally: Mutex::default(), clock }
    }

    /// Logs how many lines were left out, once their window is over; call it now and then.
    pub(crate) fn tell(&self) {
        let mut tally = self.tally();
        let now = self.clock.steady();
        if tally.since.plus(WINDOW) > now {
            return;
        }
        for (kind, count) in std::mem::take(&mut *tally).left_out {
            tracing::warn!(target: "plinth::security", kind = kind.name(), left_out = count, "more events of this kind");
        }
        tally.since = now;
    }

    fn write(&self, context: &RequestContext, Event { kind, user }: Event) {
        let Some(client) = context.client else { return };
        self.tell();
        if !self.tally().counts(kind, client) {
            return;
        }
        let (address, claimed) = (client.address, client.claimed_address().map(tracing::field::display));
        let (name, request, path) = (kind.name(), &*context.id, &*context.path);
        if kind.is_refusal() {
            tracing::warn!(target: "plinth::security", kind = name, %address, claimed, request, path, user);
        } else {
            tracing::info!(target: "plinth::security", kind = name, %address, claimed, request, path, user);
        }
    }

    fn tally(&self) -> MutexGuard<'_, Tally> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tally {
    /// Counts an event; whether it may still be written.
    fn counts(&mut self, kind: EventKind, client: Client) -> bool {
        let of_kind = self.of_kind.entry(kind).or_default();
        // Only networks with a line take memory, so that is bounded for each kind.
        if *of_kind < PER_KIND {
            let of_network = self.of_network.entry((kind, client.network())).or_default();
            if *of_network < PER_NETWORK {
                *of_network += 1;
                *of_kind += 1;
                return true;
            }
        }
        *self.left_out.entry(kind).or_default() += 1;
        false
    }
}

/// The layer: writes the events of responses, and every refusal without an event.
pub(crate) async fn watch(State(log): State<Arc<SecurityLog>>, request: Request, next: Next) -> Response {
    let context = request.extensions().get::<RequestContext>().cloned();
    let response = next.run(request).await;
    if let (Some(context), Some(event)) = (context, event(&response)) {
        log.write(&context, event);
    }
    response
}

fn event(response: &Response) -> Option<Event> {
    let unmarked = |kind| Some(Event { kind, user: None });
    response.extensions().get().copied().or_else(|| match response.status() {
        StatusCode::FORBIDDEN if response.extensions().get::<ProtectionError>().is_some() => {
            unmarked(EventKind::OriginRefused)
        }
        StatusCode::FORBIDDEN => unmarked(EventKind::Forbidden),
        StatusCode::MISDIRECTED_REQUEST => unmarked(EventKind::HostRefused),
        StatusCode::TOO_MANY_REQUESTS => unmarked(EventKind::TooMany),
        _ => None,
    })
}
