//! Undoing what was done. Each change that can be undone notes the steps of it; a whole change is undone or nothing, and only
//! while everything is as that change left it.

pub(crate) mod noted;
pub(crate) mod step;
