//! The HTTP operations: one row of the operation table, one handler.
mod account;
mod audit;
mod call;
mod filter;
mod host;
mod inventory;
mod metrics;
mod metrics_top;
mod own;
mod own_account;
mod params;
mod pool_ssh;
mod system;
mod task;
mod user;
mod user_views;
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
        "account_set_password" => on::<op::AccountSetPassword, _, _, _>(own_account::account_set_password),
        "session_list" => on::<op::SessionList, _, _, _>(own_account::session_list),
        "session_end" => on::<op::SessionEnd, _, _, _>(own_account::session_end),
        "session_end_others" => on::<op::SessionEndOthers, _, _, _>(own_account::session_end_others),
        "token_list" => on::<op::TokenList, _, _, _>(own_account::token_list),
        "token_create" => on::<op::TokenCreate, _, _, _>(own_account::token_create),
        "token_revoke" => on::<op::TokenRevoke, _, _, _>(own_account::token_revoke),
        "user_list" => on::<op::UserList, _, _, _>(user::user_list),
        "user_create" => on::<op::UserCreate, _, _, _>(user::user_create),
        "user_rename" => on::<op::UserRename, _, _, _>(user::user_rename),
        "user_set_grants" => on::<op::UserSetGrants, _, _, _>(user::user_set_grants),
        "user_disable" => on::<op::UserDisable, _, _, _>(user::user_disable),
        "user_enable" => on::<op::UserEnable, _, _, _>(user::user_enable),
        "user_delete" => on::<op::UserDelete, _, _, _>(user::user_delete),
        "user_reset_link" => on::<op::UserResetLink, _, _, _>(user::user_reset_link),
        "user_sessions" => on::<op::UserSessions, _, _, _>(user::user_sessions),
        "user_end_sessions" => on::<op::UserEndSessions, _, _, _>(user::user_end_sessions),
        "user_tokens" => on::<op::UserTokens, _, _, _>(user::user_tokens),
        "user_token_create" => on::<op::UserTokenCreate, _, _, _>(user::user_token_create),
        "preferences_get" => on::<op::PreferencesGet, _, _, _>(account::preferences_get),
        "preferences_set" => on::<op::PreferencesSet, _, _, _>(account::preferences_set),
        "inventory_get" => on::<op::InventoryGet, _, _, _>(inventory::inventory_get),
        "metrics_top" => on::<op::MetricsTop, _, _, _>(metrics_top::metrics_top),
        "index_get" => inventory::index_route(),
        "live_open" => sockets::live_route(),
        "metrics_get" => on::<op::MetricsGet, _, _, _>(metrics::metrics_get),
        "usage_get" => on::<op::UsageGet, _, _, _>(metrics::usage_get),
        "host_ways" => on::<op::HostWays, _, _, _>(host::host_ways),
        "host_probe" => on::<op::HostProbe, _, _, _>(host::host_probe),
        "host_test" => on::<op::HostTest, _, _, _>(host::host_test),
        "host_add" => on::<op::HostAdd, _, _, _>(host::host_add),
        "host_remove" => on::<op::HostRemove, _, _, _>(host::host_remove),
        "host_trust_key" => on::<op::HostTrustKey, _, _, _>(host::host_trust_key),
        "host_trust_get" => on::<op::HostTrustGet, _, _, _>(host::host_trust_get),
        "host_set_credential" => on::<op::HostSetCredential, _, _, _>(host::host_set_credential),
        "host_set_jump_credential" => {
            on::<op::HostSetJumpCredential, _, _, _>(host::host_set_jump_credential)
        }
        "pool_ssh_get" => on::<op::PoolSshGet, _, _, _>(pool_ssh::pool_ssh_get),
        "pool_ssh_look" => on::<op::PoolSshLook, _, _, _>(pool_ssh::pool_ssh_look),
        "pool_ssh_set" => on::<op::PoolSshSet, _, _, _>(pool_ssh::pool_ssh_set),
        "pool_ssh_remove" => on::<op::PoolSshRemove, _, _, _>(pool_ssh::pool_ssh_remove),
        "vm_start" => on::<op::VmStart, _, _, _>(|call| vm::vm_act_on(Action::VmStart, call)),
        "vm_shutdown" => on::<op::VmShutdown, _, _, _>(|call| vm::vm_act(Action::VmShutdown, call)),
        "vm_reboot" => on::<op::VmReboot, _, _, _>(|call| vm::vm_act(Action::VmReboot, call)),
        "vm_pause" => on::<op::VmPause, _, _, _>(|call| vm::vm_act(Action::VmPause, call)),
        "vm_unpause" => on::<op::VmUnpause, _, _, _>(|call| vm::vm_act(Action::VmUnpause, call)),
        "vm_suspend" => on::<op::VmSuspend, _, _, _>(|call| vm::vm_act(Action::VmSuspend, call)),
        "vm_resume" => on::<op::VmResume, _, _, _>(|call| vm::vm_act_on(Action::VmResume, call)),
        "vm_reset" => on::<op::VmReset, _, _, _>(|call| vm::vm_act(Action::VmReset, call)),
        "vm_power_off" => on::<op::VmPowerOff, _, _, _>(|call| vm::vm_act(Action::VmPowerOff, call)),
        "vm_commands" => on::<op::VmCommands, _, _, _>(vm::vm_commands),
        "console_open" => sockets::console_route(),
        "task_list" => on::<op::TaskList, _, _, _>(task::task_list),
        "task_get" => on::<op::TaskGet, _, _, _>(task::task_get),
        "task_cancel" => on::<op::TaskCancel, _, _, _>(task::task_cancel),
        "audit_list" => on::<op::AuditList, _, _, _>(audit::audit_list),
        "audit_export" => audit::export_route(),
        "audit_verify" => on::<op::AuditVerify, _, _, _>(audit::audit_verify),
        "system_get" => on::<op::SystemGet, _, _, _>(system::system_get),
        "host_details" => on::<op::HostDetailsGet, _, _, _>(host::host_details),
        "host_set" => on::<op::HostSet, _, _, _>(host::host_set),
        "host_set_tags" => on::<op::HostSetTags, _, _, _>(own::host_set_tags),
        "host_set_notes" => on::<op::HostSetNotes, _, _, _>(own::host_set_notes),
        "vm_set_tags" => on::<op::VmSetTags, _, _, _>(own::vm_set_tags),
        "vm_set_notes" => on::<op::VmSetNotes, _, _, _>(own::vm_set_notes),
        "filter_list" => on::<op::FilterList, _, _, _>(filter::filter_list),
        "filter_save" => on::<op::FilterSave, _, _, _>(filter::filter_save),
        "filter_set" => on::<op::FilterSet, _, _, _>(filter::filter_set),
        "filter_delete" => on::<op::FilterDelete, _, _, _>(filter::filter_delete),
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
