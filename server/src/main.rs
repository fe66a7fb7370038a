//! The `webxenadmin` command.
use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args = server::cli::Args::parse();
    match server::cli::run(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("webxenadmin: {error:#}");
            ExitCode::FAILURE
        }
    }
}
