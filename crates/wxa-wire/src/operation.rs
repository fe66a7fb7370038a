//! The operation table: one row per HTTP operation. Router, typed client and coverage tests derive from it.
use crate::{
    AuditQuery, AuditView, CommandView, CredentialParams, HostAddParams, HostAdded, HostKeyView,
    HostProbeParams, HostTrustParams, InventoryView, LoginParams, SessionView, SetupParams, SetupView,
    TaskAccepted,
};
use serde::{Serialize, de::DeserializeOwned};
use std::fmt::Display;
use wxa_model::{HostFacts, HostId, Permission, Task, VmId};

/// HTTP methods the table uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads; changes nothing.
    Get,
    /// Acts or creates.
    Post,
    /// Replaces.
    Put,
    /// Removes.
    Delete,
}

impl Method {
    /// As on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// Whether an operation leaves an audit row, begun before the act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audited {
    /// It does.
    Yes,
    /// It only reads.
    No,
}

/// What an operation looks like on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// JSON in, JSON out.
    Json,
    /// A WebSocket.
    Socket,
}

/// One operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OperationRow {
    /// Its one name through every layer.
    pub name: &'static str,
    /// HTTP method.
    pub method: Method,
    /// Path template; `{id}` stands for the one path parameter.
    pub path: &'static str,
    /// What the caller needs on the target.
    pub permission: Permission,
    /// Whether it is audited.
    pub audited: Audited,
    /// JSON or socket.
    pub shape: Shape,
    /// What it does, in one sentence.
    pub summary: &'static str,
}

impl OperationRow {
    /// The path with its parameter filled in. Ids have no characters that a path would need to escape.
    pub fn path_for(&self, id: &dyn Display) -> String {
        self.path.replace("{id}", &id.to_string())
    }
}

/// A row with its types, for callers that know at compile time what they call.
pub trait Operation {
    /// The row.
    const ROW: OperationRow;
    /// The path parameter; `NoId` for operations without one.
    type Id: Display;
    /// The JSON body (POST, PUT) or query string (GET); `()` for none.
    type Params: Serialize + DeserializeOwned;
    /// The JSON reply.
    type Reply: Serialize + DeserializeOwned;
}

/// The path parameter of operations without one.
#[derive(Clone, Copy, Debug)]
pub struct NoId;

impl Display for NoId {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Ok(())
    }
}

macro_rules! operations {
    ($($op:ident $name:literal $method:ident $path:literal $permission:ident $audited:ident $shape:ident
        ($id:ty, $params:ty) -> $reply:ty, $summary:literal;)*) => {
        $(
            #[doc = $summary]
            #[derive(Clone, Copy, Debug)]
            pub struct $op;

            impl Operation for $op {
                const ROW: OperationRow = OperationRow {
                    name: $name,
                    method: Method::$method,
                    path: $path,
                    permission: Permission::$permission,
                    audited: Audited::$audited,
                    shape: Shape::$shape,
                    summary: $summary,
                };
                type Id = $id;
                type Params = $params;
                type Reply = $reply;
            }
        )*

        /// All of them.
        pub const OPERATIONS: &[OperationRow] = &[$($op::ROW),*];
    };
}

operations! {
    SetupGet "setup_get" Get "/api/v1/setup" Anyone No Json (NoId, ()) -> SetupView,
        "Whether the first administrator is still to be made.";
    SetupCreate "setup_create" Post "/api/v1/setup" Anyone Yes Json (NoId, SetupParams) -> SessionView,
        "Makes the first administrator with the one-time token, and signs in.";
    SessionCreate "session_create" Post "/api/v1/session" Anyone Yes Json (NoId, LoginParams) -> SessionView,
        "Signs in.";
    SessionGet "session_get" Get "/api/v1/session" SignedIn No Json (NoId, ()) -> SessionView,
        "Who is signed in, with which grants.";
    SessionDelete "session_delete" Delete "/api/v1/session" SignedIn Yes Json (NoId, ()) -> (),
        "Signs out and closes the session's sockets.";

    InventoryGet "inventory_get" Get "/api/v1/inventory" SignedIn No Json (NoId, ()) -> InventoryView,
        "Everything the caller may see, with the revision it is current at.";
    LiveOpen "live_open" Get "/api/v1/live" SignedIn No Socket (NoId, ()) -> (),
        "The live socket: snapshot, deltas and measurements of what the caller may see.";

    HostProbe "host_probe" Post "/api/v1/hosts/probe" Administer Yes Json (NoId, HostProbeParams) -> HostKeyView,
        "Fetches a host's key fingerprint; sends no credentials.";
    HostTest "host_test" Post "/api/v1/hosts/test" Administer Yes Json (NoId, HostAddParams) -> HostFacts,
        "Connects with the given credentials and reports what the host says; keeps nothing.";
    HostAdd "host_add" Post "/api/v1/hosts" Administer Yes Json (NoId, HostAddParams) -> HostAdded,
        "Adds a host whose fingerprint was confirmed.";
    HostRemove "host_remove" Delete "/api/v1/hosts/{id}" Administer Yes Json (HostId, ()) -> (),
        "Forgets a host and its credentials; nothing changes on the host.";
    HostTrustKey "host_trust_key" Put "/api/v1/hosts/{id}/key" Administer Yes Json (HostId, HostTrustParams) -> (),
        "Pins a new key after the administrator compared it.";
    HostSetCredential "host_set_credential" Put "/api/v1/hosts/{id}/credential" Administer Yes Json (HostId, CredentialParams) -> (),
        "Replaces the credentials of a host.";

    VmStart "vm_start" Post "/api/v1/vms/{id}/start" Operate Yes Json (VmId, ()) -> TaskAccepted,
        "Starts a halted VM from its definition.";
    VmShutdown "vm_shutdown" Post "/api/v1/vms/{id}/shutdown" Operate Yes Json (VmId, ()) -> TaskAccepted,
        "Asks the guest to shut down.";
    VmReboot "vm_reboot" Post "/api/v1/vms/{id}/reboot" Operate Yes Json (VmId, ()) -> TaskAccepted,
        "Asks the guest to reboot.";
    VmPause "vm_pause" Post "/api/v1/vms/{id}/pause" Operate Yes Json (VmId, ()) -> TaskAccepted,
        "Stops scheduling the VM; memory is kept.";
    VmUnpause "vm_unpause" Post "/api/v1/vms/{id}/unpause" Operate Yes Json (VmId, ()) -> TaskAccepted,
        "Schedules a paused VM again.";
    VmPowerOff "vm_power_off" Post "/api/v1/vms/{id}/power-off" Operate Yes Json (VmId, ()) -> TaskAccepted,
        "Pulls the plug: the guest is not asked.";
    VmCommands "vm_commands" Get "/api/v1/vms/{id}/commands" View No Json (VmId, ()) -> Vec<CommandView>,
        "The commands an administrator would type on the host for each action.";
    ConsoleOpen "console_open" Get "/api/v1/vms/{id}/console" Console Yes Socket (VmId, ()) -> (),
        "A console socket: replays what was printed, then follows; typed bytes go to the guest.";

    TaskList "task_list" Get "/api/v1/tasks" SignedIn No Json (NoId, ()) -> Vec<Task>,
        "Recent tasks on what the caller may see, newest first.";
    AuditList "audit_list" Get "/api/v1/audit" Administer No Json (NoId, AuditQuery) -> Vec<AuditView>,
        "Who did what, from where, on what, and how it ended; newest first.";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn names_and_routes_are_unique() {
        let names: HashSet<_> = OPERATIONS.iter().map(|row| row.name).collect();
        let routes: HashSet<_> = OPERATIONS
            .iter()
            .map(|row| (row.method.name(), row.path))
            .collect();
        assert_eq!((names.len(), routes.len()), (OPERATIONS.len(), OPERATIONS.len()));
    }

    #[test]
    fn whatever_changes_something_is_audited() {
        for row in OPERATIONS {
            assert!(
                row.method == Method::Get || row.audited == Audited::Yes,
                "{} is not audited",
                row.name
            );
        }
    }

    #[test]
    fn every_action_has_its_operation() {
        for action in wxa_model::Action::ALL {
            assert!(
                OPERATIONS.iter().any(|row| row.name == action.name()),
                "{action:?}"
            );
        }
    }
}
