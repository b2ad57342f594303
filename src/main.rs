//! The command line. Reads `.env`, the environment and the options, and hands over to `app`.

use std::{io, path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use plinth::{
    app::{audit, logging, serve, transfer, user},
    config::Config,
    model::{actor::Role, journal::Head},
};

/// Gives memory back to the machine when an index has been made, which the usual allocator does not.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// A content management system in one binary, for portals that have to be right
#[derive(Parser)]
#[command(version)]
struct Line {
    #[command(flatten)]
    config: Config,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the portal (also without a command)
    Serve,
    /// Read a site from a folder of Markdown files
    Import {
        /// The folder, as `plinth export` writes it
        dir: PathBuf,
    },
    /// Write the whole site into an empty folder
    Export {
        /// The folder; it is made when it is missing
        dir: PathBuf,
    },
    /// Bring the database up to date and stop
    Migrate,
    /// Check the audit log
    #[command(subcommand)]
    Audit(Audit),
    /// Add, list and help the people who work at the desk
    #[command(subcommand)]
    User(User),
}

#[derive(Subcommand)]
enum Audit {
    /// Print number and hash of the newest entry, to be kept elsewhere
    Head,
    /// Check that nothing was changed beside Plinth; fails when something was
    Verify {
        /// A head that was kept, NUMBER:HASH: is it still part of the audit log?
        #[arg(long)]
        head: Option<Head>,
    },
}

#[derive(Subcommand)]
enum User {
    /// Add a person, who may come in at once
    Add {
        /// What they sign in with
        #[arg(long)]
        email: String,
        /// What others see
        #[arg(long)]
        name: String,
        /// administrator or editor
        #[arg(long, value_parser = role)]
        role: Role,
        /// Read the password from standard input, one line (the only way to give it)
        #[arg(long, required = true)]
        password_stdin: bool,
    },
    /// List everybody: e-mail, name, role and state, separated by tabs
    List,
    /// Give a person a new password and end their sessions
    Password {
        /// What they sign in with
        #[arg(long)]
        email: String,
        /// Read the password from standard input, one line (the only way to give it)
        #[arg(long, required = true)]
        password_stdin: bool,
    },
}

fn role(text: &str) -> Result<Role, &'static str> {
    Role::parse(text).ok_or("the role is administrator or editor")
}

fn main() -> ExitCode {
    // Without `.env` the environment is all there is; one that cannot be read must not be passed over, as a lost
    // public address would take the security with it.
    if let Err(error) = dotenvy::dotenv()
        && !error.not_found()
    {
        say(&format!("The file .env cannot be read: {error}"));
        return ExitCode::FAILURE;
    }
    let line = Line::parse();
    match run(line) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            say(&sentence);
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn run(line: Line) -> Result<(), String> {
    logging::begin(&line.config.log)?;
    match line.command {
        None | Some(Command::Serve) => serve::run(line.config).await,
        Some(Command::Import { dir }) => transfer::import(line.config, &dir).await,
        Some(Command::Export { dir }) => transfer::export(line.config, &dir).await,
        Some(Command::Migrate) => transfer::migrate(line.config).await,
        Some(Command::Audit(Audit::Head)) => audit::head(line.config).await,
        Some(Command::Audit(Audit::Verify { head })) => audit::verify(line.config, head).await,
        Some(Command::User(command)) => help(line.config, command).await,
    }
}

async fn help(config: Config, command: User) -> Result<(), String> {
    let input = io::stdin().lock();
    match command {
        User::Add { email, name, role, .. } => user::add(config, &email, &name, role, input).await,
        User::List => user::list(config).await,
        User::Password { email, .. } => user::password(config, &email, input).await,
    }
}

#[expect(clippy::print_stderr, reason = "the last word of a failed command is for the person at the terminal")]
fn say(sentence: &str) {
    eprintln!("plinth: {sentence}");
}
