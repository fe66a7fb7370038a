//! What is asked for: a target that is there, and a body that is well-formed, for each operation.
use uuid::Uuid;
use wxa_core::{
    Ctx, LinkTyping, NewConsoleLink, NewIncident, NewMaintenance, NewStatusLink, NewStatusPage, NewToken,
};
use wxa_model::{
    Grant, Role, Scope, StatusPageId, UnixMillis, UserId,
    status::{Audience, Counts, IncidentStage, Language, Shown},
};
use wxa_testkit::TestApp;
use wxa_wire::OperationRow;

/// A request for one operation.
pub(super) struct Asked {
    pub(super) path: String,
    pub(super) body: Option<String>,
}

impl Asked {
    pub(super) async fn of(app: &TestApp, row: &OperationRow) -> Self {
        Self {
            path: format!("{}{}", Self::path(app, row).await, query(row)),
            body: body(row),
        }
    }

    /// The operation's path, to something on the first host or to something made for the purpose.
    pub(super) async fn path(app: &TestApp, row: &OperationRow) -> String {
        if !row.path.contains("{id}") {
            return row.path.to_owned();
        }
        let id = match row.path.split('/').nth(3) {
            Some("hosts") => app.host(0).1.0,
            Some("vms") if row.name == "screen_open" => vm(app, SCREEN).unwrap_or_default(),
            Some("vms") => vm(app, HALTED).unwrap_or_default(),
            Some("users") => throwaway(app).await,
            Some("sessions") => session(app).await,
            Some("tokens") => token(app).await,
            Some("tasks") => task(app).await,
            Some("status-pages") => status_page(app).await.1.0,
            Some("console-links") => console_link(app).await,
            Some("status-links") => status_link(app).await,
            Some("incidents") => incident(app).await,
            Some("maintenance") => maintenance(app).await,
            _ => Uuid::nil(),
        };
        row.path_for(&id)
    }
}

/// When an operation's turn is: first what leaves everything as it was for the others, at the end what ends the caller's
/// own session.
pub(super) fn farewell(row: &OperationRow) -> u8 {
    match row.name {
        "host_remove" => 1,
        "session_delete" => 2,
        _ => 0,
    }
}

/// What an operation that only reads needs to be told.
fn query(row: &OperationRow) -> &'static str {
    match row.name {
        "console_search" => "?q=login",
        _ => "",
    }
}

/// A body that every operation with parameters takes for well-formed.
fn body(row: &OperationRow) -> Option<String> {
    let host = r#""address":"127.0.0.1","port":1,"user":"root","fingerprint":"SHA256:AAAA""#;
    let password = r#"{"password":{"password":"x"}}"#;
    let unique = Uuid::new_v4().simple();
    let token = format!(
        r#"{{"name":"{unique}","days":1,"grant":{{"role":"viewer","scope":{{"tag":"throwaway"}}}}}}"#
    );
    Some(match row.name {
        "setup_create" => r#"{"token":"t","name":"n","password":"long enough to be one"}"#.into(),
        "session_create" => r#"{"name":"n","password":"p"}"#.into(),
        "account_set_password" => r#"{"old":"not this one","new":"long enough to be one"}"#.into(),
        "token_create" | "user_token_create" => token,
        "user_create" => format!(r#"{{"name":"u{unique}","grants":[]}}"#),
        "user_rename" => format!(r#"{{"name":"u{unique}"}}"#),
        "user_set_grants" => r#"{"grants":[{"role":"viewer","scope":"everything"}]}"#.into(),
        "host_probe" => r#"{"address":"127.0.0.1","port":1}"#.into(),
        "host_test" | "host_add" => format!(r#"{{{host},"credential":{password}}}"#),
        "host_trust_key" => r#"{"fingerprint":"SHA256:AAAA"}"#.into(),
        "host_set_credential" | "host_set_jump_credential" => password.into(),
        "pool_ssh_look" => "{}".into(),
        "pool_ssh_set" => r#"{"user":"root","keys":[]}"#.into(),
        "preferences_set" => "{}".into(),
        "host_set" => r#"{"name":"xen-1"}"#.into(),
        "host_set_tags" | "vm_set_tags" => r#"{"add":["walked"]}"#.into(),
        "host_set_notes" | "vm_set_notes" => r#"{"notes":"walked","was":""}"#.into(),
        "console_link_create" => r#"{"name":"Support","minutes":5}"#.into(),
        "status_page_create" | "status_page_set" => format!(r#"{{"title":"t{unique}"}}"#),
        "status_link_create" => r#"{"label":"Board"}"#.into(),
        "incident_create" => r#"{"title":"Slow","stage":"identified","text":"A disk is full."}"#.into(),
        "incident_set" => r#"{"title":"Slow","began_at":1}"#.into(),
        "incident_update_add" => r#"{"stage":"resolved","text":"Mended."}"#.into(),
        "maintenance_create" | "maintenance_set" => r#"{"title":"Disks","from":1,"until":2}"#.into(),
        "vm_sysrq" => r#"{"key":"h"}"#.into(),
        "vm_recording_set" => r#"{"days":7}"#.into(),
        "recording_set" => {
            r#"{"on":true,"off_tags":[],"boot_bytes":1024,"window_bytes":1048576,"days":7,"total_bytes":1073741824}"#.into()
        }
        "host_recording_set" => r#"{"way":"logs"}"#.into(),
        "host_logging_set" => r#"{"on":false}"#.into(),
        "filter_save" | "filter_set" => format!(r#"{{"name":"f{unique}","query":"state:running"}}"#),
        _ => return None,
    })
}

/// Guests of the first host: one that does not run at first, and one that has a screen.
const HALTED: &str = "build-01";
pub(super) const SCREEN: &str = "screen-01";

/// A guest of the first host; none in an application without hosts.
fn vm(app: &TestApp, name: &str) -> Option<Uuid> {
    let objects = app.core().inventory_view(&Ctx::command_line()).objects;
    objects.into_iter().find_map(|object| match object {
        wxa_model::Object::Vm(vm) if vm.name == name => Some(vm.id.0),
        _ => None,
    })
}

/// An account that may be changed in any way.
async fn throwaway(app: &TestApp) -> Uuid {
    let name = format!("throwaway.{}", Uuid::new_v4().simple());
    let grants = [Grant {
        role: Role::Viewer,
        scope: Scope::Tag("throwaway".into()),
    }];
    let made = app
        .core()
        .user_create(&Ctx::command_line(), &name, None, &grants)
        .await;
    made.expect("an account").0
}

/// A session of such an account.
async fn session(app: &TestApp) -> Uuid {
    let (ctx, user) = (Ctx::command_line(), UserId(throwaway(app).await));
    let link = app.core().login_link_create(&ctx, user).await.expect("a link");
    let stranger = Ctx::anonymous("127.0.0.1", "test");
    let session = app.core().session_create_by_link(&stranger, &link).await;
    session.expect("a session");
    let sessions = app.core().user_sessions(&ctx, user).await.expect("sessions");
    sessions.first().expect("one").id
}

/// An API token of such an account.
async fn token(app: &TestApp) -> Uuid {
    let (ctx, user) = (Ctx::command_line(), UserId(throwaway(app).await));
    let new = NewToken {
        name: "throwaway".into(),
        grant: Grant {
            role: Role::Viewer,
            scope: Scope::Tag("throwaway".into()),
        },
        days: 1,
    };
    let made = app.core().user_token_create(&ctx, user, new).await;
    made.expect("a token").0.id.0
}

/// A task on a guest of the first host; whether it has ended makes no difference to who may ask.
async fn task(app: &TestApp) -> Uuid {
    let (ctx, host) = (Ctx::command_line(), app.host(0).1);
    let tasks = app.core().task_list(&ctx, 1000).await.expect("tasks");
    if let Some(task) = tasks.into_iter().find(|task| task.host == host) {
        return task.id.0;
    }
    let vm = wxa_model::VmId(vm(app, HALTED).unwrap_or_default());
    for action in wxa_model::Action::PLAIN {
        if let Ok(task) = app.core().vm_act(&ctx, action, vm).await {
            return task.0;
        }
    }
    Uuid::nil()
}

/// A link to the console of a guest of the first host.
async fn console_link(app: &TestApp) -> Uuid {
    let ctx = Ctx {
        user: Some(UserId(throwaway(app).await)),
        ..Ctx::command_line()
    };
    let new = NewConsoleLink {
        name: "throwaway".into(),
        kind: None,
        minutes: 1,
        typing: LinkTyping::No,
    };
    let vm = wxa_model::VmId(vm(app, "build-01").unwrap_or_default());
    match app.core().console_link_create(&ctx, vm, new).await {
        Ok((made, _)) => made.link.id.0,
        // An application without hosts has no consoles.
        Err(_) => Uuid::nil(),
    }
}

/// A status page of such an account, and somebody who may do anything with it.
async fn status_page(app: &TestApp) -> (Ctx, StatusPageId) {
    let ctx = Ctx {
        user: Some(UserId(throwaway(app).await)),
        ..Ctx::command_line()
    };
    let new = NewStatusPage {
        title: "Throwaway".into(),
        about: String::new(),
        slug: String::new(),
        audience: Audience::Links,
        shown: Shown::default(),
        language: Language::En,
        time_zone: String::new(),
        services: vec![],
    };
    let made = app.core().status_page_create(&ctx, new).await;
    let id = made.expect("a page").page.id;
    (ctx, id)
}

/// A link to such a page.
async fn status_link(app: &TestApp) -> Uuid {
    let (ctx, page) = status_page(app).await;
    let new = NewStatusLink {
        label: "throwaway".into(),
        expires_at: None,
        password: None,
        addresses: vec![],
        language: None,
        time_zone: None,
    };
    let made = app.core().status_link_create(&ctx, page, new).await;
    made.expect("a link").0.id.0
}

/// An incident on such a page.
async fn incident(app: &TestApp) -> Uuid {
    let (ctx, page) = status_page(app).await;
    let new = NewIncident {
        title: "Throwaway".into(),
        services: vec![],
        began_at: None,
        stage: IncidentStage::Identified,
        text: "Nothing".into(),
    };
    let made = app.core().incident_create(&ctx, page, new).await;
    made.expect("an incident").id.0
}

/// Maintenance on such a page.
async fn maintenance(app: &TestApp) -> Uuid {
    let (ctx, page) = status_page(app).await;
    let new = NewMaintenance {
        title: "Throwaway".into(),
        text: String::new(),
        services: vec![],
        from: UnixMillis(1),
        until: UnixMillis(2),
        counts: Counts::No,
    };
    let made = app.core().maintenance_create(&ctx, page, new).await;
    made.expect("maintenance").id.0
}
