//! Keys of types, of their fields and of the parts of these: what one may be. Knows no type.

use super::reserved_keys;

pub(crate) const KEY_MAX: usize = 40;

/// Whether a text can be the key of a field of a type.
/// Errors: a sentence that says what to do.
pub(super) fn check_key(key: &str) -> Result<(), String> {
    check_form_of_key(key)?;
    if reserved_keys::is_builtin(key) {
        return Err(format!("“{key}” is a field of every document; choose another key"));
    }
    if key.contains("password") {
        return Err(format!("No form shows again what is sent as “{key}”; choose a key without “password” in it"));
    }
    if reserved_keys::is_name_of_form(key) {
        return Err(format!("“{key}” is used by the form itself; choose another key"));
    }
    Ok(())
}

/// Whether a text has the form of a key.
pub(super) fn check_form_of_key(key: &str) -> Result<(), String> {
    let is_letter = |byte: u8| byte.is_ascii_lowercase();
    let may_follow = |byte: u8| is_letter(byte) || byte.is_ascii_digit() || byte == b'_';
    let is_well_formed = key.bytes().next().is_some_and(is_letter) && key.bytes().all(may_follow);
    if is_well_formed && key.len() <= KEY_MAX {
        return Ok(());
    }
    Err(format!(
        "Enter a key of small letters a to z, digits and _, which begins with a letter and has at most {KEY_MAX} characters"
    ))
}
