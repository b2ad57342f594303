//! E-mail addresses: one form to store and look up, one to show. Knows nothing of who owns them.

use email_address::EmailAddress;
use unicode_normalization::UnicodeNormalization;

use super::clean;

/// An address as it is stored and looked up: lower case, NFC, the domain as in the DNS (`xn--…`). What is not an
/// address gets some form that no stored address has.
#[must_use]
pub(crate) fn normal(typed: &str) -> String {
    let line = clean::line(typed);
    let Some((local, domain)) = line.rsplit_once('@') else { return line.to_lowercase() };
    let local: String = local.to_lowercase().nfc().collect();
    format!("{}@{}", local, ascii_domain(domain))
}

/// An address as mail servers take it: the domain as in the DNS, and the rest as it was typed.
#[must_use]
pub(crate) fn to_send_to(typed: &str) -> String {
    match typed.rsplit_once('@') {
        Some((local, domain)) => format!("{local}@{}", ascii_domain(domain)),
        None => typed.to_owned(),
    }
}

/// Its normal form, if it is an address of at most `longest` bytes.
#[must_use]
pub(crate) fn parse(typed: &str, longest: usize) -> Option<String> {
    let address = normal(typed);
    (address.len() <= longest && EmailAddress::is_valid(&address)).then_some(address)
}

/// An address as users read it: the domain in the letters of its language.
#[must_use]
pub(crate) fn display(address: &str) -> String {
    let Some((local, domain)) = address.rsplit_once('@') else { return address.to_owned() };
    match idna::domain_to_unicode(domain) {
        (domain, Ok(())) => format!("{local}@{domain}"),
        (_, Err(_)) => address.to_owned(),
    }
}

/// All forms of an address that someone may look for.
#[must_use]
pub(crate) fn forms(typed: &str) -> String {
    let normal = normal(typed);
    let mut forms = vec![typed.to_owned()];
    for form in [display(&normal), normal] {
        if !forms.contains(&form) {
            forms.push(form);
        }
    }
    forms.join(" ")
}

/// A domain as in the DNS; in lower case when it cannot be one.
#[must_use]
pub(crate) fn ascii_domain(domain: &str) -> String {
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    idna::domain_to_ascii(domain).unwrap_or_else(|_| domain.to_lowercase())
}

/// Whether an address is in a domain that is reserved for examples and tests.
#[must_use]
pub(crate) fn is_example(address: &str) -> bool {
    let domain = address.rsplit('@').next().unwrap_or_default().to_lowercase();
    let last = domain.rsplit('.').next().unwrap_or_default();
    ["example", "test", "invalid", "localhost"].contains(&last)
        || ["example.com", "example.org", "example.net"].contains(&domain.as_str())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_spelling_of_an_address_is_one() {
        for typed in [
            "user@müller.example",
            "User@xn--mller-kva.example",
            " user@MU\u{308}LLER.example. ",
            "user@Müller。example",
        ] {
            assert_eq!(normal(typed), "user@xn--mller-kva.example", "{typed}");
        }
        assert_eq!(normal("JOSE\u{301}@x.example"), normal("jos\u{e9}@X.EXAMPLE"));
        assert_eq!(display("user@xn--mller-kva.example"), "user@müller.example");
        assert_eq!(forms("user@müller.example"), "user@müller.example user@xn--mller-kva.example");
        assert_eq!(forms("user@x.example"), "user@x.example");
        assert_eq!(normal("nobody"), "nobody");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for bad in ["", "a", "a@", "@b", "a b@c.example", "a@xn--", &format!("{}@c.example", "a".repeat(300))] {
            assert_eq!(parse(bad, 200), None, "{bad}");
        }
        assert_eq!(parse("a@b.example", 200).as_deref(), Some("a@b.example"));
    }

    proptest! {
        #[test]
        fn the_normal_form_is_normal(typed in ".{0,20}@.{0,20}") {
            let once = normal(&typed);
            if EmailAddress::is_valid(&once) {
                prop_assert_eq!(normal(&once), once.clone());
                prop_assert_eq!(normal(&display(&once)), once);
            }
        }
    }

    #[test]
    fn addresses_of_examples_are_told() {
        for address in ["editor@portal.example", "a@example.org", "a@EXAMPLE.com", "a@mail.test"] {
            assert!(is_example(address), "{address}");
        }
        assert!(!is_example("a@example.de") && !is_example("office@portal.org"));
    }
}
