//! The command `doctor`: looks at settings, files and the site, and says what is wrong, how bad it is, and what to do. Changes
//! nothing, beside a running portal too. The same is logged at the start.

use std::env;

use clap::Args;
use serde::Serialize;

use super::{backup_upload, data_directory::DataDirectory, media_place, start, terminal::print};
use crate::{
    clock::Clock,
    config::Config,
    doctor::{
        diagnosis::{Diagnosis, Grade},
        examined::{Machine, Site},
        list,
    },
    mail::mailer::Mailer,
    state::app_state::App,
    text::count::pluralise,
    webhook::client::WebhookClient,
};

const SETTINGS: &str = "Settings";
const START: &str = "Start";
const DATABASE: &str = "Database";
const CONNECTION: &str = "Mail server, asked";

/// How the command is to do it.
#[derive(Debug, Clone, Copy, Args)]
pub struct DoctorOptions {
    /// Ask the mail server too; nothing is sent
    #[arg(long)]
    mail: bool,
    /// Print JSON, for programs
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report<'a> {
    /// The worst of them.
    grade: Grade,
    checks: &'a [Diagnosis],
}

/// `plinth doctor`.
/// Errors: how many checks found something wrong; what it was is printed.
pub async fn run(config: Config, options: DoctorOptions) -> Result<(), String> {
    let mut found = look(&config).await;
    if options.mail {
        found.push(ask_mail_server(&config).await);
    }
    if options.json {
        print_json(&found)?;
    } else {
        for one in &found {
            print(&format!("{:<7} {}: {}", one.grade.as_str(), one.check, one.says))?;
            if !one.remedy.is_empty() {
                print(&format!("        {}", one.remedy))?;
            }
        }
    }
    match found.iter().filter(|one| one.grade == Grade::Wrong).count() {
        0 => Ok(()),
        wrong => Err(format!("{} found something wrong.", pluralise(wrong, "check", "checks"))),
    }
}

fn print_json(found: &[Diagnosis]) -> Result<(), String> {
    let worst = found.iter().map(|one| one.grade).max().unwrap_or(Grade::Ok);
    let report = Report { grade: worst, checks: found };
    print(&serde_json::to_string_pretty(&report).map_err(|error| error.to_string())?)
}

/// Says as JSON, too, that a setting cannot be read, when that keeps `doctor --json` from looking: a program waits for it.
pub fn print_unread(sentence: &str) {
    let words: Vec<String> = env::args().skip(1).collect();
    if ["doctor", "--json"].iter().all(|word| words.iter().any(|typed| typed == word)) {
        let found = Diagnosis::wrong(SETTINGS, sentence, "Correct the setting, then look again.");
        let _ = print_json(&[found]);
    }
}

/// Settings that lack others, so that the portal refuses to start.
fn check_start(config: &Config) -> Diagnosis {
    let refusals = [
        backup_upload::bucket(config).err(),
        media_place::open(config).err(),
        WebhookClient::of(config.webhooks).err(),
    ];
    let refusals: Vec<String> = refusals.into_iter().flatten().collect();
    if refusals.is_empty() {
        return Diagnosis::ok(START, "The settings of buckets and webhooks fit together.");
    }
    Diagnosis::wrong(START, refusals.join(" "), "Put that right: the portal does not start before.")
}

async fn look(config: &Config) -> Vec<Diagnosis> {
    let directory = match DataDirectory::of(config) {
        Ok(directory) => directory,
        Err(sentence) => return vec![Diagnosis::wrong(DATABASE, sentence, "Correct the setting, then look again.")],
    };
    let mut found = list::look_at_machine(Machine::new(config, directory.file())).await;
    found.push(check_start(config));
    let remedy = "Put that right, or restore a backup with `plinth restore`; keep a copy of what is there.";
    if let Err(sentence) = directory.refuse_missing_mount() {
        found.push(Diagnosis::wrong(DATABASE, sentence, remedy));
        return found;
    }
    match start::open_read_only(config).await {
        Ok(db) => {
            found.push(Diagnosis::ok(DATABASE, format!("{} is in the form of this version.", directory.database)));
            let is_on_server = directory.file().is_none();
            let site = Site::on_disk(db.read(), config, Clock::default().now(), is_on_server);
            found.extend(list::look_at_site(&site).await);
            db.close().await;
        }
        Err(sentence) => found.push(Diagnosis::wrong(DATABASE, sentence, remedy)),
    }
    found
}

/// Connects, signs in and says good-bye.
async fn ask_mail_server(config: &Config) -> Diagnosis {
    match Mailer::of(&config.mail) {
        Ok(Some(mailer)) => match mailer.check().await {
            Ok(()) => Diagnosis::ok(CONNECTION, format!("{} answers, and lets the portal send.", mailer.server_name())),
            Err(fault) => {
                Diagnosis::wrong(CONNECTION, fault.sentence, "Correct PLINTH_SMTP_URL, or ask who runs the server.")
            }
        },
        Ok(None) => Diagnosis::advice(CONNECTION, "None is set.", "Set PLINTH_SMTP_URL and PLINTH_MAIL_FROM."),
        Err(fault) => Diagnosis::wrong(CONNECTION, fault, "Put that right."),
    }
}

/// Logs what is wrong with settings and files, before the portal is announced.
pub(super) async fn log_machine(app: &App) {
    log(&list::look_at_machine(Machine::serving(app)).await);
}

/// Logs what is wrong with the site.
pub(super) async fn log_site(app: App) {
    log(&list::look_at_site(&Site::serving(&app)).await);
}

fn log(found: &[Diagnosis]) {
    for Diagnosis { check, says, remedy, .. } in found.iter().filter(|one| one.grade == Grade::Wrong) {
        tracing::warn!("{check}: {says} {remedy}");
    }
}
