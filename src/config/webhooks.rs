//! Whether webhooks are sent. They are off unless the maintainer says otherwise, since they let administrators make this machine ask
//! others.

use clap::ValueEnum;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum WebhookMode {
    /// None are sent
    Off,
    /// They are sent, encrypted and to public addresses alone
    On,
    /// For tests alone: also without encryption to this machine
    InsecureLoopbackForTests,
}
