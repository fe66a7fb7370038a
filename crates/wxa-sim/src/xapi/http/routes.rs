//! What is answered at which path.

use super::head::Head;
use super::{After, Reply};
use crate::xapi::codec::{json as json_rpc, xml};
use crate::xapi::failure::Failure;
use crate::xapi::pool::PoolHandle;
use crate::xapi::rrd::{self, Form, Query, Window};
use crate::xapi::schema::Schema;
use crate::xapi::value::{Ref, Value};
use crate::xapi::world::World;

const WELCOME: &str = "<!doctype html><html><head><title>Simulated pool</title></head><body><h1>A simulated pool of WebXenAdmin</h1>\
<p>It speaks XML-RPC at /RPC2 and JSON-RPC at /jsonrpc.</p></body></html>";

/// Answers a request.
pub(super) async fn answer(pool: &PoolHandle, host: Ref, head: &Head, body: &[u8]) -> Reply {
    match (head.method.as_str(), head.path.as_str()) {
        ("POST", "/jsonrpc") => by_json(pool, host, head, body).await,
        ("POST", _) => by_xml(pool, host, head, body).await,
        ("OPTIONS", _) => preflight(head),
        ("GET", "/") => Reply::new("200 OK", "text/html", WELCOME),
        ("GET", "/rrd_updates" | "/vm_rrd" | "/vm_rrds" | "/host_rrd" | "/host_rrds") => {
            match signed_in(pool, host, head) {
                Ok(()) => measurements(pool, host, head),
                Err(reply) => *reply,
            }
        }
        _ => Reply::page("404 Not Found"),
    }
}

async fn by_json(pool: &PoolHandle, host: Ref, head: &Head, body: &[u8]) -> Reply {
    let Some(Ok((request, envelope))) = head.content_length.map(|_| json_rpc::read(body)) else {
        return Reply::page("500 Internal Error");
    };
    let outcome = pool.call(host, &request).await;
    let reply = rpc_reply("application/json", json_rpc::answer(&envelope, &outcome));
    introduce(reply, pool, head, &outcome)
}

async fn by_xml(pool: &PoolHandle, host: Ref, head: &Head, body: &[u8]) -> Reply {
    let Some(Ok(request)) = head.content_length.map(|_| xml::read(body)) else {
        return Reply::page("500 Internal Error");
    };
    let outcome = pool.call(host, &request).await;
    let text = match &outcome {
        Ok(names) if request.method == "system.listMethods" => xml::bare_answer(names),
        _ => xml::answer(&outcome),
    };
    introduce(rpc_reply("text/xml", text), pool, head, &outcome)
}

/// A member that sends on to the coordinator tells its certificate to who asks for that.
fn introduce(reply: Reply, pool: &PoolHandle, head: &Head, outcome: &Result<Value, Failure>) -> Reply {
    let sends_on = outcome
        .as_ref()
        .is_err_and(|failure| failure.code() == "HOST_IS_SLAVE");
    let asked = head.header("x-xenapi-request-host-certificate-thumbprint");
    if !sends_on || asked != Some("sha-256:master") {
        return reply;
    }
    let thumbprint = pool.with(|world| world.thumbprint_of_coordinator().to_owned());
    reply.with("x-xenapi-response-host-certificate-thumbprint", thumbprint)
}

fn rpc_reply(content_type: &str, text: String) -> Reply {
    Reply::new("200 OK", content_type, text)
        .with("access-control-allow-origin", "*")
        .with("access-control-allow-headers", "X-Requested-With")
}

fn preflight(head: &Head) -> Reply {
    let asked = head.header("access-control-request-headers").unwrap_or_default();
    let headers = match asked {
        "" => "X-Requested-With".to_owned(),
        asked => format!("{asked}, X-Requested-With"),
    };
    Reply::new("200 OK", "text/html", "")
        .with("access-control-allow-origin", "*")
        .with("access-control-allow-headers", headers)
        .with("access-control-allow-methods", "PUT")
}

/// Whether the request carries a session, or a user and his password.
pub(super) fn signed_in(pool: &PoolHandle, host: Ref, head: &Head) -> Result<(), Box<Reply>> {
    let by_session = head.session().and_then(Ref::read);
    let known = pool.with(|world| match (by_session, head.basic()) {
        (Some(session), _) => world.session(session).is_ok(),
        (None, Some((user, password))) => {
            let session = world.log_in(&user, &password, host, "http");
            session.into_iter().for_each(|session| world.log_out(session));
            session.is_some()
        }
        (None, None) => false,
    });
    match known {
        true => Ok(()),
        false => Err(Box::new(
            Reply::page("401 Unauthorised").with("www-authenticate", r#"Basic realm="XenCenter""#),
        )),
    }
}

fn measurements(pool: &PoolHandle, host: Ref, head: &Head) -> Reply {
    let number = |key: &str| head.said(key).and_then(|text| text.parse().ok()).unwrap_or(0);
    let wants_json = match head.header("accept") {
        Some(accept) => accept.contains("json") || accept.contains("*/*"),
        None => head.said("json") == Some("true"),
    };
    // What the query says counts too: clients that cannot set headers say it there.
    let wants_json = wants_json && head.said("json") != Some("false");
    let reply = |body: String, is_json: bool| {
        let content_type = if is_json { "application/json" } else { "text/xml" };
        Reply::new("200 OK", content_type, body).with("access-control-allow-origin", "*")
    };
    // Of whole archives only the query says it.
    let form = match head.said("json") {
        Some("true") => Form::Json,
        _ => Form::Xml,
    };
    match head.path.as_str() {
        "/rrd_updates" => {
            let query = Query {
                start: number("start"),
                interval: number("interval"),
                host: head.said("host") == Some("true"),
                vms: head
                    .query
                    .iter()
                    .filter(|(key, _)| key == "vm_uuid")
                    .map(|(_, uuid)| uuid.clone())
                    .collect(),
                function: head.said("cf").map(str::to_owned),
            };
            let window = pool.with(|world| Window::of(world, host, &query));
            match wants_json {
                true => reply(window.json(), true),
                false => reply(window.xml(), false),
            }
        }
        "/host_rrd" | "/host_rrds" => Reply {
            after: After::Close,
            ..reply(
                pool.with(|world| rrd::host_archive(world, host, form)),
                form == Form::Json,
            )
        },
        _ => match pool.with(|world| vm_archive(world, host, head, form)) {
            Archive::Here(text) => Reply {
                after: After::Close,
                ..reply(text, form == Form::Json)
            },
            Archive::Elsewhere(location) => Reply::page("302 Found").with("location", location),
            Archive::Nowhere => Reply::page("404 Not Found"),
        },
    }
}

enum Archive {
    Here(String),
    Elsewhere(String),
    Nowhere,
}

/// A VM's archive is where it runs; that of a halted one is the coordinator's.
fn vm_archive(world: &World, host: Ref, head: &Head, form: Form) -> Archive {
    let Some(class) = Schema::get().class("VM") else {
        return Archive::Nowhere;
    };
    let Some(vm) = head
        .said("uuid")
        .and_then(|uuid| world.db.by_uuid(class.id, uuid))
    else {
        return Archive::Nowhere;
    };
    let home = match world.db.reference("VM", vm, "resident_on") {
        Ref::NULL => world.coordinator(),
        home => home,
    };
    if home == host {
        return Archive::Here(rrd::vm_archive(world, vm, form));
    }
    let query: Vec<String> = head
        .query
        .iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    Archive::Elsewhere(format!(
        "https://{}{}?{}",
        world.address_of(home),
        head.path,
        query.join("&")
    ))
}
