//! Each host: reachable, its key, its credential, its `xl`.
use super::{Finding, certificate};
use futures::{StreamExt, stream};
use std::path::Path;
use wxa_core::{Core, Ctx, Error, HostEntry};
use wxa_model::{HostFacts, Transport};

use crate::cli::open;

const AT_ONCE: usize = 8;

pub(super) async fn examine(data_dir: &Path) -> Vec<Finding> {
    // Opening would make what is not there.
    if !data_dir.join("webxenadmin.db").exists() {
        return Vec::new();
    }
    let ctx = Ctx::command_line();
    let found = open::maintaining(data_dir, async |core| {
        let hosts = core.host_list(&ctx).await?;
        if hosts.is_empty() {
            return Ok(vec![Finding::note("hosts", "there is none yet", "")]);
        }
        let each = hosts.iter().map(|host| one(core, &ctx, host));
        let found: Vec<Vec<Finding>> = stream::iter(each).buffered(AT_ONCE).collect().await;
        Ok(found.into_iter().flatten().collect())
    });
    found
        .await
        .unwrap_or_else(|error| vec![Finding::bad("hosts", error.to_string(), "see above")])
}

async fn one(core: &Core, ctx: &Ctx, host: &HostEntry) -> Vec<Finding> {
    let mut found = vec![signed_in(core, ctx, host).await];
    if host.transport == Transport::Xapi {
        // One that does not answer was told above.
        if let Ok(ends_at) = core.host_certificate_end(ctx, host.id).await {
            let advice =
                "renew it on the pool's host; where it is pinned, confirm the new one on the pool's page";
            let about = format!("pool {}", host.name);
            found.push(certificate::end(&about, ends_at, certificate::now(), advice));
        }
    }
    found
}

async fn signed_in(core: &Core, ctx: &Ctx, host: &HostEntry) -> Finding {
    let about = format!("host {}", host.name);
    match core.host_try(ctx, host.id).await {
        Ok(facts) => Finding::good(&about, format!("{}, {}", host.address, product(&facts))),
        Err(error) => {
            let advice = advice(&error, host.transport);
            Finding::bad(&about, format!("{}: {error}", host.address), advice)
        }
    }
}

/// What runs there.
pub(crate) fn product(facts: &HostFacts) -> String {
    match facts.product.as_str() {
        "" => format!("Xen {}", facts.xen_version),
        product => product.to_owned(),
    }
}

fn advice(error: &Error, transport: Transport) -> &'static str {
    match error {
        Error::Invalid {
            field: "fingerprint", ..
        } => {
            "if the host was set up anew, confirm its new key or certificate on its page; if not, somebody may stand between"
        }
        Error::Invalid {
            field: "credential", ..
        } => "give a new credential on the host's page",
        Error::Invalid { field: "trust", .. } => {
            "give the pool a certificate for its address from the authority that vouches for it, or change on its page what it is known by"
        }
        Error::Invalid { field: "address", .. } => {
            "find out which machine has that address now; if the pool has moved, remove it and add it at its new address"
        }
        Error::Invalid { field: "user", .. } if transport == Transport::Xapi => {
            "use root, or an account with at least the role read-only in the pool"
        }
        Error::Invalid { field: "user", .. } => "use root, or an account that may `sudo -n`",
        Error::HostUnavailable { .. } => {
            "check that the host is up and that a firewall lets SSH through, or HTTPS for a pool; on plain Xen, that `xl info` works"
        }
        _ => "see the server's log",
    }
}
