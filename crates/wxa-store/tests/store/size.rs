//! The database about itself.
use crate::fresh;

#[tokio::test]
async fn the_database_says_how_large_it_is_and_which_layout_it_has() {
    let store = fresh().await;
    let facts = store.database_facts().await.unwrap();
    assert!(facts.schema_version >= 2);
    assert!(facts.pages > 0 && facts.page_bytes >= 512);
    assert!(facts.free_pages <= facts.pages);
    assert_eq!((facts.audit_rows, facts.tasks), (0, 0));
}
