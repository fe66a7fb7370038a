//! What a host's record may hold.
use crate::{Credential, Error};
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};

const TEXT_MOST: usize = 64;
const ADDRESS_MOST: usize = 253;
const PATH_MOST: usize = 255;
const CONFIG_DIR: &str = "/etc/xen";

/// A host to test or add. Empty text takes what the field's description says.
#[derive(Clone, Debug)]
pub struct NewHost {
    /// What to call it; empty takes the host's own name.
    pub name: String,
    /// The site's name; made when it is not there yet. Empty takes the first site, or makes `Home`.
    pub site: String,
    /// DNS name or IP address.
    pub address: String,
    /// SSH port.
    pub port: u16,
    /// Account on the host.
    pub user: String,
    /// How to sign in.
    pub credential: Credential,
    /// The confirmed fingerprint, `SHA256:…`.
    pub fingerprint: String,
    /// Folder with guest definitions; empty takes `/etc/xen`.
    pub config_dir: String,
}

impl NewHost {
    /// Trims what people paste, fills in what is usual and refuses what cannot be right.
    pub(crate) fn checked(mut self) -> Result<Self, Error> {
        for text in [
            &mut self.name,
            &mut self.site,
            &mut self.address,
            &mut self.user,
            &mut self.fingerprint,
            &mut self.config_dir,
        ] {
            *text = text.trim().to_owned();
        }
        if self.config_dir.is_empty() {
            CONFIG_DIR.clone_into(&mut self.config_dir);
        }
        check_text("name", &self.name)?;
        check_text("site", &self.site)?;
        check_address(&self.address, self.port)?;
        check_user(&self.user)?;
        check_fingerprint(&self.fingerprint)?;
        check_config_dir(&self.config_dir)?;
        Ok(self)
    }

    /// `user@address:port`.
    pub(crate) fn label(&self) -> String {
        format!("{}@{}:{}", self.user, self.address, self.port)
    }
}

fn invalid(field: &'static str, why: &str) -> Error {
    Error::Invalid {
        field,
        why: why.into(),
    }
}

fn check_text(field: &'static str, text: &str) -> Result<(), Error> {
    if text.chars().count() <= TEXT_MOST && !text.chars().any(char::is_control) {
        Ok(())
    } else {
        Err(invalid(field, "use at most 64 characters"))
    }
}

/// Checks where to connect to.
pub(crate) fn check_address(address: &str, port: u16) -> Result<(), Error> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '%');
    let fits = (1..=ADDRESS_MOST).contains(&address.len())
        && address.chars().all(plain)
        && !address.starts_with('-');
    if !fits {
        return Err(invalid(
            "address",
            "use a DNS name or an IP address, without user, port or path",
        ));
    }
    if port == 0 {
        return Err(invalid(
            "port",
            "use a port from 1 to 65535; SSH is usually on 22",
        ));
    }
    Ok(())
}

fn check_user(user: &str) -> Result<(), Error> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '@' | '\\' | '$');
    if (1..=TEXT_MOST).contains(&user.len()) && user.chars().all(plain) && !user.starts_with('-') {
        Ok(())
    } else {
        Err(invalid(
            "user",
            "use the name of an account on the host, usually root",
        ))
    }
}

/// Checks the form of a fingerprint.
pub(crate) fn check_fingerprint(fingerprint: &str) -> Result<(), Error> {
    let digest = fingerprint
        .strip_prefix("SHA256:")
        .and_then(|text| STANDARD_NO_PAD.decode(text).ok());
    if digest.is_some_and(|digest| digest.len() == 32) {
        Ok(())
    } else {
        Err(invalid(
            "fingerprint",
            "use the form that ssh-keygen -lf prints: SHA256: and 43 characters",
        ))
    }
}

fn check_config_dir(path: &str) -> Result<(), Error> {
    let fits = path.len() <= PATH_MOST
        && path.starts_with('/')
        && !path.chars().any(char::is_control)
        && !path.split('/').any(|part| part == "..");
    if fits {
        Ok(())
    } else {
        Err(invalid(
            "config_dir",
            "use an absolute path on the host, usually /etc/xen",
        ))
    }
}
