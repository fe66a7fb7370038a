//! Who opened a link, and when.
use crate::{
    agent,
    components::when::When,
    fetched::Fetched,
    text::{S, s},
};
use leptos::prelude::*;
use wxa_model::StatusLinkId;
use wxa_wire::{Operation, StatusLinkOpens, operation};

#[component]
pub(super) fn Opens(id: StatusLinkId) -> impl IntoView {
    let opens = Fetched::<StatusLinkOpens>::new(operation::StatusLinkOpens::ROW.path_for(&id));
    opens.view("user", table)
}

fn table(list: StatusLinkOpens) -> AnyView {
    if list.opens.is_empty() {
        return view! { <p class="muted small">{s(S::OpensNone)}</p> }.into_any();
    }
    let rows = list.opens.into_iter().map(|one| {
        let from = if one.from.is_empty() {
            s(S::OpensMany).to_owned()
        } else {
            one.from
        };
        view! {
            <tr>
                <td><When at=one.last_at/></td>
                <td class="mono">{from}</td>
                <td class="cut" title=one.agent.clone()>{agent::words(&one.agent)}</td>
                <td class="num">{one.count}</td>
            </tr>
        }
    });
    view! {
        <table class="plain" aria-label=s(S::WhoOpened)>
            <thead>
                <tr>
                    <th scope="col">{s(S::OpensWhen)}</th>
                    <th scope="col">{s(S::OpensFrom)}</th>
                    <th scope="col">{s(S::OpensAgent)}</th>
                    <th scope="col" class="num">{s(S::OpensCount)}</th>
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
        {list.more.then(|| view! { <p class="muted small">{s(S::OpensMore)}</p> })}
    }
    .into_any()
}
