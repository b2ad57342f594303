//! A whole database into another one, of the other engine or the same: every row with its id, compared afterwards.

pub mod run;
mod tables;
