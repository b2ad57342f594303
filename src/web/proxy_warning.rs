//! What the log says when a request was forwarded in a way that makes limits treat all visitors as one.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Warning {
    /// It comes from a loopback or private address, and no proxy is named.
    NotNamedNear,
    /// It comes from an address that is not named.
    NotNamed,
    /// It comes from a named proxy that uses another header.
    NoForwardedFor,
    /// A named proxy forwards for something that is not an address.
    NoAddress,
}

impl Warning {
    #[must_use]
    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::NotNamedNear => {
                "a request was forwarded by a proxy that PLINTH_TRUSTED_PROXIES does not name; what it says is not \
                 believed, and all visitors behind it share at most ten times the limits of one address"
            }
            Self::NotNamed => {
                "a request was forwarded by an address that PLINTH_TRUSTED_PROXIES does not name, so what it says is not \
                 believed; if it is your proxy, all visitors behind it share the limits of one address: name it, and \
                 let it send X-Forwarded-For"
            }
            Self::NoForwardedFor => {
                "a trusted proxy sends Forwarded or X-Real-IP, which are not read, and no X-Forwarded-For; all visitors \
                 behind it share the limits of one address"
            }
            Self::NoAddress => "a trusted proxy sends an X-Forwarded-For that is not an address; it is ignored",
        }
    }
}
