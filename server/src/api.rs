//! The HTTP operations: one row of the operation table, one handler.
mod account;
mod audit;
mod call;
mod console;
mod console_link;
mod filter;
mod findings;
mod host;
mod inventory;
mod metrics;
mod metrics_top;
mod own;
mod own_account;
mod params;
mod pool_ssh;
mod recording;
mod status_link;
mod status_notice;
mod status_page;
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
        "findings_get" => on::<op::FindingsGet, _, _, _>(findings::findings_get),
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
        "vm_sysrq" => on::<op::VmSysrq, _, _, _>(vm::vm_sysrq),
        "vm_commands" => on::<op::VmCommands, _, _, _>(vm::vm_commands),
        "vm_places" => on::<op::VmPlaces, _, _, _>(vm::vm_places),
        "console_open" => sockets::console_route(),
        "console_link_create" => on::<op::ConsoleLinkCreate, _, _, _>(console_link::console_link_create),
        "console_link_list" => on::<op::ConsoleLinkList, _, _, _>(console_link::console_link_list),
        "console_link_revoke" => on::<op::ConsoleLinkRevoke, _, _, _>(console_link::console_link_revoke),
        "screen_open" => sockets::screen_route(),
        "console_marks" => on::<op::ConsoleMarks, _, _, _>(console::console_marks),
        "console_history" => on::<op::ConsoleHistory, _, _, _>(console::console_history),
        "console_search" => on::<op::ConsoleSearch, _, _, _>(console::console_search),
        "console_download" => console::download_route(),
        "console_release" => on::<op::ConsoleRelease, _, _, _>(console::console_release),
        "vm_recording_get" => on::<op::VmRecordingGet, _, _, _>(recording::vm_recording_get),
        "vm_recording_set" => on::<op::VmRecordingSet, _, _, _>(recording::vm_recording_set),
        "recording_get" => on::<op::RecordingGet, _, _, _>(recording::recording_get),
        "recording_set" => on::<op::RecordingSet, _, _, _>(recording::recording_set),
        "host_recording_get" => on::<op::HostRecordingGet, _, _, _>(recording::host_recording_get),
        "host_recording_set" => on::<op::HostRecordingSet, _, _, _>(recording::host_recording_set),
        "host_logging_set" => on::<op::HostLoggingSet, _, _, _>(recording::host_logging_set),
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
        "status_page_list" => on::<op::StatusPageList, _, _, _>(status_page::status_page_list),
        "status_page_get" => on::<op::StatusPageGet, _, _, _>(status_page::status_page_get),
        "status_page_create" => on::<op::StatusPageCreate, _, _, _>(status_page::status_page_create),
        "status_page_set" => on::<op::StatusPageSet, _, _, _>(status_page::status_page_set),
        "status_page_delete" => on::<op::StatusPageDelete, _, _, _>(status_page::status_page_delete),
        "status_page_preview" => on::<op::StatusPagePreview, _, _, _>(status_page::status_page_preview),
        "status_link_list" => on::<op::StatusLinkList, _, _, _>(status_link::status_link_list),
        "status_link_create" => on::<op::StatusLinkCreate, _, _, _>(status_link::status_link_create),
        "status_link_rotate" => on::<op::StatusLinkRotate, _, _, _>(status_link::status_link_rotate),
        "status_link_revoke" => on::<op::StatusLinkRevoke, _, _, _>(status_link::status_link_revoke),
        "status_link_opens" => on::<op::StatusLinkOpens, _, _, _>(status_link::status_link_opens),
        "status_notice_list" => on::<op::StatusNoticeList, _, _, _>(status_notice::status_notice_list),
        "incident_create" => on::<op::IncidentCreate, _, _, _>(status_notice::incident_create),
        "incident_set" => on::<op::IncidentSet, _, _, _>(status_notice::incident_set),
        "incident_update_add" => on::<op::IncidentUpdateAdd, _, _, _>(status_notice::incident_update_add),
        "incident_delete" => on::<op::IncidentDelete, _, _, _>(status_notice::incident_delete),
        "maintenance_create" => on::<op::MaintenanceCreate, _, _, _>(status_notice::maintenance_create),
        "maintenance_set" => on::<op::MaintenanceSet, _, _, _>(status_notice::maintenance_set),
        "maintenance_delete" => on::<op::MaintenanceDelete, _, _, _>(status_notice::maintenance_delete),
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
