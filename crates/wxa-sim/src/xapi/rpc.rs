//! A call's way through the pool: which method, whose session, what role, which arguments, and then the act.

use serde_json::Value as Raw;

use super::calls::{self, Done};
use super::codec::{Request, typed};
use super::events::Wait;
use super::failure::Failure;
use super::generated;
use super::role::Role;
use super::schema::{Call, Class, Param, Schema, Type};
use super::tasks;
use super::value::{Ref, Value};
use super::world::World;

/// Who calls, and where.
#[derive(Debug, Clone)]
pub(super) struct Caller {
    /// Null for calls without one.
    pub(super) session: Ref,
    pub(super) role: Role,
    pub(super) user: String,
    /// The host that was asked.
    pub(super) host: Ref,
    /// The task of this call; null where it has none.
    pub(super) task: Ref,
}

/// What a call came to at once.
#[derive(Debug)]
pub(super) enum Begun {
    Answer(Result<Value, Failure>),
    /// The act goes on: the answer is how this task ends.
    Task(Ref),
    Events(Wait),
    /// The answer is given after the delay that a wrong password costs.
    Delayed(Failure),
}

/// Calls that a host answers although it is not the coordinator.
const ON_MEMBERS: [&str; 2] = ["pool.emergency_transition_to_master", "session.logout"];

/// Begins a call.
pub(super) fn begin(world: &mut World, host: Ref, request: &Request) -> Begun {
    world.calls += 1;
    match try_begin(world, host, request) {
        Ok(begun) => begun,
        Err(failure) => Begun::Answer(Err(failure)),
    }
}

fn try_begin(world: &mut World, host: Ref, request: &Request) -> Result<Begun, Failure> {
    let wire_name = request.method.as_str();
    let (is_async, name) = match wire_name.strip_prefix("Async.") {
        Some(name) => (true, name),
        None => (false, wire_name),
    };
    if name == "system.listMethods" {
        return Ok(Begun::Answer(Ok(method_names())));
    }
    let unknown = || Failure::unknown_method(wire_name);
    let (class, method) = name.split_once('.').ok_or_else(unknown)?;
    let class = Schema::get()
        .class(class)
        .filter(|known| known.name == class)
        .ok_or_else(unknown)?;
    let call = class.call(method);
    member_refuses(world, host, name)?;
    let mut raw = request.params.as_slice();
    let mut caller = Caller {
        session: Ref::NULL,
        role: Role::PoolAdmin,
        user: String::new(),
        host,
        task: Ref::NULL,
    };
    if !call.is_some_and(|call| call.public) {
        let (first, rest) = raw.split_first().ok_or_else(|| Failure::count(wire_name, 1, 0))?;
        let text = first.as_str().unwrap_or_default();
        caller.session = Ref::read(text).ok_or_else(|| Failure::session(text))?;
        let session = world.session(caller.session)?;
        (caller.role, caller.user) = (session.role, session.user);
        raw = rest;
    }
    let Some(call) = call else {
        if is_async {
            return Err(no_async(name));
        }
        return generated::call(world, &caller, class, method, raw).map(|value| Begun::Answer(Ok(value)));
    };
    permit(&caller, call.role, class, method)?;
    if is_async && !call.has_async {
        return Err(no_async(name));
    }
    let params = arguments(world, call, wire_name, raw)?;
    if call.has_async {
        caller.task = tasks::begin(world, wire_name, "", &caller);
    }
    let done = calls::run(world, &caller, class, call.name, &params);
    if caller.task.is_null() {
        return Ok(match done? {
            Done::Value(value) => Begun::Answer(Ok(value)),
            Done::Events(wait) => Begun::Events(wait),
            Done::Delayed(failure) => Begun::Delayed(failure),
            Done::Later => Begun::Answer(Ok(Value::Void)),
        });
    }
    match done {
        Ok(Done::Value(value)) => tasks::succeed(world, caller.task, value),
        Ok(_) => {}
        Err(failure) => tasks::fail(world, caller.task, failure),
    }
    Ok(match is_async {
        true => {
            world.outcomes.remove(&caller.task);
            Begun::Answer(Ok(Value::Ref(caller.task)))
        }
        false => Begun::Task(caller.task),
    })
}

/// `RBAC_PERMISSION_DENIED` unless the caller's role is high enough.
pub(super) fn permit(caller: &Caller, role: Role, class: &Class, method: &str) -> Result<(), Failure> {
    if caller.role >= role {
        return Ok(());
    }
    let permission = format!("{}.{method}", class.name).to_lowercase();
    Err(Failure::new(
        "RBAC_PERMISSION_DENIED",
        [permission.as_str(), "No permission in user session"],
    ))
}

/// All names that `system.listMethods` tells: those that are there, and none besides.
fn method_names() -> Value {
    let mut names = Vec::new();
    for class in &Schema::get().classes {
        names.extend(
            generated::names(class)
                .into_iter()
                .map(|name| format!("{}.{name}", class.name)),
        );
        names.extend(
            class
                .calls
                .iter()
                .map(|call| format!("{}.{}", class.name, call.name)),
        );
    }
    names.push("system.listMethods".to_owned());
    names.sort();
    names.dedup();
    Value::texts(names.iter().map(String::as_str))
}

fn member_refuses(world: &World, host: Ref, name: &str) -> Result<(), Failure> {
    if host == world.coordinator() || ON_MEMBERS.contains(&name) {
        return Ok(());
    }
    if world.emergency.contains(&host) {
        let own = world.db.text("host", host, "address");
        return Err(Failure::new("HOST_MASTER_CANNOT_TALK_BACK", [own]));
    }
    let address = world.db.text("host", world.coordinator(), "address");
    Err(Failure::new("HOST_IS_SLAVE", [address]))
}

fn no_async(name: &str) -> Failure {
    Failure::new(
        "Fault",
        [format!("No async mode for this operation (rpc: {name})")],
    )
}

fn arguments(world: &World, call: &Call, wire_name: &str, raw: &[Raw]) -> Result<Vec<Value>, Failure> {
    let session = usize::from(!call.public);
    let needed = call.params.iter().filter(|param| !param.optional).count();
    if raw.len() < needed || raw.len() > call.params.len() {
        let expected = call.params.len() + session;
        return Err(Failure::count(wire_name, expected, raw.len() + session));
    }
    call.params
        .iter()
        .enumerate()
        .map(|(n, param)| match raw.get(n) {
            Some(raw) => argument(world, param, raw),
            None => Ok(Value::zero(&param.ty)),
        })
        .collect()
}

fn argument(world: &World, param: &Param, raw: &Raw) -> Result<Value, Failure> {
    if param.ty == Type::Record {
        return raw_record(raw).ok_or_else(|| Failure::field_type(param.name));
    }
    let value = typed(raw, &param.ty, param.name)?;
    if let (Type::Ref(class), Value::Ref(reference)) = (&param.ty, &value)
        && !reference.is_null()
        && Schema::get().class(class).is_some()
        && !world.db.has(class, *reference)
    {
        return Err(Failure::handle(class, &reference.to_string()));
    }
    Ok(value)
}

/// A record's members keep their text until their fields give them types.
fn raw_record(raw: &Raw) -> Option<Value> {
    let members = raw.as_object()?;
    Some(Value::map(
        members
            .iter()
            .map(|(name, raw)| (name.as_str(), Value::from(raw.to_string()))),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xapi::config::PoolConfig;
    use crate::xapi::fleet;
    use serde_json::json;

    fn call(world: &mut World, method: &str, params: Raw) -> Result<Value, Failure> {
        let Raw::Array(params) = params else {
            panic!("params")
        };
        let host = world.coordinator();
        let request = Request {
            method: method.to_owned(),
            params,
        };
        match begin(world, host, &request) {
            Begun::Answer(answer) => answer,
            other => panic!("{method}: {other:?}"),
        }
    }

    fn signed_in(user: &str) -> (World, String) {
        let mut world = fleet::populate(PoolConfig::new("lab", 7), 1_795_000_000.0);
        let answer = call(&mut world, "session.login_with_password", json!([user, "xen"]));
        (world, answer.expect("signed in").reference().to_string())
    }

    #[test]
    fn dispatch_errors_are_xapis() {
        let (mut world, session) = signed_in("root");
        let s = session.as_str();
        for (method, params, code) in [
            ("VM.fly", json!([s]), "MESSAGE_METHOD_UNKNOWN"),
            ("vm.get_all", json!([s]), "MESSAGE_METHOD_UNKNOWN"),
            ("VM.get_all", json!([s, 1]), "MESSAGE_PARAMETER_COUNT_MISMATCH"),
            ("VM.start", json!([s]), "MESSAGE_PARAMETER_COUNT_MISMATCH"),
            ("VM.get_all", json!(["OpaqueRef:x"]), "SESSION_INVALID"),
            ("VM.get_record", json!([s, "OpaqueRef:NULL"]), "HANDLE_INVALID"),
            ("VM.get_record", json!([s, "x"]), "HANDLE_INVALID"),
            ("VM.get_by_uuid", json!([s, "x"]), "UUID_INVALID"),
            ("VM.get_record", json!([s, 5]), "FIELD_TYPE_ERROR"),
            ("Async.VM.get_record", json!([s, "x"]), "Fault"),
        ] {
            let failure = call(&mut world, method, params).expect_err(method);
            assert_eq!(failure.code(), code, "{method}: {failure:?}");
        }
    }

    #[test]
    fn a_role_that_is_too_low_is_told_which_permission_it_lacks() {
        let (mut world, session) = signed_in("read-only");
        let vm = world.db.all("VM").next().expect("a VM").to_string();
        let failure =
            call(&mut world, "Async.VM.start", json!([session, vm, false, false])).expect_err("refused");
        assert_eq!(
            failure.0.get(..2),
            Some(&["RBAC_PERMISSION_DENIED".to_owned(), "vm.start".to_owned()][..])
        );
    }

    #[test]
    fn a_member_names_the_coordinator() {
        let (mut world, session) = signed_in("root");
        let member = world
            .db
            .all("host")
            .find(|host| *host != world.coordinator())
            .expect("a member");
        let request = Request {
            method: "VM.get_all".into(),
            params: vec![json!(session)],
        };
        let Begun::Answer(Err(failure)) = begin(&mut world, member, &request) else {
            panic!("answered")
        };
        assert_eq!(failure, Failure::new("HOST_IS_SLAVE", ["127.0.0.1"]));
    }

    #[test]
    fn every_listed_method_is_there() {
        let (mut world, session) = signed_in("root");
        let names = call(&mut world, "system.listMethods", json!([])).expect("names");
        assert!(names.items().len() > 1000);
        for name in names.items() {
            let answer = {
                let host = world.coordinator();
                let request = Request {
                    method: name.text().to_owned(),
                    params: vec![json!(session); 40],
                };
                begin(&mut world, host, &request)
            };
            if let Begun::Answer(Err(failure)) = answer {
                assert_ne!(failure.code(), "MESSAGE_METHOD_UNKNOWN", "{name:?}");
            }
        }
    }
}
