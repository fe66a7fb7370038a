//! What others do on a pool: all that the pool tells of it.
use super::result;
use crate::{
    components::{cancel::CancelButton, crumbs::Crumbs, when::When},
    cx::Cx,
    format,
    routes::{HostTab, Route, VmTab},
    task::{self, Row},
    text::{T, t},
};
use leptos::prelude::*;
use std::sync::Arc;
use wxa_model::PoolTask;

pub(super) fn page(cx: Cx, task: Arc<PoolTask>) -> AnyView {
    let row = Row::Theirs(task.clone());
    let now = task::followed(cx, row.clone());
    let host = cx.live.host(task.host).map(|host| {
        let href = Route::Host(host.id, HostTab::Overview).path();
        view! { <a class="link" href=href>{host.name.clone()}</a> }
    });
    let vm = task.vm.map(|vm| {
        let href = Route::Vm(vm, VmTab::History).path();
        view! { <dt>"VM"</dt><dd><a class="link" href=href>{task.vm_name.clone()}</a></dd> }
    });
    let took = task
        .ended_at
        .map(|ended| format::took(ended.since(task.started_at)));
    let took = took.unwrap_or_else(|| t(T::UnderWay).to_lowercase());
    let way = vec![(t(T::Tasks).to_owned(), Route::Tasks.path())];
    view! {
        <div class="head head-pad">
            <Crumbs way=Signal::stored(way)/>
            <div class="title">
                <h1>{row.name()}</h1>
                <span class="grow"></span>
                <CancelButton row=now place="task"/>
            </div>
        </div>
        <div class="scroll">
            <div class="columns">
                <section class="card">
                    <h2>{t(T::BulkResult)}</h2>
                    {move || now.with(result)}
                    <dl class="kv wide">
                        {vm}
                        <dt>{t(T::FactHost)}</dt>
                        <dd>{host}</dd>
                        <dt>{t(T::ColBy)}</dt>
                        <dd>{row.by()}</dd>
                        <dt>{t(T::FactStarted)}</dt>
                        <dd><When at=task.started_at/></dd>
                        <dt>{t(T::ColTook)}</dt>
                        <dd>{took}</dd>
                        <dt>{t(T::CalledThere)}</dt>
                        <dd>{task.name.clone()}</dd>
                        <dt>{t(T::ReferenceThere)}</dt>
                        <dd class="mono">{task.native_id.clone()}</dd>
                    </dl>
                    <p class="muted small">{t(T::ByXapiMore)}". "{t(T::PoolTaskMore)}</p>
                </section>
            </div>
        </div>
    }
    .into_any()
}
