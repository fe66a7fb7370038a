//! What people say about a host, a pool or a member: its tags and notes, the same on each one's page.
use crate::{
    components::{
        notes_card::NotesCard,
        tag_card::{On, TagCard},
    },
    cx::cx,
};
use leptos::prelude::*;
use wxa_model::{HostId, Permission};

#[component]
pub(super) fn Said(id: HostId) -> impl IntoView {
    let cx = cx();
    let host = Memo::new(move |_| cx.live.host(id));
    let may = Memo::new(move |_| cx.may_on_host(Permission::Operate, id));
    let tags =
        Memo::new(move |_| host.with(|host| host.as_ref().map(|host| host.tags.clone()).unwrap_or_default()));
    let notes = Memo::new(move |_| {
        host.with(|host| host.as_ref().map(|host| host.notes.clone()).unwrap_or_default())
    });
    view! {
        <TagCard on=On::Host(id) tags=tags may=may/>
        <NotesCard on=On::Host(id) notes=notes may=may/>
    }
    .into_any()
}
