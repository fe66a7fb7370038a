//! Replies that a page shows: there at the first paint where the server fetched them, asked for anew after a change.
use crate::{
    components::empty::Empty,
    cx::cx,
    text::{T, t},
    transport, words,
};
use leptos::{prelude::*, task::spawn_local};
use serde::de::DeserializeOwned;
use std::time::Duration;
use wxa_wire::ErrorBody;

/// The reply to a GET.
pub struct Fetched<T: Send + Sync + 'static> {
    url: StoredValue<String>,
    reply: RwSignal<Option<Result<T, ErrorBody>>>,
}

impl<T: Send + Sync + 'static> Clone for Fetched<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Fetched<T> {}

impl<T: DeserializeOwned + Clone + Send + Sync + 'static> Fetched<T> {
    /// The reply to a GET of `url`; in a component.
    pub fn new(url: impl Into<String>) -> Self {
        let url = url.into();
        let fetched = Self {
            reply: RwSignal::new(cx().prefetched::<T>(&url).map(Ok)),
            url: StoredValue::new(url),
        };
        // Effects run in the browser only.
        Effect::new(move |_| {
            if fetched.reply.with_untracked(Option::is_none) {
                fetched.reload();
            }
        });
        fetched
    }

    /// The reply to a GET of `url`, asked for anew whenever that changes; in a component.
    pub fn following(url: Memo<String>) -> Self {
        let first = url.get_untracked();
        let fetched = Self {
            reply: RwSignal::new(cx().prefetched::<T>(&first).map(Ok)),
            url: StoredValue::new(first),
        };
        Effect::new(move |before: Option<String>| {
            let now = url.get();
            let has_it = before.is_none() && fetched.reply.with_untracked(Option::is_some);
            if !has_it && before.as_ref() != Some(&now) {
                fetched.url.set_value(now.clone());
                fetched.reload();
            }
            now
        });
        fetched
    }

    /// Asks anew; what is shown stays until the answer comes.
    pub fn reload(self) {
        let url = self.url.get_value();
        spawn_local(async move {
            let reply = transport::get(&url).await;
            // The page may have been left meanwhile, or follow another address.
            if self.url.try_get_value().is_some_and(|now| now == url) {
                let _ = self.reply.try_set(Some(reply));
            }
        });
    }

    /// Asks anew; what is shown stays unless a good answer comes.
    fn refresh(self) {
        let url = self.url.get_value();
        spawn_local(async move {
            let reply = transport::get(&url).await;
            let is_news = reply.is_ok() || self.reply.try_with_untracked(Option::is_none) == Some(true);
            if is_news && self.url.try_get_value().is_some_and(|now| now == url) {
                let _ = self.reply.try_set(Some(reply));
            }
        });
    }

    /// Asks anew every so often while `busy` says that the reply will change. In the browser only.
    pub fn again_while(self, busy: fn(&T) -> bool, every: Duration) {
        Effect::new(move |_| {
            let is_busy = self.reply.with(|reply| match reply {
                Some(Ok(reply)) => busy(reply),
                // The server may be back next time.
                Some(Err(_)) => true,
                None => false,
            });
            if !is_busy {
                return;
            }
            let again = move || {
                if !document().hidden() {
                    self.refresh();
                }
            };
            if let Ok(timer) = set_interval_with_handle(again, every) {
                on_cleanup(move || timer.clear());
            }
        });
    }

    /// Why there is no reply. Tracks it.
    pub fn error(self) -> Option<ErrorBody> {
        self.reply.with(|reply| reply.as_ref()?.as_ref().err().cloned())
    }

    /// The reply, once it is there and good. Tracks it.
    pub fn get(self) -> Option<T> {
        self.reply.with(|reply| reply.as_ref()?.as_ref().ok().cloned())
    }

    /// Like [`Self::view`], but drawn once: `draw` follows the reply itself.
    pub fn view_kept(self, image: &'static str, draw: impl Fn() -> AnyView + Send + 'static) -> AnyView {
        let state = Memo::new(move |_| self.reply.with(|reply| reply.as_ref().map(Result::is_ok)));
        let drawn = move || match state.get() {
            None => waiting(),
            Some(false) => self.error().map(|body| failed(image, &body)).into_any(),
            Some(true) => draw(),
        };
        drawn.into_any()
    }

    /// What `draw` makes of the reply; until then, and when it failed, what there is to say about that.
    pub fn view(self, image: &'static str, draw: impl Fn(T) -> AnyView + Send + 'static) -> AnyView {
        let drawn = move || match self.reply.get() {
            None => waiting(),
            Some(Err(body)) => failed(image, &body),
            Some(Ok(value)) => draw(value),
        };
        drawn.into_any()
    }
}

fn failed(image: &'static str, body: &ErrorBody) -> AnyView {
    let words = words::error(body);
    view! { <Empty image=image title=words.title text=words.detail/> }.into_any()
}

fn waiting() -> AnyView {
    view! { <div class="skeleton" aria-label=t(T::PageLoading) role="status"><i></i><i></i><i></i><i></i></div> }
        .into_any()
}
