//! `dpkg-query`: installed packages of hypervisor, tools and kernels.
use super::printable;
use wxa_model::host_details::Package;

/// Packages that are kept at most.
const MOST: usize = 100;
/// How they are asked for.
pub const FORMAT: &str = r"${db:Status-Abbrev} ${Package} ${Version}\n";

/// Parses lines of [`FORMAT`]; those that are not installed are left out.
pub fn parse(text: &str) -> Vec<Package> {
    let package = |line: &str| {
        let mut words = line.split_whitespace();
        words.next().filter(|status| status.starts_with("ii"))?;
        Some(Package {
            name: printable(words.next()?),
            version: printable(words.next()?),
        })
    };
    text.lines().filter_map(package).take(MOST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn installed_packages_are_read() {
        let text = include_str!("../../tests/captures/dpkg-query.txt");
        let seen: Vec<_> = parse(text)
            .into_iter()
            .map(|one| (one.name, one.version))
            .collect();
        let xen = "4.17.7+13-g2445b30a44-0+deb12u1";
        let expected = [
            ("linux-image-6.1.0-56-amd64", "6.1.192-2"),
            ("linux-image-6.1.0-56-cloud-amd64", "6.1.192-2"),
            ("linux-image-amd64", "6.1.192-2"),
            ("linux-image-cloud-amd64", "6.1.192-2"),
            ("xen-hypervisor-4.17-amd64", xen),
            ("xen-utils-4.17", xen),
            ("xen-utils-common", xen),
        ];
        assert_eq!(
            seen,
            expected.map(|(name, version)| (name.to_owned(), version.to_owned()))
        );
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(ii ?.{0,30}\n){0,4}.{0,30}") {
            parse(&text);
        }
    }
}
