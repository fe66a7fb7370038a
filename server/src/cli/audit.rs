//! `webxenadmin audit …`: is the log as it was written, and taking it out.
use anyhow::bail;
use clap::Subcommand;
use wxa_core::{AuditCheck, ChainHead, Ctx};

use super::{serve::say, user::DataArgs};

#[derive(Debug, Subcommand)]
pub(super) enum AuditCommand {
    /// Check that every row is as it was written; ends with status 1 when one is not
    Verify {
        /// A link of the journal that was kept elsewhere (as this command and the server's log print it): it must
        /// still be there
        #[arg(long, value_name = "N:SEAL")]
        head: Vec<ChainHead>,
        #[command(flatten)]
        data: DataArgs,
    },
    /// Take the log as it is from now on, e.g. after a backup was restored; what was wrong is written down in it. Stop
    /// the server first
    Accept {
        /// Why it is as it is
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        data: DataArgs,
    },
}

pub(super) async fn run(command: AuditCommand) -> anyhow::Result<()> {
    let ctx = Ctx::command_line();
    match command {
        AuditCommand::Verify { head, data } => {
            let check = data.open().await?.audit_check(&ctx, &head).await?;
            tell(&check)
        }
        AuditCommand::Accept { reason, data } => {
            let check = data.open().await?.audit_accept(&ctx, &reason).await?;
            tell(&check)
        }
    }
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
