//! The settings of the company sign-in (OIDC). Without them there is none.

use std::net::IpAddr;

use clap::{Args, ValueEnum};
use url::{Host, Url};

use super::media_s3::Secret;

/// What the button says without a label.
const LABEL: &str = "your company account";
/// Longest label, in characters.
const LABEL_MAX: usize = 60;
/// The roles that a group can give.
const ROLES: [&str; 2] = ["editor", "administrator"];

/// Whether the company sign-in is the only way in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OnlyCompany {
    /// Passwords and passkeys sign in too
    Off,
    /// Nothing else does
    On,
}

#[derive(Debug, Clone, Args)]
pub struct OidcConfig {
    /// Provider of the company sign-in, such as <https://id.example>; when not set, there is none
    #[arg(id = "oidc_issuer", long = "oidc-issuer", env = "PLINTH_OIDC_ISSUER", global = true)]
    pub(crate) issuer: Option<String>,

    /// Name of this portal at the provider
    #[arg(id = "oidc_client_id", long = "oidc-client-id", env = "PLINTH_OIDC_CLIENT_ID", global = true)]
    pub(crate) client_id: Option<String>,

    /// Secret of this portal at the provider; better set in the environment, as other users of the machine can read options
    #[arg(
        id = "oidc_client_secret",
        long = "oidc-client-secret",
        env = "PLINTH_OIDC_CLIENT_SECRET",
        hide_env_values = true,
        global = true
    )]
    pub(crate) client_secret: Option<Secret>,

    /// What follows “Sign in with” on the button
    #[arg(id = "oidc_label", long = "oidc-label", env = "PLINTH_OIDC_LABEL", global = true)]
    pub(crate) label: Option<String>,

    /// Claim and groups that give roles, such as groups:editors=editor,admins=administrator; when not set, roles are kept here
    #[arg(id = "oidc_groups", long = "oidc-groups", env = "PLINTH_OIDC_GROUPS", global = true)]
    pub(crate) groups: Option<String>,

    /// Whether nothing else signs in
    #[arg(
        id = "oidc_only",
        long = "oidc-only",
        env = "PLINTH_OIDC_ONLY",
        value_enum,
        default_value_t = OnlyCompany::Off,
        global = true
    )]
    pub(crate) only: OnlyCompany,
}

/// The settings, checked.
#[derive(Debug, Clone)]
pub(crate) struct OidcSettings {
    /// As the provider names itself, letter for letter.
    pub(crate) issuer: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: Secret,
    pub(crate) label: String,
    /// None: roles are kept here.
    pub(crate) groups: Option<GroupRoles>,
    pub(crate) is_only: bool,
    /// Whether the provider is on this machine and not encrypted.
    pub(crate) is_plain: bool,
}

/// Which groups give which roles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GroupRoles {
    pub(crate) claim: String,
    /// Groups with the names of roles.
    pub(crate) roles: Vec<(String, String)>,
}

impl OidcConfig {
    /// The settings; none when nothing is set.
    /// Errors: a sentence for the maintainer.
    pub(crate) fn settings(&self) -> Result<Option<OidcSettings>, String> {
        let secret = self.client_secret.as_ref().map(|secret| secret.0.as_str());
        let (issuer, client_id, secret) =
            (filled(self.issuer.as_deref()), filled(self.client_id.as_deref()), filled(secret));
        let (label, groups) = (filled(self.label.as_deref()), filled(self.groups.as_deref()));
        let is_only = self.only == OnlyCompany::On;
        let (Some(issuer), Some(client_id), Some(secret)) = (issuer, client_id, secret) else {
            if !is_only && [issuer, client_id, secret, label, groups].iter().all(Option::is_none) {
                return Ok(None);
            }
            return Err(
                "The company sign-in needs PLINTH_OIDC_ISSUER, PLINTH_OIDC_CLIENT_ID and PLINTH_OIDC_CLIENT_SECRET \
                        together: set all three, or nothing that begins with PLINTH_OIDC_."
                    .to_owned(),
            );
        };
        let label = label.unwrap_or(LABEL);
        if label.chars().count() > LABEL_MAX || label.chars().any(char::is_control) {
            return Err(format!("PLINTH_OIDC_LABEL must be at most {LABEL_MAX} characters on one line."));
        }
        Ok(Some(OidcSettings {
            issuer: issuer.to_owned(),
            client_id: client_id.to_owned(),
            client_secret: Secret(secret.to_owned()),
            label: label.to_owned(),
            groups: groups.map(read_groups).transpose()?,
            is_only,
            is_plain: check_issuer(issuer)? == "http",
        }))
    }
}

fn filled(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

/// Whether an address may be asked: encrypted, or on this machine.
#[must_use]
pub(crate) fn is_safe(url: &Url) -> bool {
    let is_loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => IpAddr::from(ip).is_loopback(),
        Some(Host::Ipv6(ip)) => IpAddr::from(ip).is_loopback(),
        None => false,
    };
    url.has_host() && (url.scheme() == "https" || url.scheme() == "http" && is_loopback)
}

/// Gives its scheme.
fn check_issuer(issuer: &str) -> Result<String, String> {
    let url = Url::parse(issuer).ok().filter(|url| is_safe(url) && url.username().is_empty());
    let url = url.filter(|url| url.query().is_none() && url.fragment().is_none() && url.password().is_none());
    let fault = "PLINTH_OIDC_ISSUER must begin with https:// and name a host, such as https://id.example (http:// is for providers \
                 on this machine alone).";
    url.map(|url| url.scheme().to_owned()).ok_or_else(|| fault.to_owned())
}

/// The claim ends at the last colon before the first equals sign.
fn read_groups(text: &str) -> Result<GroupRoles, String> {
    let fault = || {
        "PLINTH_OIDC_GROUPS must name a claim, and groups with the role that each gives, editor or administrator, such as \
         groups:editors=editor,admins=administrator."
            .to_owned()
    };
    let first = text.find('=').ok_or_else(fault)?;
    let colon = text[..first].rfind(':').ok_or_else(fault)?;
    let (claim, list) = (text[..colon].trim(), &text[colon + 1..]);
    let read = |pair: &str| {
        let (group, role) = pair.rsplit_once('=')?;
        let (group, role) = (group.trim(), role.trim());
        (!group.is_empty() && ROLES.contains(&role)).then(|| (group.to_owned(), role.to_owned()))
    };
    let roles: Option<Vec<_>> = list.split(',').map(read).collect();
    let roles = roles.filter(|_| !claim.is_empty()).ok_or_else(fault)?;
    Ok(GroupRoles { claim: claim.to_owned(), roles })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(issuer: &str) -> OidcConfig {
        OidcConfig {
            issuer: Some(issuer.to_owned()),
            client_id: Some("plinth".to_owned()),
            client_secret: Some(Secret("hush".to_owned())),
            label: None,
            groups: None,
            only: OnlyCompany::Off,
        }
    }

    #[test]
    fn all_three_are_needed_and_the_provider_is_encrypted_or_here() {
        for good in
            ["https://id.example/realms/one", "http://127.0.0.1:9000", "http://localhost:9000/", "http://[::1]:9000"]
        {
            assert_eq!(config(good).settings().unwrap().unwrap().issuer, good);
        }
        for bad in
            ["http://id.example", "id.example", "ftp://id.example", "https://a:b@id.example", "https://id.example?a=b"]
        {
            assert!(config(bad).settings().unwrap_err().contains("https://"), "{bad}");
        }
        let nothing = OidcConfig { issuer: None, client_id: None, client_secret: None, ..config("") };
        assert!(nothing.settings().unwrap().is_none());
        for half in [
            config(""),
            OidcConfig { client_secret: None, ..config("https://id.example") },
            OidcConfig { only: OnlyCompany::On, ..nothing.clone() },
            OidcConfig { label: Some("Example".to_owned()), ..nothing },
        ] {
            assert!(half.settings().unwrap_err().contains("together"));
        }
        assert!(!format!("{:?}", config("https://id.example")).contains("hush"));
    }

    #[test]
    fn groups_give_roles() {
        let read = read_groups("cognito:groups: a b =editor,x=y=administrator").unwrap();
        assert_eq!(read.claim, "cognito:groups");
        let pair = |group: &str, role: &str| (group.to_owned(), role.to_owned());
        assert_eq!(read.roles, [pair("a b", "editor"), pair("x=y", "administrator")]);
        for bad in
            ["groups", "groups:", "editors=editor", ":a=editor", "groups:a=owner", "groups:a=editor,", "groups:=editor"]
        {
            assert!(read_groups(bad).unwrap_err().contains("such as"), "{bad}");
        }
    }
}
