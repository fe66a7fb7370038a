//! Addresses: whatever is in one is read without harm, and what we write is read as it was.
use super::{HostTab, Route, VmTab, url::Url};
use proptest::prelude::*;
use uuid::Uuid;
use wxa_model::{HostId, VmId};

fn route() -> impl Strategy<Value = Route> {
    prop_oneof![
        Just(Route::Overview),
        Just(Route::Vms),
        Just(Route::HostAdd),
        Just(Route::Tasks),
        Just(Route::Audit),
        (any::<u128>(), 0..HostTab::ALL.len())
            .prop_map(|(id, tab)| Route::Host(HostId(Uuid::from_u128(id)), HostTab::ALL[tab])),
        (any::<u128>(), 0..VmTab::ALL.len())
            .prop_map(|(id, tab)| Route::Vm(VmId(Uuid::from_u128(id)), VmTab::ALL[tab])),
    ]
}

proptest! {
    #[test]
    fn a_route_is_found_by_its_own_path(route in route()) {
        prop_assert_eq!(Route::parse(&route.path()), Some(route));
    }

    #[test]
    fn no_path_makes_it_panic_and_each_page_has_one_address(
        path in "(/|vms|hosts|add|tasks|[0-9a-f-]{0,36}|.){0,12}",
    ) {
        if let Some(route) = Route::parse(&path) {
            prop_assert_eq!(Route::parse(&route.path()), Some(route));
        }
    }

    #[test]
    fn a_query_is_read_as_it_was_written(
        path in "/[a-z/]{0,10}",
        query in proptest::collection::vec((".{0,8}", ".{0,12}"), 0..5),
    ) {
        // A pair without any text leaves nothing to write.
        let url = Url { path, query };
        let read = Url::parse(&url.text());
        prop_assert_eq!(read, url);
    }

    #[test]
    fn no_address_makes_it_panic(text in "(%|[0-9A-Fa-f]{2}|\\+|&|=|\\?|#|/|.){0,40}") {
        let url = Url::parse(&text);
        prop_assert_eq!(Url::parse(&url.text()).query, url.query);
    }
}
