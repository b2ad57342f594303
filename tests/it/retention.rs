//! Messages go when their time is over.
