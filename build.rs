//! Lets cargo notice what the macros embed.

fn main() {
    // A new migration file must reach `sqlx::migrate!`, which cargo cannot see by itself.
    println!("cargo::rerun-if-changed=migrations");
}
