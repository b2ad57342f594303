//! Headers, hosts, origins, limits.
