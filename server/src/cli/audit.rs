//! `webxenadmin audit …`: is the log as it was written, and taking it out.
use anyhow::bail;
use clap::{Args, Subcommand};
use wxa_core::{AuditCheck, ChainHead, Ctx};

use super::{data_args::DataArgs, serve::say};

/// What is done with the audit log.
#[derive(Debug, Args)]
pub(super) struct AuditArgs {
    #[command(flatten)]
    data: DataArgs,
    #[command(subcommand)]
    command: AuditCommand,
}

#[derive(Debug, Subcommand)]
enum AuditCommand {
    /// Check that every row is as it was written; ends with status 1 when one is not
    Verify {
        /// A link of the journal that was kept elsewhere (as this command and the server's log print it): it must
        /// still be there
        #[arg(long, value_name = "N:SEAL")]
        head: Vec<ChainHead>,
    },
    /// Take the log as it is from now on, e.g. after a backup was restored; what was wrong is written down in it. Stop
    /// the server first
    Accept {
        /// Why it is as it is
        #[arg(long)]
        reason: String,
    },
}

pub(super) async fn run(args: AuditArgs) -> anyhow::Result<()> {
    let ctx = Ctx::command_line();
    let check = args.data.with(async |core| {
        Ok(match &args.command {
            AuditCommand::Verify { head } => core.audit_check(&ctx, head).await?,
            AuditCommand::Accept { reason } => core.audit_accept(&ctx, reason).await?,
        })
    });
    let check = check.await?;
    tell(&check)
}

fn tell(check: &AuditCheck) -> anyhow::Result<()> {
    let report = &check.report;
    say(&format!("{} rows, {} links", report.rows, report.links));
    if report.older > 0 {
        say(&format!(
            "{} rows are from before the log was protected, and covered as they were then",
            report.older
        ));
    }
    if !check.end_was_noted {
        say("the end had not been noted (no audit.head): rows cut off before would not be noticed");
    }
    if let Some(head) = report.head {
        say(&format!("newest link: {head}"));
    }
    for found in &report.breaks {
        say(&format!("WRONG: {found}"));
    }
    match report.break_count {
        0 => {
            say("the audit log is intact");
            Ok(())
        }
        count => bail!("the audit log is not as it was written: {count} wrong"),
    }
}
