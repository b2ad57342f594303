//! The named policies for keeping responses outside: in browsers, and in a network of caches before us.

/// A public page. A browser asks each time and mostly hears 304; a shared cache may keep it for ten seconds, and show
/// it for a minute more while it asks. Whoever puts one before the portal accepts those ten seconds.
pub const PAGE: &str = "public, max-age=0, s-maxage=10, stale-while-revalidate=60";
/// Addressed by its content: for ever.
pub const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// May be kept, but must be asked for each time.
pub const ASK: &str = "no-cache";
/// Personal, or true at this moment only.
pub const NEVER: &str = "no-store";
