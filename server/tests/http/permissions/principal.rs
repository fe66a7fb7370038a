//! Everybody who could ask: nobody, and each role as a person and as a script.
use wxa_model::{Role, Scope};
use wxa_testkit::{Client, TestApp};
use wxa_wire::{LiveForm, LiveRequest, OperationRow};

/// Somebody who asks.
pub(super) struct Principal {
    pub(super) name: String,
    pub(super) client: Client,
    /// What it may do where it may do something; none for strangers.
    pub(super) role: Option<Role>,
    /// Whether what is asked for is within its scope.
    pub(super) is_here: bool,
    /// Whether it is a script.
    pub(super) is_script: bool,
    account: String,
}

impl Principal {
    /// All of them: a stranger, each role, a scope elsewhere, and a script for each of these.
    pub(super) async fn all(app: &TestApp) -> Vec<Self> {
        let mut all = vec![Self {
            name: "nobody".into(),
            client: app.anonymous(),
            role: None,
            is_here: false,
            is_script: false,
            account: String::new(),
        }];
        let elsewhere = Scope::Host(app.host(1).1);
        for (account, role, scope, is_here) in [
            ("viewer", Role::Viewer, Scope::Everything, true),
            ("operator", Role::Operator, Scope::Everything, true),
            ("elsewhere", Role::Operator, elsewhere, false),
            ("admin", Role::Admin, Scope::Everything, true),
        ] {
            let person = app.signed_in(account, role, scope.clone()).await;
            let script = app.script_of(account, role, scope).await;
            for (client, is_script) in [(person, false), (script, true)] {
                all.push(Self {
                    name: format!("{account}{}", if is_script { "'s script" } else { "" }),
                    client,
                    role: Some(role),
                    is_here,
                    is_script,
                    account: account.to_owned(),
                });
            }
        }
        all
    }

    /// Whether an audit row is about it: a script is named with its owner.
    pub(super) fn is(&self, by: &str) -> bool {
        if self.is_script {
            by.starts_with(&format!("{} (token ", self.account))
        } else {
            by == self.account
        }
    }

    /// How a socket ends that its caller has no right to; none when it speaks.
    pub(super) async fn socket(&self, row: &OperationRow, path: &str) -> Option<u16> {
        let mut socket = self.client.socket(path).await;
        if row.name == "live_open" {
            let (epoch, revision) = (0, 0);
            let hello = LiveRequest::Hello {
                epoch,
                revision,
                form: LiveForm::Objects,
            };
            let sent = socket.try_send_text(serde_json::to_string(&hello).expect("json"));
            // A socket that was closed at once takes nothing any more; how it ended is read below.
            let _ = sent.await;
        }
        socket
            .next()
            .await
            .err()
            .map(|closed| closed.code.unwrap_or_default())
    }
}
