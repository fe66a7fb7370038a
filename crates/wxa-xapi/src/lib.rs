//! Driver for XCP-ng and XenServer pools.
