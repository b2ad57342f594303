//! A provider of the company sign-in for tests: it says what it is told to, and signs that with a real key.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::SystemTime,
};

use axum::{
    Form, Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    routing::{get, post},
};
use data_encoding::{BASE64, BASE64URL_NOPAD};
use ring::{
    hmac,
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::Url;

pub const CLIENT: &str = "plinth";
pub const SECRET: &str = "a secret of this portal";

/// How a token is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signing {
    Right,
    /// With a key that the provider does not have, under the name of its own.
    ForeignKey,
    /// The same under a name of its own.
    UnknownKey,
    Nothing,
    /// With the secret of the portal.
    Secret,
}

/// What a browser was sent to the provider with.
pub struct Asked {
    pub state: String,
    pub nonce: String,
    challenge: String,
    redirect: String,
}

impl Asked {
    /// Reads the address that the browser is sent to.
    pub fn parse(address: &str) -> Self {
        let url = Url::parse(address).expect("an address");
        let values: HashMap<_, _> = url.query_pairs().into_owned().collect();
        let value = |name: &str| values.get(name).cloned().unwrap_or_default();
        assert_eq!((value("client_id"), value("response_type")), (CLIENT.to_owned(), "code".to_owned()));
        assert_eq!(value("code_challenge_method"), "S256");
        assert!(value("scope").split(' ').any(|scope| scope == "openid"), "{address}");
        Self {
            state: value("state"),
            nonce: value("nonce"),
            challenge: value("code_challenge"),
            redirect: value("redirect_uri"),
        }
    }
}

/// What a code is good for, once.
struct Grant {
    challenge: String,
    redirect: String,
    token: String,
}

pub struct Provider {
    pub issuer: String,
    key: EcdsaKeyPair,
    foreign: EcdsaKeyPair,
    grants: Mutex<HashMap<String, Grant>>,
}

fn key() -> EcdsaKeyPair {
    let (algorithm, random) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
    let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).expect("a key");
    EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).expect("the same key")
}

pub fn now() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("after 1970").as_secs()
}

impl Provider {
    pub async fn start() -> Arc<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let issuer = format!("http://{}", listener.local_addr().expect("an address"));
        let provider = Arc::new(Self { issuer, key: key(), foreign: key(), grants: Mutex::default() });
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discover))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .with_state(provider.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        provider
    }

    /// What is usually said of a user who was asked for.
    pub fn claims(&self, asked: &Asked, subject: &str, email: &str) -> Value {
        json!({
            "iss": self.issuer, "aud": CLIENT, "sub": subject, "nonce": asked.nonce, "iat": now(), "exp": now() + 300,
            "email": email, "email_verified": true, "groups": ["all", "editors"],
        })
    }

    /// Lets a user in: the code that their browser comes back with.
    pub fn grant(&self, asked: &Asked, claims: &Value, signing: Signing) -> String {
        let token = self.sign(claims, signing);
        let mut grants = self.grants.lock().unwrap();
        let code = format!("code{}", asked.nonce);
        let (challenge, redirect) = (asked.challenge.clone(), asked.redirect.clone());
        grants.insert(code.clone(), Grant { challenge, redirect, token });
        code
    }

    fn sign(&self, claims: &Value, signing: Signing) -> String {
        let head = match signing {
            Signing::Right | Signing::ForeignKey => json!({"alg": "ES256", "typ": "JWT", "kid": "one"}),
            Signing::UnknownKey => json!({"alg": "ES256", "kid": "two"}),
            Signing::Nothing => json!({"alg": "none"}),
            Signing::Secret => json!({"alg": "HS256"}),
        };
        let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
        let signed = format!("{}.{}", part(&head), part(claims));
        let by = |key: &EcdsaKeyPair| {
            key.sign(&SystemRandom::new(), signed.as_bytes()).expect("a signature").as_ref().to_vec()
        };
        let signature = match signing {
            Signing::Right => by(&self.key),
            Signing::ForeignKey | Signing::UnknownKey => by(&self.foreign),
            Signing::Nothing => Vec::new(),
            Signing::Secret => {
                let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
                hmac::sign(&key, signed.as_bytes()).as_ref().to_vec()
            }
        };
        format!("{signed}.{}", BASE64URL_NOPAD.encode(&signature))
    }
}

async fn discover(State(provider): State<Arc<Provider>>) -> Json<Value> {
    let issuer = &provider.issuer;
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256", "HS256", "none"],
        "scopes_supported": ["openid", "email", "groups"],
    }))
}

async fn keys(State(provider): State<Arc<Provider>>) -> Json<Value> {
    let point = &provider.key.public_key().as_ref()[1..];
    let (x, y) = (BASE64URL_NOPAD.encode(&point[..32]), BASE64URL_NOPAD.encode(&point[32..]));
    Json(json!({"keys": [{"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": "one", "x": x, "y": y}]}))
}

async fn token(
    State(provider): State<Arc<Provider>>,
    headers: HeaderMap,
    Form(sent): Form<HashMap<String, String>>,
) -> (StatusCode, Json<Value>) {
    let login = format!("{CLIENT}:{}", SECRET.replace(' ', "+"));
    let is_portal = headers
        .get(header::AUTHORIZATION)
        .is_some_and(|value| value.as_bytes() == format!("Basic {}", BASE64.encode(login.as_bytes())).as_bytes());
    let value = |name: &str| sent.get(name).map(String::as_str).unwrap_or_default();
    let grant = provider.grants.lock().unwrap().remove(value("code"));
    let challenge = BASE64URL_NOPAD.encode(&Sha256::digest(value("code_verifier").as_bytes()));
    match grant {
        Some(grant) if is_portal && grant.challenge == challenge && grant.redirect == value("redirect_uri") => {
            (StatusCode::OK, Json(json!({"access_token": "a", "token_type": "Bearer", "id_token": grant.token})))
        }
        _ => (StatusCode::BAD_REQUEST, Json(json!({"error": "invalid_grant"}))),
    }
}
