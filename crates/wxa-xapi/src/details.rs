//! A close look at a pool: its storage, networks, templates and snapshots; what its coordinator says of itself.
use crate::pool::Pool;
use wxa_driver::Error;
use wxa_model::{
    HostDetails,
    host_details::{Skew, Told},
};

/// Why a pool does not tell what a plain host does.
const OF_MEMBERS: &str = "A pool's members are looked at through their own hosts.";

/// Everything it tells.
///
/// # Errors
/// See [`wxa_driver::Driver::details`].
pub(crate) async fn details(pool: &Pool) -> Result<HostDetails, Error> {
    let known = pool.known().await;
    pool.judge(known).await?;
    let world = pool.world();
    Ok(HostDetails {
        xen: world.xen().map_or_else(untold, Told::Told),
        machine: untold(),
        packages: untold(),
        pools: untold(),
        vcpus: untold(),
        groups: untold(),
        volumes: untold(),
        filesystems: untold(),
        links: untold(),
        complaints: untold(),
        skew: Told::Told(Skew {
            ahead_ms: -world.skew_ms,
            // XAPI tells whole seconds, and what is little counts as nothing.
            within_ms: 5000,
        }),
        pool: Some(world.pool_details()),
    })
}

fn untold<T>() -> Told<T> {
    Told::Untold(OF_MEMBERS.to_owned())
}
