//! Taking code out of the module that is compiled in but can never run.
//!
//! Leptos compiles each view's hydration twice: directly, and as a future for pages that are loaded in parts. The futures
//! are reachable by the table of functions, so no linker drops them; our parts are there before a page of them is drawn, so none is ever polled.

use std::path::Path;

use anyhow::{Context, Result, anyhow};
use walrus::{FunctionBuilder, FunctionId, FunctionKind, LocalFunction, Module};

use crate::step::note;

/// The function of a view that makes such a future; the body of the future is a closure in it.
const NEVER_RUN: &str = "13hydrate_async";
/// Shorter functions are left: the compiler merges equal ones, so theirs may be the code of something else too.
const LEAST_INSTRUCTIONS: u64 = 60;

/// Writes `from` to `to` with a trap in place of each such function. wasm-opt then drops what only they needed.
///
/// # Errors
/// When the module can't be read or written.
pub fn snip(from: &Path, to: &Path) -> Result<()> {
    let mut module =
        Module::from_file(from).map_err(|error| anyhow!("reading {}: {error:#}", from.display()))?;
    let ids: Vec<FunctionId> = module
        .funcs
        .iter_local()
        .filter(|(id, local)| {
            module.funcs.get(*id).name.as_deref().is_some_and(is_never_run) && is_long(local)
        })
        .map(|(id, _)| id)
        .collect();
    for id in &ids {
        let (params, results) = module.types.params_results(module.funcs.get(*id).ty());
        let (params, results) = (params.to_vec(), results.to_vec());
        let mut trap = FunctionBuilder::new(&mut module.types, &params, &results);
        trap.func_body().unreachable();
        let args = params.iter().map(|kind| module.locals.add(*kind)).collect();
        module.funcs.get_mut(*id).kind = FunctionKind::Local(trap.local_func(args));
    }
    note(&format!(
        "{} functions of asynchronous hydration taken out",
        ids.len()
    ));
    module
        .emit_wasm_file(to)
        .map_err(|error| anyhow!("{error:#}"))
        .with_context(|| format!("writing {}", to.display()))
}

/// Whether the last part of a (mangled) name is the function or a closure in it: what merely has it for a type parameter, as
/// the glue that drops such a future, doesn't count.
fn is_never_run(name: &str) -> bool {
    let Some((_, rest)) = name.rsplit_once(NEVER_RUN) else {
        return false;
    };
    let rest = rest.trim_start_matches("28_$u7b$$u7b$closure$u7d$$u7d$");
    rest.starts_with("17h") && rest.ends_with('E') && rest.len() == 20
}

fn is_long(function: &LocalFunction) -> bool {
    function.size() >= LEAST_INSTRUCTIONS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_functions_themselves_are_taken_out() {
        assert!(is_never_run("_ZN1a13hydrate_async17h0123456789abcdefE"));
        assert!(is_never_run(
            "_ZN1a13hydrate_async28_$u7b$$u7b$closure$u7d$$u7d$17h0123456789abcdefE"
        ));
        assert!(!is_never_run(
            "_ZN4drop13hydrate_async28_$u7b$$u7b$closure$u7d$$u7d$3dyn17h0123456789abcdefE"
        ));
        assert!(!is_never_run("_ZN1a7hydrate17h0123456789abcdefE"));
    }
}
