//! On which members a VM could run: XAPI's list, and its reason for each member that is not on it.
use crate::{
    pool::{Care, Pool},
    reference::Ref,
    rpc::Limits,
    text,
};
use serde_json::{Value, json};
use std::{collections::HashSet, time::Duration};
use tokio::time::{Instant, timeout_at};
use wxa_driver::{Error, ErrorKind};
use wxa_model::{VmId, VmPlace};

/// The most members that are asked about one by one: a pool has 64 at most, and most of them have the same reason.
const MOST_ASKED: usize = 16;
/// How long all of it may take: somebody waits before a menu.
const WITHIN: Duration = Duration::from_secs(8);
/// The longest reason, in characters.
const LONGEST: usize = 300;
const UNSAID: &str = "The pool says that it could not run there now.";

/// Asks. One call where all are possible, and one more for each member that is not.
///
/// # Errors
/// See [`wxa_driver::Driver::places`].
pub(crate) async fn places(pool: &Pool, vm: VmId) -> Result<Vec<VmPlace>, Error> {
    let until = Instant::now() + WITHIN;
    let found = timeout_at(until, pool.guest(vm)).await;
    let vm = found.map_err(|_| too_slow())??.reference;
    let asked = pool.call::<Vec<String>>(
        "VM.get_possible_hosts",
        vec![json!(vm.to_string())],
        Limits::QUICK,
        Care::Reads,
    );
    let possible = timeout_at(until, asked).await.map_err(|_| too_slow())??;
    let possible: HashSet<Ref> = possible.iter().map(|host| Ref::read(host)).collect();
    let members = pool.world().member_ids();
    let mut places = Vec::new();
    let mut asked = 0;
    for (host, reference) in members {
        let refused = match possible.contains(&reference) {
            true => None,
            false if asked == MOST_ASKED || Instant::now() >= until => Some(UNSAID.to_owned()),
            false => {
                asked += 1;
                reason(pool, &vm, &reference, until).await
            }
        };
        places.push(VmPlace { host, refused });
    }
    Ok(places)
}

/// Why it could not run there; none when by now it could.
async fn reason(pool: &Pool, vm: &Ref, host: &Ref, until: Instant) -> Option<String> {
    let params = vec![json!(vm.to_string()), json!(host.to_string())];
    let asked = pool.call::<Value>("VM.assert_can_boot_here", params, Limits::QUICK, Care::Reads);
    match timeout_at(until, asked).await {
        Ok(Ok(_)) => None,
        Ok(Err(error)) if !error.is_transient() => Some(text::line(&error.message, LONGEST)),
        Ok(Err(_)) | Err(_) => Some(UNSAID.to_owned()),
    }
}

fn too_slow() -> Error {
    Error::new(
        ErrorKind::TimedOut { maybe_done: false },
        format!(
            "The pool did not say within {} s where the VM could run.",
            WITHIN.as_secs()
        ),
    )
}
