//! What a host's record may hold.
mod pool;

use crate::{Credential, Error, JumpHost};
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use wxa_model::{Transport, Trust};

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
    /// How it is reached. For the machine that the server runs on, address, port, user, credential, fingerprint and jump
    /// mean nothing; for a pool there is no jump and no folder.
    pub transport: Transport,
    /// DNS name or IP address; of any member of a pool.
    pub address: String,
    /// SSH's port, or XAPI's; 0 takes the usual one.
    pub port: u16,
    /// Account on the host.
    pub user: String,
    /// How to sign in; a password for a pool.
    pub credential: Credential,
    /// The confirmed fingerprint: `SHA256:…`, or hex with colons for a pool.
    pub fingerprint: String,
    /// By what a pool's certificate is known; where that is an authority, there is no fingerprint.
    pub trust: Trust,
    /// The SSH host through which it is reached.
    pub jump: Option<JumpHost>,
    /// Folder with guest definitions; empty takes `/etc/xen`.
    pub config_dir: String,
}

/// What the fields of an SSH server are called.
pub(crate) struct Fields {
    address: &'static str,
    port: &'static str,
    user: &'static str,
    fingerprint: &'static str,
}

/// Of the host itself.
pub(crate) const HOST: Fields = Fields {
    address: "address",
    port: "port",
    user: "user",
    fingerprint: "fingerprint",
};

/// Of its jump host.
pub(crate) const JUMP: Fields = Fields {
    address: "jump.address",
    port: "jump.port",
    user: "jump.user",
    fingerprint: "jump.fingerprint",
};

impl NewHost {
    /// The machine that the server runs on, to be called as it calls itself.
    pub fn this_machine() -> Self {
        Self {
            name: String::new(),
            site: String::new(),
            transport: Transport::Local,
            address: String::new(),
            port: 0,
            user: String::new(),
            credential: Credential::Agent,
            fingerprint: String::new(),
            trust: Trust::Pin,
            jump: None,
            config_dir: String::new(),
        }
    }

    /// Trims what people paste, fills in what is usual and refuses what cannot be right.
    pub(crate) fn checked(mut self) -> Result<Self, Error> {
        for text in [&mut self.name, &mut self.site, &mut self.config_dir] {
            *text = text.trim().to_owned();
        }
        check_text("name", &self.name)?;
        check_text("site", &self.site)?;
        self.config_dir = config_dir(self.transport, &self.config_dir)?;
        if self.port == 0 {
            self.port = usual_port(self.transport);
        }
        match self.transport {
            Transport::Local => Ok(Self {
                name: self.name,
                site: self.site,
                config_dir: self.config_dir,
                ..Self::this_machine()
            }),
            Transport::Xapi => {
                self.trim();
                check_address(&HOST, &self.address, self.port)?;
                check_user(&HOST, &self.user)?;
                self.fingerprint = pool::trusted(&self.trust, &self.fingerprint)?;
                pool::check_credential(&self.credential)?;
                pool::check_jump(self.jump.as_ref())?;
                Ok(self)
            }
            Transport::Ssh => {
                self.trim();
                check_address(&HOST, &self.address, self.port)?;
                check_user(&HOST, &self.user)?;
                check_fingerprint(&HOST, &self.fingerprint)?;
                check_pin(&self.trust)?;
                self.jump = self.jump.map(checked_jump).transpose()?;
                Ok(self)
            }
        }
    }

    fn trim(&mut self) {
        for text in [&mut self.address, &mut self.user, &mut self.fingerprint] {
            *text = text.trim().to_owned();
        }
    }

    /// How it is reached, for people.
    pub(crate) fn label(&self) -> String {
        label(
            self.transport,
            (&self.user, &self.address, self.port),
            self.jump.as_ref().map(|jump| (jump.address.as_str(), jump.port)),
        )
    }
}

/// The same for a jump host.
pub(crate) fn checked_jump(mut jump: JumpHost) -> Result<JumpHost, Error> {
    for text in [&mut jump.address, &mut jump.user, &mut jump.fingerprint] {
        *text = text.trim().to_owned();
    }
    check_address(&JUMP, &jump.address, jump.port)?;
    check_user(&JUMP, &jump.user)?;
    check_fingerprint(&JUMP, &jump.fingerprint)?;
    Ok(jump)
}

/// The port where nobody says one; 0 where there is none.
pub(crate) fn usual_port(transport: Transport) -> u16 {
    match transport {
        Transport::Ssh => 22,
        Transport::Xapi => 443,
        Transport::Local => 0,
    }
}

/// `user@address:port`, with the jump host where there is one, or that it is this machine.
pub(crate) fn label(
    transport: Transport,
    (user, address, port): (&str, &str, u16),
    jump: Option<(&str, u16)>,
) -> String {
    let place = |address: &str, port: u16| match address.contains(':') {
        true => format!("[{address}]:{port}"),
        false => format!("{address}:{port}"),
    };
    match (transport, jump) {
        (Transport::Local, _) => "this machine".to_owned(),
        (Transport::Ssh, None) | (Transport::Xapi, _) => format!("{user}@{}", place(address, port)),
        (Transport::Ssh, Some((gate, gate_port))) => {
            format!("{user}@{} via {}", place(address, port), place(gate, gate_port))
        }
    }
}

/// Of the members of a pool.
pub(crate) const MEMBERS: Fields = Fields {
    address: "address",
    port: "port",
    user: "user",
    fingerprint: "keys",
};

fn invalid(field: &'static str, why: &str) -> Error {
    Error::Invalid {
        field,
        why: why.into(),
    }
}

/// A name to give to a host that is there.
pub(super) fn name(text: &str) -> Result<String, Error> {
    required("name", text)
}

/// The name of a site.
pub(super) fn site(text: &str) -> Result<String, Error> {
    required("site", text)
}

/// Where a host's guests are defined; empty takes `/etc/xen`. A pool keeps the definitions itself.
pub(super) fn config_dir(transport: Transport, text: &str) -> Result<String, Error> {
    let path = match (transport, text.trim()) {
        (Transport::Xapi, "") => return Ok(String::new()),
        (Transport::Xapi, _) => {
            return Err(invalid(
                "config_dir",
                "a pool keeps its VMs' definitions itself: leave this empty",
            ));
        }
        (Transport::Ssh | Transport::Local, "") => CONFIG_DIR,
        (Transport::Ssh | Transport::Local, path) => path,
    };
    check_config_dir(path)?;
    Ok(path.to_owned())
}

/// Checks the form of the fingerprint of a key or certificate, and returns it as it is kept.
pub(super) fn fingerprint(transport: Transport, text: &str) -> Result<String, Error> {
    match transport {
        Transport::Xapi => pool::fingerprint(text.trim()),
        Transport::Ssh | Transport::Local => {
            let text = text.trim().to_owned();
            check_fingerprint(&HOST, &text)?;
            Ok(text)
        }
    }
}

/// Checks what a pool is to be known by, and returns the fingerprint as it is kept.
pub(super) fn trusted(transport: Transport, trust: &Trust, fingerprint_text: &str) -> Result<String, Error> {
    match transport {
        Transport::Xapi => pool::trusted(trust, fingerprint_text.trim()),
        Transport::Ssh | Transport::Local => {
            check_pin(trust)?;
            fingerprint(transport, fingerprint_text)
        }
    }
}

/// SSH knows no authorities here.
fn check_pin(trust: &Trust) -> Result<(), Error> {
    match trust {
        Trust::Pin => Ok(()),
        Trust::System | Trust::Authority { .. } => Err(invalid(
            "trust",
            "a certificate authority is for pools: a host over SSH is known by its key",
        )),
    }
}

/// Checks that a host of this kind can be signed in at like this.
pub(super) fn check_credential(transport: Transport, credential: &Credential) -> Result<(), Error> {
    match transport {
        Transport::Xapi => pool::check_credential(credential),
        Transport::Ssh | Transport::Local => Ok(()),
    }
}

fn required(field: &'static str, text: &str) -> Result<String, Error> {
    let text = text.trim();
    if text.is_empty() {
        return Err(invalid(field, "it needs at least one character"));
    }
    check_text(field, text)?;
    Ok(text.to_owned())
}

fn check_text(field: &'static str, text: &str) -> Result<(), Error> {
    if text.chars().count() <= TEXT_MOST && !text.chars().any(char::is_control) {
        Ok(())
    } else {
        Err(invalid(field, "use at most 64 characters"))
    }
}

/// Checks where to connect to.
pub(crate) fn check_address(fields: &Fields, address: &str, port: u16) -> Result<(), Error> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '%');
    let fits = (1..=ADDRESS_MOST).contains(&address.len())
        && address.chars().all(plain)
        && !address.starts_with('-');
    if !fits {
        return Err(invalid(
            fields.address,
            "use a DNS name or an IP address, without user, port or path",
        ));
    }
    if port == 0 {
        return Err(invalid(
            fields.port,
            "use a port from 1 to 65535; SSH is usually on 22, XAPI on 443",
        ));
    }
    Ok(())
}

pub(crate) fn check_user(fields: &Fields, user: &str) -> Result<(), Error> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '@' | '\\' | '$');
    if (1..=TEXT_MOST).contains(&user.len()) && user.chars().all(plain) && !user.starts_with('-') {
        Ok(())
    } else {
        Err(invalid(
            fields.user,
            "use the name of an account on the host, usually root",
        ))
    }
}

/// Checks the form of a fingerprint.
pub(crate) fn check_fingerprint(fields: &Fields, fingerprint: &str) -> Result<(), Error> {
    let digest = fingerprint
        .strip_prefix("SHA256:")
        .and_then(|text| STANDARD_NO_PAD.decode(text).ok());
    if digest.is_some_and(|digest| digest.len() == 32) {
        Ok(())
    } else {
        Err(invalid(
            fields.fingerprint,
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
