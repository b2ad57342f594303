//! An authenticator and its browser in software: makes a passkey and signs with it, as a telephone does. Whatever an answer
//! says can be made wrong.

use data_encoding::BASE64URL_NOPAD;
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Where the browser is, and what its site says it is.
pub const ORIGIN: &str = "http://localhost:3000";
pub const SITE: &str = "localhost";

const PRESENT: u8 = 1;
const VERIFIED: u8 = 4;
const NEW_KEY: u8 = 0x40;

/// A passkey, with what its next answer says.
pub struct Authenticator {
    key: EcdsaKeyPair,
    pub id: Vec<u8>,
    /// What names its user, in Base64.
    pub handle: String,
    pub site: String,
    pub origin: String,
    pub count: u32,
    pub is_unlocked: bool,
}

fn encode(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}

/// The key of ES256 as CBOR: the kind, and the two halves of the point.
fn cose(point: &[u8]) -> Vec<u8> {
    let (x, y) = point[1..].split_at(32);
    [&b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20"[..], x, b"\x22\x58\x20", y].concat()
}

impl Authenticator {
    /// A new passkey for what a site asks, and the browser's answer.
    pub fn make(options: &str) -> (Self, String) {
        Self::make_at(options, ORIGIN)
    }

    /// The same in a browser at another address.
    pub fn make_at(options: &str, origin: &str) -> (Self, String) {
        let options: Value = serde_json::from_str(options).unwrap();
        assert_eq!(options["authenticatorSelection"]["residentKey"], "required");
        assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, document.as_ref(), &random).unwrap();
        let id = Sha256::digest(key.public_key().as_ref())[..].to_vec();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let made = Self {
            key,
            id,
            handle: text(&options["user"]["id"]),
            site: text(&options["rp"]["id"]),
            origin: origin.to_owned(),
            count: 0,
            is_unlocked: true,
        };
        let data = [
            &made.data(PRESENT | VERIFIED | NEW_KEY)[..],
            &[0; 16],
            &[0, u8::try_from(made.id.len()).unwrap()],
            &made.id,
            &cose(made.key.public_key().as_ref()),
        ]
        .concat();
        let length = u8::try_from(data.len()).unwrap();
        let attestation = [&b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58"[..], &[length], &data].concat();
        let client = made.client("webauthn.create", &text(&options["challenge"]));
        let answer = json!({
            "id": encode(&made.id),
            "rawId": encode(&made.id),
            "type": "public-key",
            "clientExtensionResults": {"credProps": {"rk": true}},
            "response": {
                "attestationObject": encode(&attestation),
                "clientDataJSON": encode(client.as_bytes()),
                "transports": ["internal", "hybrid"],
            },
        });
        (made, answer.to_string())
    }

    fn data(&self, flags: u8) -> Vec<u8> {
        [&Sha256::digest(self.site.as_bytes())[..], &[flags], &self.count.to_be_bytes()].concat()
    }

    fn client(&self, kind: &str, challenge: &str) -> String {
        json!({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false}).to_string()
    }

    /// The browser's answer to what a site asks.
    pub fn sign(&self, options: &str) -> String {
        let options: Value = serde_json::from_str(options).unwrap();
        assert_eq!(options["userVerification"], "required");
        let data = self.data(if self.is_unlocked { PRESENT | VERIFIED } else { PRESENT });
        let client = self.client("webauthn.get", options["challenge"].as_str().unwrap());
        let signed = [&data[..], &Sha256::digest(client.as_bytes())[..]].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).unwrap();
        json!({
            "id": encode(&self.id),
            "rawId": encode(&self.id),
            "type": "public-key",
            "clientExtensionResults": {},
            "response": {
                "authenticatorData": encode(&data),
                "clientDataJSON": encode(client.as_bytes()),
                "signature": encode(signature.as_ref()),
                "userHandle": self.handle,
            },
        })
        .to_string()
    }
}
