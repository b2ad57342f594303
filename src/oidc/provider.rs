//! The provider of the company sign-in: where it sends its users, and who they are by its signed answer. What it says of itself
//! is fetched when it is first needed.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use openidconnect::{
    AdditionalClaims, AuthType, AuthenticationFlow, AuthorizationCode, ClaimsVerificationError, Client, ClientId,
    ClientSecret, CsrfToken, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, IdToken,
    IdTokenFields, IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
    SignatureVerificationError, StandardErrorResponse, StandardTokenResponse, TokenResponse,
    core::{
        CoreAuthDisplay, CoreAuthPrompt, CoreClientAuthMethod, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
        CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreProviderMetadata, CoreResponseType,
        CoreRevocableToken, CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
    },
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::{sync::Mutex, time::timeout};

use super::client::{ProviderClient, reason};
use crate::{
    clock::Timestamp,
    config::oidc::{OidcConfig, OidcSettings, is_safe},
};

/// How long all that is asked at one time may take.
const LIMIT: Duration = Duration::from_secs(10);
/// How long it is believed what the provider says of itself.
const BELIEVED: Duration = Duration::from_hours(1);
/// How often it is asked for other keys, at most.
const FLOOR: Duration = Duration::from_mins(1);
/// How far the clock of the provider may differ, and how old its answer may be, in seconds.
const SLACK: i64 = 5 * 60;

/// The signatures that are believed: none without a key pair.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 5] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
];

/// What else the provider says of its user.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct OtherClaims {
    #[serde(flatten)]
    all: HashMap<String, Value>,
}

impl AdditionalClaims for OtherClaims {}

type SignedToken = IdToken<OtherClaims, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;

type Tokens = StandardTokenResponse<
    IdTokenFields<
        OtherClaims,
        EmptyExtraTokenFields,
        CoreGenderClaim,
        CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm,
    >,
    CoreTokenType,
>;

type Party = Client<
    OtherClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Tokens,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// What the provider said of itself, and when.
struct Metadata {
    said: Arc<CoreProviderMetadata>,
    at: Instant,
}

pub(crate) struct CompanyProvider {
    settings: OidcSettings,
    redirect: RedirectUrl,
    client: ProviderClient,
    known: Mutex<Option<Metadata>>,
}

/// What a browser is sent to the provider with. Only the server keeps it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct CompanyQuestion {
    /// Comes back with the answer.
    pub(crate) state: String,
    nonce: String,
    verifier: String,
}

/// Who the provider says that its user is, with a verified address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CompanyClaims {
    pub(crate) issuer: String,
    pub(crate) subject: String,
    pub(crate) email: String,
    /// The names of the roles that their groups give; none when roles are kept here.
    pub(crate) roles: Option<Vec<String>>,
}

impl CompanyProvider {
    /// None when no provider is set; `callback` is where it sends its users back to.
    /// Errors: a sentence for the maintainer.
    pub(crate) fn of(config: &OidcConfig, callback: String) -> Result<Option<Self>, String> {
        let Some(settings) = config.settings()? else { return Ok(None) };
        let redirect =
            RedirectUrl::new(callback).map_err(|error| format!("The public address cannot be used: {error}."))?;
        let client = ProviderClient::new(settings.is_plain)?;
        Ok(Some(Self { settings, redirect, client, known: Mutex::default() }))
    }

    /// What follows “Sign in with”.
    #[must_use]
    pub(crate) fn label(&self) -> &str {
        &self.settings.label
    }

    /// Whether nothing else signs in.
    #[must_use]
    pub(crate) const fn is_only(&self) -> bool {
        self.settings.is_only
    }

    /// Where a browser is sent, and what its answer is checked with.
    /// Errors: a reason for the log.
    pub(crate) async fn ask(&self) -> Result<(String, CompanyQuestion), String> {
        let said = timeout(LIMIT, self.metadata(BELIEVED)).await.map_err(|_| late())??;
        if !is_safe(said.authorization_endpoint().url()) {
            return Err("the address that it sends browsers to is not encrypted".to_owned());
        }
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let party = self.party(&said);
        let flow = AuthenticationFlow::<CoreResponseType>::AuthorizationCode;
        let request = party.authorize_url(flow, CsrfToken::new_random, Nonce::new_random);
        let request = request.add_scopes(self.scopes(&said)).set_pkce_challenge(challenge);
        let (url, state, nonce) = request.url();
        let question = CompanyQuestion {
            state: state.secret().clone(),
            nonce: nonce.secret().clone(),
            verifier: verifier.secret().clone(),
        };
        Ok((url.to_string(), question))
    }

    /// Some providers have the groups in a scope of their own, and others refuse scopes that they do not have.
    fn scopes(&self, said: &CoreProviderMetadata) -> Vec<Scope> {
        let mut scopes = vec![Scope::new("email".to_owned())];
        if let Some(groups) = &self.settings.groups {
            scopes.push(Scope::new("profile".to_owned()));
            let of_claim = Scope::new(groups.claim.clone());
            scopes.extend(said.scopes_supported().is_some_and(|all| all.contains(&of_claim)).then_some(of_claim));
        }
        scopes
    }

    /// Who came back with this code.
    /// Errors: a reason for the log.
    pub(crate) async fn identify(
        &self,
        code: &str,
        question: &CompanyQuestion,
        now: Timestamp,
    ) -> Result<CompanyClaims, String> {
        timeout(LIMIT, self.exchange(code, question, now)).await.map_err(|_| late())?
    }

    async fn exchange(&self, code: &str, question: &CompanyQuestion, now: Timestamp) -> Result<CompanyClaims, String> {
        let said = self.metadata(BELIEVED).await?;
        let party = self.party(&said);
        let request = party.exchange_code(AuthorizationCode::new(code.to_owned())).map_err(|error| reason(&error))?;
        let verifier = PkceCodeVerifier::new(question.verifier.clone());
        let tokens = request.set_pkce_verifier(verifier).request_async(&self.client).await;
        let tokens = tokens.map_err(|error| reason(&error))?;
        let token = tokens.id_token().ok_or("it gave no ID token")?;
        match self.check(&party, token, &question.nonce, now) {
            Err(ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey)) => {
                let said = self.metadata(FLOOR).await?;
                let party = self.party(&said);
                self.check(&party, token, &question.nonce, now)
            }
            checked => checked,
        }
        .map_err(|error| reason(&error))
    }

    fn check(
        &self,
        party: &Party,
        token: &SignedToken,
        nonce: &str,
        now: Timestamp,
    ) -> Result<CompanyClaims, ClaimsVerificationError> {
        let now = now.0 / 1000;
        let verifier = party.id_token_verifier().set_allowed_algs(ALGORITHMS);
        let verifier = verifier.set_issue_time_verifier_fn(move |issued| {
            let is_recent = (issued.timestamp() - now).abs() <= SLACK;
            if is_recent { Ok(()) } else { Err(format!("issued at {issued}")) }
        });
        let claims = token.claims(&verifier, &Nonce::new(nonce.to_owned()))?;
        if claims.authorized_party().is_some_and(|party| party.as_str() != self.settings.client_id) {
            return Err(ClaimsVerificationError::InvalidAudience("it was made for another party".to_owned()));
        }
        let email = claims.email().filter(|_| claims.email_verified() == Some(true));
        let email = email.ok_or_else(|| ClaimsVerificationError::Other("it has no verified address".to_owned()))?;
        Ok(CompanyClaims {
            issuer: self.settings.issuer.clone(),
            subject: claims.subject().as_str().to_owned(),
            email: email.as_str().to_owned(),
            roles: self.roles(&claims.additional_claims().all),
        })
    }

    fn roles(&self, claims: &HashMap<String, Value>) -> Option<Vec<String>> {
        let groups = self.settings.groups.as_ref()?;
        let own = match claims.get(&groups.claim) {
            Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).collect(),
            Some(Value::String(one)) => vec![one.as_str()],
            _ => Vec::new(),
        };
        let given = groups.roles.iter().filter(|(group, _)| own.contains(&group.as_str()));
        Some(given.map(|(_, role)| role.clone()).collect())
    }

    fn party(&self, said: &CoreProviderMetadata) -> Party {
        let (id, secret) = (&self.settings.client_id, &self.settings.client_secret.0);
        let party = Party::from_provider_metadata(
            said.clone(),
            ClientId::new(id.clone()),
            Some(ClientSecret::new(secret.clone())),
        );
        let takes = |method| said.token_endpoint_auth_methods_supported().is_some_and(|all| all.contains(&method));
        let in_body = takes(CoreClientAuthMethod::ClientSecretPost) && !takes(CoreClientAuthMethod::ClientSecretBasic);
        let auth = if in_body { AuthType::RequestBody } else { AuthType::BasicAuth };
        party.set_auth_type(auth).set_redirect_uri(self.redirect.clone())
    }

    /// What the provider says of itself, no older than `age`. Those who come at one time wait for one answer.
    async fn metadata(&self, age: Duration) -> Result<Arc<CoreProviderMetadata>, String> {
        let mut known = self.known.lock().await;
        if let Some(known) = known.as_ref().filter(|known| known.at.elapsed() < age) {
            return Ok(known.said.clone());
        }
        let issuer = IssuerUrl::new(self.settings.issuer.clone()).map_err(|error| reason(&error))?;
        let said = CoreProviderMetadata::discover_async(issuer, &self.client).await.map_err(|error| reason(&error))?;
        let said = Arc::new(said);
        *known = Some(Metadata { said: said.clone(), at: Instant::now() });
        Ok(said)
    }
}

fn late() -> String {
    format!("it did not answer within {} seconds", LIMIT.as_secs())
}
