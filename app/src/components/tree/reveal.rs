//! The page's VM in the tree: what it is below is unfolded when one comes to it, and it is scrolled into sight.
use super::Shared;
use crate::{
    cx::Cx,
    routes::Route,
    tree::{self, Node},
};
use leptos::prelude::*;
use wxa_model::VmId;

/// Follows the address. What was folded by hand while one is there stays folded.
pub(super) fn follow(cx: Cx, shared: Shared) {
    Effect::new(move |shown: Option<Option<VmId>>| {
        let here = match cx.nav.route() {
            Some(Route::Vm(id, _)) => Some(id),
            _ => None,
        };
        // Before all VMs are known there is nothing to unfold.
        if !cx.live.whole.get() {
            return None;
        }
        if let Some(id) = here.filter(|_| here != shown.flatten()) {
            untrack(|| unfold(cx, shared, id));
            request_animation_frame(move || scroll(shared, id));
        }
        here
    });
}

fn unfold(cx: Cx, shared: Shared, id: VmId) {
    let Some(host) = cx.live.vm(id).get().and_then(|vm| cx.live.host(vm.host)) else {
        return;
    };
    let above = [
        Some(Node::Site(host.site)),
        host.kind.pool().map(Node::Host),
        Some(Node::Host(host.id)),
    ];
    let few = tree::are_few(&cx.live.counts());
    let toggled = shared.toggled.get();
    let folded: Vec<Node> = above
        .into_iter()
        .flatten()
        .filter(|node| !tree::is_open(*node, &toggled, few))
        .collect();
    if !folded.is_empty() {
        shared.toggled.update(|toggled| {
            for node in folded {
                match toggled.iter().position(|other| *other == node) {
                    Some(at) => drop(toggled.remove(at)),
                    None => toggled.push(node),
                }
            }
        });
    }
}

fn scroll(shared: Shared, id: VmId) {
    let at = shared
        .rows
        .with_untracked(|rows| rows.iter().position(|row| row.node == Node::Vm(id)));
    if let Some(at) = at {
        shared.window.show(at);
    }
}
