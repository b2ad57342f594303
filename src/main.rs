//! The command line. Reads `.env`, the environment and the options, and hands over to `app`.

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use plinth::{
    app::{logging, serve, transfer},
    config::Config,
};

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
}

fn main() -> ExitCode {
    // Without `.env` the environment is all there is.
    let _ = dotenvy::dotenv();
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
    }
}

#[expect(clippy::print_stderr, reason = "the last word of a failed command is for the person at the terminal")]
fn say(sentence: &str) {
    eprintln!("plinth: {sentence}");
}
