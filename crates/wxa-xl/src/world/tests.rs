//! The merge, on captures and on made-up hosts.
