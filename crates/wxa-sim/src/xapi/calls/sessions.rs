//! Signing in and out.

use super::{Args, Done};
use crate::xapi::failure::Failure;
use crate::xapi::rpc::Caller;
use crate::xapi::value::Value;
use crate::xapi::world::World;

pub(super) fn run(world: &mut World, caller: &Caller, name: &str, args: &Args<'_>) -> Result<Done, Failure> {
    match name {
        "login_with_password" => {
            let (user, password) = (args.text(0), args.text(1));
            Ok(match world.log_in(user, password, caller.host, args.text(3)) {
                Some(session) => Done::Value(session.into()),
                None => Done::Delayed(Failure::new(
                    "SESSION_AUTHENTICATION_FAILED",
                    [user, "Authentication failure"],
                )),
            })
        }
        "logout" => {
            world.log_out(caller.session);
            Done::NOTHING
        }
        "get_all_subject_identifiers" => Ok(Done::Value(Value::texts([]))),
        _ => Err(Failure::unknown_method(&format!("session.{name}"))),
    }
}
