//! Everything about one e-mail address: finding, exporting and erasing it, and what is kept about whom and why. Revisions,
//! publications and the audit log never change, so what they name is told and stays.

pub(crate) mod account;
pub(crate) mod drafts;
pub(crate) mod erasure;
pub(crate) mod export;
pub(crate) mod found;
pub(crate) mod kept;
pub(crate) mod text_place;
