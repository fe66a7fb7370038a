//! The HTTP operations: one row of the operation table, one handler.
mod account;
mod call;
mod host;
mod params;
mod record;
mod vm;

pub use call::{Call, Reply};

use axum::{Router, routing::MethodRouter};
use wxa_model::Action;
use wxa_wire::{OPERATIONS, OperationRow, operation as op};

use crate::{AppState, sockets};
use call::on;

/// The largest request body, in bytes. Room for a private key; nothing else comes near.
pub const BODY_LIMIT: usize = 64 * 1024;

/// Every row of the operation table, mounted.
pub fn router() -> Router<AppState> {
    OPERATIONS
        .iter()
        .fold(Router::new(), |router, row| match handler(row) {
            Some(handler) => router.route(row.path, handler),
            None => router,
        })
}

/// The handler of a row; a test makes sure that every row has one.
fn handler(row: &OperationRow) -> Option<MethodRouter<AppState>> {
    Some(match row.name {
        "setup_get" => on::<op::SetupGet, _, _, _>(account::setup_get),
        "setup_create" => on::<op::SetupCreate, _, _, _>(account::setup_create),
        "session_create" => on::<op::SessionCreate, _, _, _>(account::session_create),
        "session_get" => on::<op::SessionGet, _, _, _>(account::session_get),
        "session_delete" => on::<op::SessionDelete, _, _, _>(account::session_delete),
        "inventory_get" => on::<op::InventoryGet, _, _, _>(record::inventory_get),
        "live_open" => sockets::live_route(),
        "host_probe" => on::<op::HostProbe, _, _, _>(host::host_probe),
        "host_test" => on::<op::HostTest, _, _, _>(host::host_test),
        "host_add" => on::<op::HostAdd, _, _, _>(host::host_add),
        "host_remove" => on::<op::HostRemove, _, _, _>(host::host_remove),
        "host_trust_key" => on::<op::HostTrustKey, _, _, _>(host::host_trust_key),
        "host_set_credential" => on::<op::HostSetCredential, _, _, _>(host::host_set_credential),
        "vm_start" => on::<op::VmStart, _, _, _>(|call| vm::vm_act(Action::VmStart, call)),
        "vm_shutdown" => on::<op::VmShutdown, _, _, _>(|call| vm::vm_act(Action::VmShutdown, call)),
        "vm_reboot" => on::<op::VmReboot, _, _, _>(|call| vm::vm_act(Action::VmReboot, call)),
        "vm_pause" => on::<op::VmPause, _, _, _>(|call| vm::vm_act(Action::VmPause, call)),
        "vm_unpause" => on::<op::VmUnpause, _, _, _>(|call| vm::vm_act(Action::VmUnpause, call)),
        "vm_power_off" => on::<op::VmPowerOff, _, _, _>(|call| vm::vm_act(Action::VmPowerOff, call)),
        "vm_commands" => on::<op::VmCommands, _, _, _>(vm::vm_commands),
        "console_open" => sockets::console_route(),
        "task_list" => on::<op::TaskList, _, _, _>(record::task_list),
        "audit_list" => on::<op::AuditList, _, _, _>(record::audit_list),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_operation_table_has_a_handler() {
        let without: Vec<_> = OPERATIONS
            .iter()
            .filter(|row| handler(row).is_none())
            .map(|row| row.name)
            .collect();
        assert_eq!(without, [""; 0]);
        let _mounted_without_conflicts = router();
    }
}
