//! Where the server is, and what is a name in a path.

use super::{Answer, trouble};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use ureq::http::Uri;

/// What must be escaped in a segment of a path. Keycloak refuses a path in which anything else is (RFC 3986, 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A name as one segment of a path.
pub(crate) fn segment(name: &str) -> Answer<String> {
    if matches!(name, "" | "." | "..") {
        return Err(trouble(format!("`{name}` is no name and no id")));
    }
    Ok(percent(name))
}

/// A text in percent encoding, for a path or a header.
pub(crate) fn percent(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// Whether it is a URL of a server, as far as that can be told without asking it.
pub(super) fn is_address(server: &str) -> bool {
    let Ok(server) = server.parse::<Uri>() else {
        return false;
    };
    let has_port = server.authority().is_some_and(|it| {
        it.as_str()
            .rsplit_once(':')
            .is_none_or(|(_, port)| port.ends_with(']') || port.parse::<u16>().is_ok())
    });
    matches!(server.scheme_str(), Some("https" | "http"))
        && server.host().is_some_and(|host| !host.is_empty())
        && has_port
}

/// Whether nobody on the way can read along.
pub(super) fn is_safe(server: &str) -> bool {
    let Ok(server) = server.parse::<Uri>() else {
        return false;
    };
    let here = matches!(server.host(), Some("localhost" | "127.0.0.1" | "[::1]"));
    match server.scheme_str() {
        Some("https") => true,
        Some("http") => here,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{is_address, is_safe, segment};

    #[test]
    fn an_address_is_a_url() {
        for good in
            ["https://kc.example.org", "http://localhost:8080/auth", "https://[::1]:8443", "https://[::1]"]
        {
            assert!(is_address(good), "{good}");
        }
        for bad in [
            "",
            "kc.example.org",
            "localhost:1",
            "https://",
            "ftp://x",
            "https://key cloak",
            "https://localhost:99999",
        ] {
            assert!(!is_address(bad), "{bad}");
        }
    }

    #[test]
    fn secrets_go_over_tls_or_stay_on_this_machine() {
        for safe in
            ["https://kc.example.org", "http://localhost:8080", "http://127.0.0.1/auth", "http://[::1]:8080"]
        {
            assert!(is_safe(safe), "{safe}");
        }
        for unsafe_one in [
            "http://kc.example.org",
            "http://localhost.example.org",
            "http://127.0.0.1.nip.io",
            "http://localhost:1@kc.example.org",
            "ftp://x",
            "kc",
        ] {
            assert!(!is_safe(unsafe_one), "{unsafe_one}");
        }
    }

    #[test]
    fn an_id_stays_one_segment_of_the_path() {
        assert_eq!(segment("a/../b?c#d").unwrap(), "a%2F..%2Fb%3Fc%23d");
        assert_eq!(segment("0f8fad5b-d9cb_~").unwrap(), "0f8fad5b-d9cb_~");
        for nothing in ["", ".", ".."] {
            assert!(segment(nothing).is_err());
        }
    }
}
