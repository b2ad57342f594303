//! The list of all checks, each a function. To add one, write it and name it here.

use std::time::Duration;

use tokio::{task::spawn_blocking, time::timeout};

use super::{
    certificate, content, data,
    diagnosis::Diagnosis,
    disk,
    examined::{Machine, Site},
    settings, upkeep,
};
use crate::error::Result;

/// How long the storage may take.
const PATIENCE: Duration = Duration::from_secs(10);

type MachineCheck = fn(&Machine) -> Diagnosis;

const OF_MACHINE: [MachineCheck; 12] = [
    settings::check_names,
    settings::check_env_file,
    settings::check_public_address,
    certificate::check,
    settings::check_proxies,
    settings::check_mail_server,
    settings::check_company_sign_in,
    settings::check_metrics,
    data::check_folders,
    data::check_rights,
    data::check_owners,
    disk::check,
];

/// Looks at settings and files. A storage that does not answer is a diagnosis too.
pub(crate) async fn look_at_machine(machine: Machine) -> Vec<Diagnosis> {
    let look = spawn_blocking(move || OF_MACHINE.iter().map(|check| check(&machine)).collect::<Vec<_>>());
    timeout(PATIENCE, look).await.map_or_else(
        |_| {
            let says = "It has not answered within ten seconds.";
            vec![Diagnosis::wrong("Storage", says, "Look at the disk, or at the network that it is reached by.")]
        },
        |found| found.unwrap_or_else(|error| vec![Diagnosis::unknown("Storage", error)]),
    )
}

/// Looks at the site. What cannot be read is a diagnosis too.
pub(crate) async fn look_at_site(site: &Site<'_>) -> Vec<Diagnosis> {
    [
        told(upkeep::CLOCK, upkeep::check_clock(site).await),
        told(upkeep::MAIL, upkeep::check_mail(site).await),
        told(upkeep::BACKUP, upkeep::check_backup(site).await),
        told(upkeep::DRILL, upkeep::check_drill(site).await),
        told(upkeep::SEARCH, upkeep::check_search(site).await),
        told(content::USERS, content::check_users(site).await),
        told(content::PLACEHOLDERS, content::check_placeholders(site).await),
        told(content::LEGAL, content::check_legal_pages(site).await),
        told(content::CONTACT, content::check_contact_address(site).await),
        told(content::REVIEWS, content::check_reviews(site).await),
        told(content::SCHEDULES, content::check_schedules(site).await),
    ]
    .into()
}

fn told(check: &'static str, found: Result<Diagnosis>) -> Diagnosis {
    found.unwrap_or_else(|error| Diagnosis::unknown(check, error.for_terminal()))
}
