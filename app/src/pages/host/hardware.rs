//! The machine, its hypervisor and what runs on which CPU.
use super::look::{Asked, Look, terms, told, vms_of};
use crate::{cx::cx, format};
use leptos::prelude::*;
use wxa_model::{
    Bytes, HostId, PowerState, Vm,
    health::promised,
    host_details::{CpuPool, DomainVcpus, Machine, Xen},
};

#[component]
pub(super) fn Hardware(id: HostId, look: Look) -> impl IntoView {
    view! {
        <div class="scroll">
            <Asked look=look/>
            <div class="columns">
                <div class="stack">
                    <section class="card">
                        <h2>"Processors"</h2>
                        {told(look, |details| &details.machine, processor)}
                        {told(look, |details| &details.xen, topology)}
                    </section>
                    <section class="card">
                        <h2>"Memory"</h2>
                        {told(look, |details| &details.xen, memory)}
                        {told(look, |details| &details.machine, control_domain)}
                    </section>
                    <Domains id=id/>
                </div>
                <div class="stack">
                    <section class="card">
                        <h2>"Versions"</h2>
                        {told(look, |details| &details.machine, |machine| terms(vec![("System", machine.system.clone())]))}
                        {told(look, |details| &details.xen, versions)}
                        <h3>"Packages"</h3>
                        {told(look, |details| &details.packages, |all| {
                            let line = |one: &wxa_model::host_details::Package| {
                                view! { <li class="mono small wrap">{format!("{} {}", one.name, one.version)}</li> }
                            };
                            view! { <ul class="plain-list">{all.iter().map(line).collect_view()}</ul> }.into_any()
                        })}
                    </section>
                    <section class="card">
                        <h2>"CPU pools"</h2>
                        {told(look, |details| &details.pools, |all| pools(all))}
                    </section>
                    <section class="card">
                        <h2>"Virtual CPUs"</h2>
                        {told(look, |details| &details.vcpus, |all| vcpus(all))}
                    </section>
                    <section class="card">
                        <h2>"The hypervisor's log"</h2>
                        {told(look, |details| &details.complaints, |lines| log(lines))}
                    </section>
                </div>
            </div>
        </div>
    }
    .into_any()
}

fn processor(machine: &Machine) -> AnyView {
    terms(vec![("Model", machine.cpu_model.clone())])
}

fn topology(xen: &Xen) -> AnyView {
    let number = |n: u32| if n == 0 { String::new() } else { n.to_string() };
    let clock = match xen.cpu_mhz {
        0 => String::new(),
        mhz => format!("{mhz} MHz"),
    };
    let nodes = xen.nodes.iter().map(|node| {
        let cpus = if node.cpus > 0 {
            node.cpus.to_string()
        } else {
            format::UNKNOWN.into()
        };
        view! {
            <tr>
                <td>{format!("Node {}", node.id)}</td>
                <td class="num">{cpus}</td>
                <td class="num">{node.memory.to_string()}</td>
                <td class="num">{node.free.to_string()}</td>
            </tr>
        }
    });
    let nodes = nodes.collect_view();
    view! {
        {terms(vec![
            ("Sockets", number(xen.sockets)),
            ("Cores per socket", number(xen.cores_per_socket)),
            ("Threads per core", number(xen.threads_per_core)),
            ("Threads in use", number(xen.cpus)),
            ("Clock", clock),
            ("Can do", xen.capabilities.join(", ")),
            ("Runs", xen.guest_kinds.join(", ")),
            ("Architecture", xen.architecture.clone()),
        ])}
        {(!xen.nodes.is_empty()).then(|| view! {
            <table class="plain" aria-label="NUMA nodes">
                <thead><tr><th>"NUMA"</th><th class="num">"CPUs"</th><th class="num">"Memory"</th><th class="num">"Free"</th></tr></thead>
                <tbody>{nodes}</tbody>
            </table>
        })}
    }
    .into_any()
}

fn memory(xen: &Xen) -> AnyView {
    let claimed = match xen.memory_claimed {
        Bytes(0) => String::new(),
        some => format!("{some} for domains that are being made"),
    };
    terms(vec![
        ("Total", xen.memory_total.to_string()),
        ("Free", xen.memory_free.to_string()),
        ("Claimed", claimed),
    ])
}

fn control_domain(machine: &Machine) -> AnyView {
    let of = |left: Option<Bytes>, all: Option<Bytes>| match (left, all) {
        (Some(left), Some(all)) if all.0 > 0 => format!("{left} of {all} left"),
        _ => String::new(),
    };
    let load = machine
        .load
        .map(|[one, five, fifteen]| format!("{one:.2}, {five:.2}, {fifteen:.2} (1, 5, 15 min)"));
    terms(vec![
        ("Control domain", of(machine.memory_available, machine.memory)),
        ("Its swap", of(machine.swap_free, machine.swap)),
        ("Its load", load.unwrap_or_default()),
        (
            "Up for",
            machine
                .up_seconds
                .map(|s| format::span(s.saturating_mul(1000)))
                .unwrap_or_default(),
        ),
    ])
}

fn versions(xen: &Xen) -> AnyView {
    terms(vec![
        ("Xen", xen.version.clone()),
        ("Kernel", xen.kernel.clone()),
        ("Kernel build", xen.kernel_build.clone()),
        ("Scheduler", xen.scheduler.clone()),
        ("Made by", xen.built_by.clone()),
        ("Made on", xen.built_at.clone()),
        ("Compiler", xen.compiler.clone()),
        ("Build", xen.build_id.clone()),
        ("Changeset", xen.changeset.clone()),
        ("Command line", xen.command_line.clone()),
    ])
}

/// Domains by state, and what they were promised. Live: it needs no close look.
#[component]
fn Domains(id: HostId) -> impl IntoView {
    let cx = cx();
    let rows = move || {
        let vms = vms_of(cx, id);
        let vms: Vec<&Vm> = vms.iter().map(AsRef::as_ref).collect();
        let count = |power| vms.iter().filter(|vm| vm.power == power).count();
        let states: Vec<String> = [
            (PowerState::Running, "running"),
            (PowerState::Paused, "paused"),
            (PowerState::Suspended, "suspended"),
            (PowerState::Crashed, "crashed"),
            (PowerState::Stopping, "stopping"),
            (PowerState::Halted, "halted"),
        ]
        .into_iter()
        .filter_map(|(power, word)| Some(format!("{} {word}", Some(count(power)).filter(|n| *n > 0)?)))
        .collect();
        let sum = promised(vms.iter().copied());
        let facts = cx
            .live
            .host(id)
            .and_then(|host| host.facts.clone())
            .unwrap_or_default();
        let ratio = |part: f64, whole: f64| {
            if whole > 0.0 {
                format!(" ({:.1} to 1)", part / whole)
            } else {
                String::new()
            }
        };
        terms(vec![
            ("Domains", states.join(", ")),
            (
                "Virtual CPUs",
                format!(
                    "{} on {} threads{}",
                    sum.vcpus,
                    facts.cpus,
                    ratio(sum.vcpus.into(), facts.cpus.into())
                ),
            ),
            (
                "Memory promised",
                format!(
                    "{} of {}{}",
                    sum.memory,
                    facts.memory_total,
                    ratio(sum.memory.0 as f64, facts.memory_total.0 as f64)
                ),
            ),
            (
                "If all ran",
                format!("{} virtual CPUs, {}", sum.vcpus_if_all_ran, sum.memory_if_all_ran),
            ),
        ])
    };
    view! {
        <section class="card">
            <h2>"Domains"</h2>
            {rows}
        </section>
    }
    .into_any()
}

fn pools(all: &[CpuPool]) -> AnyView {
    let row = |pool: &CpuPool| {
        view! {
            <tr>
                <td class="wrap">{pool.name.clone()}</td>
                <td class="mono wrap">{pool.list.clone()}</td>
                <td>{pool.scheduler.clone()}</td>
                <td class="num">{pool.domains}</td>
            </tr>
        }
    };
    view! {
        <table class="plain" aria-label="CPU pools">
            <thead><tr><th>"Pool"</th><th>"CPUs"</th><th>"Scheduler"</th><th class="num">"Domains"</th></tr></thead>
            <tbody>{all.iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

fn vcpus(all: &[DomainVcpus]) -> AnyView {
    let row = |one: &DomainVcpus| {
        let count = if one.online == one.all {
            one.all.to_string()
        } else {
            format!("{} of {}", one.online, one.all)
        };
        view! {
            <tr>
                <td class="wrap">{one.name.clone()}</td>
                <td class="num">{count}</td>
                <td class="mono wrap">{one.may_run_on.join(" ")}</td>
            </tr>
        }
    };
    view! {
        <div class="long" tabindex="0" role="region" aria-label="Virtual CPUs by domain">
            <table class="plain" aria-label="Virtual CPUs">
                <thead><tr><th>"Domain"</th><th class="num">"CPUs"</th><th>"May run on"</th></tr></thead>
                <tbody>{all.iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn log(lines: &[String]) -> AnyView {
    if lines.is_empty() {
        return view! { <p class="muted small">"No line of it looks like trouble."</p> }.into_any();
    }
    let text = lines.join("\n");
    view! {
        <p class="muted small">"Lines that look like trouble, the newest last:"</p>
        <pre class="lines" tabindex="0" role="region" aria-label="Lines of the hypervisor's log">{text}</pre>
    }
    .into_any()
}
