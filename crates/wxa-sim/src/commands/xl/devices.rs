//! `xl network-list` and `xl block-list`.

use super::{find, missing, operands};
use crate::shell::io::Io;
use crate::shell::{Env, Outcome};

/// `xl network-list DOMAIN`.
pub(crate) async fn network_list(env: &Env, args: &[String], io: &Io) -> Outcome {
    let words = operands(args, &[]);
    let Some(text) = words.first() else {
        return missing("network-list", io).await;
    };
    let Some(domid) = find(env, text, io).await? else {
        return Ok(1);
    };
    let rows = env
        .world
        .ask(move |world| {
            let nics = world.domains.get(&domid).map(|domain| domain.config.nics.clone()).unwrap_or_default();
            (0..).zip(nics).map(|(index, nic): (u32, _)| {
                format!("{index:<3} 0  {:<17} {index:>5} {:>5} {:>6}   {:>3}/{:<11} /local/domain/0/backend/vif/{domid}/{index}\n", nic.mac, 4, -1, 522 + 2 * index, 523 + 2 * index)
            }).collect::<String>()
        })
        .await?;
    io.done(format!("Idx BE Mac Addr.         handle state evt-ch   tx-/rx-ring-ref BE-path                       \n{rows}")).await
}

/// `xl block-list DOMAIN`.
pub(crate) async fn block_list(env: &Env, args: &[String], io: &Io) -> Outcome {
    let words = operands(args, &[]);
    let Some(text) = words.first() else {
        return missing("block-list", io).await;
    };
    let Some(domid) = find(env, text, io).await? else {
        return Ok(1);
    };
    let rows = env
        .world
        .ask(move |world| {
            let disks = world.domains.get(&domid).map(|domain| domain.config.disks.clone()).unwrap_or_default();
            (8..).zip(disks).map(|(channel, disk): (u32, _)| {
                let devid = disk.devid();
                format!("{devid:<5} 0   {domid:<6} {:<5} {channel:<6} {channel:<8} /local/domain/0/backend/{}/{domid}/{devid}\n", 4, disk.backend())
            }).collect::<String>()
        })
        .await?;
    io.done(format!(
        "Vdev  BE  handle state evt-ch ring-ref BE-path                       \n{rows}"
    ))
    .await
}
