//! What close looks at hosts found.
use wxa_core::{Error, details::FoundOn};
use wxa_wire::{FindingsView, HostFindings, operation as op};

use super::Call;

pub(super) async fn findings_get(call: Call<op::FindingsGet>) -> Result<FindingsView, Error> {
    let found = call.app.core.findings(&call.ctx).await;
    Ok(FindingsView {
        hosts: found.hosts.into_iter().map(view).collect(),
        unseen: found.unseen,
    })
}

fn view(found: FoundOn) -> HostFindings {
    HostFindings {
        host: found.host,
        at: found.at,
        findings: found.findings,
        repositories: found.repositories,
    }
}
