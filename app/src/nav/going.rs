//! What is said while a page's code is on its way: nothing at first, then quietly that it comes, and plainly that it does not.
use super::Nav;
use crate::{
    components::icon::icon,
    routes::url::Url,
    text::{T, t},
};
use leptos::prelude::*;

/// Where somebody is going.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Going {
    /// Nowhere: the page is there.
    #[default]
    Nowhere,
    /// There, once the code is.
    Waiting(Url),
    /// Not there: neither the code nor the server could be reached.
    Failed(Url),
}

impl Going {
    /// Whether something is on its way.
    pub fn is_waiting(&self) -> bool {
        matches!(self, Self::Waiting(_))
    }
}

/// Says that a page is on its way. It stands outside of what is busy, of which nothing is read aloud, and is always there: only what
/// changes in it is read.
#[component]
pub fn Aloud(nav: Nav) -> impl IntoView {
    view! { <p class="sr" role="status">{move || nav.going.with(Going::is_waiting).then(|| t(T::PageLoading))}</p> }
}

/// Over the page: a line that grows, for those who see it, or why it does not come.
#[component]
pub fn OnTheWay(nav: Nav) -> impl IntoView {
    move || match nav.going.get() {
        Going::Nowhere => None,
        Going::Waiting(_) => Some(view! { <div class="on-the-way"></div> }.into_any()),
        Going::Failed(url) => {
            let again = move |_| nav.try_again(url.clone());
            let stay = move |_| nav.stay();
            Some(
                view! {
                    <div class="banner warn" role="alert">
                        {icon("warning")}
                        <span>
                            <b>{t(T::PageNotLoaded)}</b>
                            " "
                            {t(T::PageNotLoadedMore)}
                        </span>
                        <button type="button" class="btn" on:click=again>{t(T::TryAgain)}</button>
                        <button type="button" class="btn quiet" on:click=stay>{t(T::Close)}</button>
                    </div>
                }
                .into_any(),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_a_page_on_its_way_changes_in_its_place() {
        Owner::new().with(|| {
            let nav = Nav::new(Url::parse("/vms"));
            let said = || view! { <Aloud nav=nav/> }.to_html();
            assert!(!said().contains("Loading"));
            nav.going.set(Going::Waiting(Url::parse("/tasks")));
            let coming = said();
            assert!(
                coming.contains(r#"role="status""#) && coming.contains("Loading the page…"),
                "{coming}"
            );
            nav.going.set(Going::Failed(Url::parse("/tasks")));
            assert!(!said().contains("Loading"), "it is on its way no more");
        });
    }
}
