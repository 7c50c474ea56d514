//! cel-spec's network extension: `ip`, `cidr` and their functions.
//!
//! Addresses are parsed strictly, as Kubernetes and cel-go do: no zone, no leading zero, no IPv4 address written
//! inside an IPv6 one with dots.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{Returned, Wrong};
use crate::cel::run::Run;
use crate::cel::val::{Cidr, Val};

/// Why `text` is no IP address, or the address.
pub(in crate::cel) fn parse_ip(text: &str) -> Result<IpAddr, &'static str> {
    if text.contains('%') {
        return Err("an IP address must not have a zone (`%…`)");
    }
    if text.contains(':') && text.contains('.') {
        return Err("an IPv4 address inside an IPv6 address is not allowed");
    }
    let address: IpAddr = text.parse().map_err(|_| "this is no IP address")?;
    // `::ffff:c0a8:1` and 192.168.0.1 are one address and must compare equal.
    Ok(address.to_canonical())
}

/// Why `text` is no range of IP addresses, or its address and the length of its prefix.
pub(in crate::cel) fn parse_cidr(text: &str) -> Result<(IpAddr, u8), &'static str> {
    let (address, prefix) =
        text.split_once('/').ok_or("a range of addresses needs a prefix length, such as `/24`")?;
    let written_v6 = address.contains(':');
    let address = parse_ip(address)?;
    if written_v6 && address.is_ipv4() {
        return Err("an IPv4 address inside an IPv6 address is not allowed");
    }
    let plain = prefix.chars().all(|c| c.is_ascii_digit()) && (prefix == "0" || !prefix.starts_with('0'));
    match prefix.parse::<u8>() {
        Ok(bits) if plain && bits <= width(address) => Ok((address, bits)),
        _ => Err("the prefix length is out of range"),
    }
}

fn width(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

impl Cidr {
    fn masked(self) -> Self {
        let keep = |width: u32| width.saturating_sub(u32::from(self.bits));
        let address = match self.address {
            IpAddr::V4(a) => IpAddr::V4(Ipv4Addr::from_bits(
                a.to_bits() & u32::MAX.checked_shl(keep(32)).unwrap_or_default(),
            )),
            IpAddr::V6(a) => IpAddr::V6(Ipv6Addr::from_bits(
                a.to_bits() & u128::MAX.checked_shl(keep(128)).unwrap_or_default(),
            )),
        };
        Self { address, ..self }
    }

    fn contains(self, address: IpAddr) -> bool {
        address.is_ipv4() == self.address.is_ipv4()
            && Self { address, ..self }.masked().address == self.masked().address
    }
}

/// The address that an argument is, or spells.
fn ip_of(value: Val<'_>) -> Result<IpAddr, Wrong<'static>> {
    match value {
        Val::Ip(address) => Ok(address),
        Val::String(text) => parse_ip(text).map_err(Wrong::Says),
        _ => Err(Wrong::Types),
    }
}

/// The range that an argument is, or spells.
fn cidr_of(value: Val<'_>) -> Result<Cidr, Wrong<'static>> {
    match value {
        Val::Cidr(range) => Ok(range),
        Val::String(text) => {
            let (address, bits) = parse_cidr(text).map_err(Wrong::Says)?;
            Ok(Cidr { address, bits })
        }
        _ => Err(Wrong::Types),
    }
}

pub(super) fn to_ip<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    match args {
        [text @ Val::String(_)] => ip_of(*text).map(Val::Ip),
        _ => Err(Wrong::Types),
    }
}

pub(super) fn is_ip<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    match args {
        [Val::String(text)] => Ok(Val::Bool(parse_ip(text).is_ok())),
        _ => Err(Wrong::Types),
    }
}

pub(super) fn to_cidr<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    match args {
        [text @ Val::String(_)] => cidr_of(*text).map(Val::Cidr),
        _ => Err(Wrong::Types),
    }
}

pub(super) fn is_cidr<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    match args {
        [Val::String(text)] => Ok(Val::Bool(parse_cidr(text).is_ok())),
        _ => Err(Wrong::Types),
    }
}

pub(super) fn is_canonical<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    match args {
        [Val::String(text)] => {
            let address = parse_ip(text).map_err(Wrong::Says)?;
            Ok(Val::Bool(address.to_string() == *text))
        }
        _ => Err(Wrong::Types),
    }
}

fn of_ip<'a>(args: &[Val<'a>], answer: impl FnOnce(IpAddr) -> Val<'a>) -> Returned<'a> {
    match args {
        [Val::Ip(address)] => Ok(answer(*address)),
        _ => Err(Wrong::Types),
    }
}

fn of_cidr<'a>(args: &[Val<'a>], answer: impl FnOnce(Cidr) -> Val<'a>) -> Returned<'a> {
    match args {
        [Val::Cidr(range)] => Ok(answer(*range)),
        _ => Err(Wrong::Types),
    }
}

pub(super) fn family<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    of_ip(args, |address| Val::Int(if address.is_ipv4() { 4 } else { 6 }))
}

pub(super) fn is_unspecified<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    of_ip(args, |address| Val::Bool(address.is_unspecified()))
}

pub(super) fn is_loopback<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    of_ip(args, |address| Val::Bool(address.is_loopback()))
}

pub(super) fn is_global_unicast<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    of_ip(args, |address| Val::Bool(global_unicast(address)))
}

pub(super) fn is_link_local_multicast<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    of_ip(args, |address| Val::Bool(link_local_multicast(address)))
}

pub(super) fn is_link_local_unicast<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    of_ip(args, |address| Val::Bool(link_local_unicast(address)))
}

pub(super) fn contains_ip<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    match args {
        [Val::Cidr(range), wanted] => Ok(Val::Bool(range.contains(ip_of(*wanted)?))),
        _ => Err(Wrong::Types),
    }
}

pub(super) fn contains_cidr<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    match args {
        [Val::Cidr(outer), wanted] => {
            let inner = cidr_of(*wanted)?;
            Ok(Val::Bool(outer.contains(inner.address) && outer.bits <= inner.bits))
        }
        _ => Err(Wrong::Types),
    }
}

pub(super) fn address<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    of_cidr(args, |range| Val::Ip(range.address))
}

pub(super) fn masked<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    of_cidr(args, |range| Val::Cidr(range.masked()))
}

pub(super) fn prefix_length<'a>(_: &Run<'a>, args: &[Val<'a>]) -> Returned<'a> {
    of_cidr(args, |range| Val::Int(i64::from(range.bits)))
}

// The names and borders are those of Go's net/netip, which cel-spec refers to.

fn link_local_unicast(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(a) => a.is_link_local(),
        IpAddr::V6(a) => a.is_unicast_link_local(),
    }
}

fn link_local_multicast(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(a) => a.octets().starts_with(&[224, 0, 0]),
        IpAddr::V6(a) => a.segments().first().is_some_and(|first| first & 0xff0f == 0xff02),
    }
}

fn global_unicast(address: IpAddr) -> bool {
    let broadcast = matches!(address, IpAddr::V4(a) if a.is_broadcast());
    !(address.is_unspecified()
        || broadcast
        || address.is_loopback()
        || address.is_multicast()
        || link_local_unicast(address))
}
