//! The site inside the program: see `build.rs`. Nothing of it is copied; the system reads from the file what is asked for.
include!(concat!(env!("OUT_DIR"), "/embedded_site.rs"));
