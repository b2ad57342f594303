//! This site as passkeys know it, by its configured public address alone: what a browser is asked, and whether its answer is
//! right. Keeps nothing and knows no table.

use std::fmt::Display;

use data_encoding::BASE64URL_NOPAD;
use serde::{Serialize, de::DeserializeOwned};
use url::Url;
use webauthn_rs::prelude::{
    AuthenticationResult, DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Uuid, Webauthn, WebauthnBuilder,
};

use super::user::User;
use crate::{
    crypto,
    error::{Error, Result, ValidationErrors},
    text::email,
};

const NO_ADDRESS: &str = "Passkeys belong to the address of a site, and this site has none that is configured. The maintainer \
    sets it with PLINTH_PUBLIC_URL, such as https://portal.example.";
const NO_NAME: &str = "Passkeys belong to the name of a site, and the configured address of this site (PLINTH_PUBLIC_URL) has \
    a number in its place.";
const NOT_SECURE: &str = "Passkeys need a secure address, and the configured one of this site (PLINTH_PUBLIC_URL) begins with \
    http:// instead of https://.";

/// The site, and the key that the handles of its users are made with.
pub(crate) struct RelyingParty {
    webauthn: Webauthn,
    key: String,
}

/// What a browser is asked for, and what its answer is checked with, which stays on the server.
pub(crate) struct PasskeyQuestion {
    /// JSON for the browser.
    pub(crate) options: String,
    /// JSON for the session.
    pub(crate) state: String,
}

/// A browser's answer with a passkey that it has.
pub(crate) struct PasskeyAnswer(PublicKeyCredential);

impl PasskeyAnswer {
    /// None when it is not one.
    #[must_use]
    pub(crate) fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok().map(Self)
    }

    /// By which id the passkey is stored.
    #[must_use]
    pub(crate) fn credential_id(&self) -> String {
        BASE64URL_NOPAD.encode(self.0.get_credential_id())
    }
}

impl RelyingParty {
    /// Errors: a sentence, without a secure public address whose host is a name: a passkey belongs to a name, for good.
    pub(crate) fn of(public_url: Option<&Url>, key: &str) -> Result<Self, &'static str> {
        let url = public_url.ok_or(NO_ADDRESS)?;
        let name = url.domain().ok_or(NO_NAME)?;
        if url.scheme() != "https" && name != "localhost" {
            return Err(NOT_SECURE);
        }
        let webauthn = WebauthnBuilder::new(name, url).and_then(WebauthnBuilder::build).map_err(|_| NO_NAME)?;
        Ok(Self { webauthn, key: key.to_owned() })
    }

    /// What names a user within a passkey; says nothing about them.
    fn handle(&self, user_id: i64) -> Uuid {
        let bytes = crypto::derive(&self.key, &format!("passkeys of {user_id}"));
        Uuid::from_bytes(std::array::from_fn(|at| bytes[at]))
    }

    /// Asks for a new passkey of a user, on a device that has none of those in `known` yet.
    pub(crate) fn ask_for_new(&self, user: &User, known: &[Passkey]) -> Result<PasskeyQuestion> {
        let known = known.iter().map(|passkey| passkey.cred_id().clone()).collect();
        let (options, state) = self
            .webauthn
            .start_passkey_registration(self.handle(user.id), &email::display(&user.email), &user.name, Some(known))
            .map_err(fault)?;
        let mut options = serde_json::to_value(options).map_err(fault)?;
        // The browser must be able to find it without knowing whose it is.
        let selection = &mut options["publicKey"]["authenticatorSelection"];
        selection["residentKey"] = "required".into();
        selection["requireResidentKey"] = true.into();
        Ok(PasskeyQuestion { options: options["publicKey"].to_string(), state: to_json(&state)? })
    }

    /// The new passkey that a browser made.
    /// `Validation` on no field when the answer is not right.
    pub(crate) fn accept_new(&self, answer: &str, state: Option<&str>) -> Result<Passkey> {
        let refusal = || ValidationErrors::one("", "The passkey was not made for this site, or too late. Try again");
        let state: PasskeyRegistration = of_json(state.ok_or_else(refusal)?)?;
        let answer: RegisterPublicKeyCredential = serde_json::from_str(answer).map_err(|_| refusal())?;
        self.webauthn.finish_passkey_registration(&answer, &state).map_err(|_| refusal().into())
    }

    /// Asks for any passkey for this site.
    pub(crate) fn ask(&self) -> Result<PasskeyQuestion> {
        let (options, state) = self.webauthn.start_discoverable_authentication().map_err(fault)?;
        let options = serde_json::to_value(options).map_err(fault)?;
        Ok(PasskeyQuestion { options: options["publicKey"].to_string(), state: to_json(&state)? })
    }

    /// What an answer proves: that its sender has this passkey of this user, and unlocked it. None when it does not.
    pub(crate) fn check(
        &self,
        answer: &PasskeyAnswer,
        state: &str,
        passkey: &Passkey,
        user_id: i64,
    ) -> Result<Option<AuthenticationResult>> {
        let state: DiscoverableAuthentication = of_json(state)?;
        let whose = self.webauthn.identify_discoverable_authentication(&answer.0);
        if !matches!(whose, Ok((handle, _)) if handle == self.handle(user_id)) {
            return Ok(None);
        }
        let result = self.webauthn.finish_discoverable_authentication_v2(&answer.0, state, passkey);
        Ok(result.ok().filter(AuthenticationResult::user_verified))
    }
}

pub(super) fn to_json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(fault)
}

pub(super) fn of_json<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(fault)
}

fn fault(error: impl Display) -> Error {
    Error::internal("passkey", error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_need_a_secure_address_with_a_name() {
        for (url, fault) in [
            ("https://portal.example", None),
            ("https://portal.example:8443", None),
            ("http://localhost:3000", None),
            ("http://portal.example", Some(NOT_SECURE)),
            ("https://203.0.113.7", Some(NO_NAME)),
            ("http://127.0.0.1:3000", Some(NO_NAME)),
        ] {
            let url = Url::parse(url).unwrap();
            assert_eq!(RelyingParty::of(Some(&url), "key").err(), fault, "{url}");
        }
        assert_eq!(RelyingParty::of(None, "key").err(), Some(NO_ADDRESS));
    }
}
