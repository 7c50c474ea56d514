//! cel-spec's network extension: `ip`, `cidr` and their functions.
//!
//! Addresses are parsed strictly, as Kubernetes and cel-go do: no zone, no leading zero, no IPv4 address written
//! inside an IPv6 one with dots.

use std::any::Any;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use cel::common::types::{CelBool, CelInt, CelString, Kind, STRING_TYPE, Type};
use cel::common::value::{CowVal, StaticVal, Val};
use cel::{DeclarationError, Env, ExecutionError};

static IP: Type = Type::simple_type(Kind::Opaque, "net.IP");
static CIDR: Type = Type::simple_type(Kind::Opaque, "net.CIDR");

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Ip(IpAddr);

/// A range of addresses; the address keeps the bits behind the prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cidr {
    address: IpAddr,
    bits: u8,
}

macro_rules! opaque {
    ($type:ty, $cel:ident) => {
        impl Val for $type {
            fn get_type(&self) -> &Type {
                &$cel
            }
            fn cel_type() -> &'static Type {
                &$cel
            }
            fn equals(&self, other: &dyn Val) -> bool {
                other.downcast_ref::<Self>() == Some(self)
            }
            fn clone_as_boxed<'v>(&self) -> Box<dyn Val + 'v> {
                Box::new(*self)
            }
            fn as_any(&self) -> Option<&dyn Any> {
                Some(self)
            }
        }
        impl StaticVal for $type {}
    };
}
opaque!(Ip, IP);
opaque!(Cidr, CIDR);

/// Why `text` is no IP address, or the address.
pub(super) fn parse_ip(text: &str) -> Result<IpAddr, &'static str> {
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
pub(super) fn parse_cidr(text: &str) -> Result<(IpAddr, u8), &'static str> {
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

/// Adds the extension.
pub(super) fn extension(env: &mut Env) -> Result<(), DeclarationError> {
    let (ip, cidr) = (|| IP.to_owned(), || CIDR.to_owned());
    env.add_type(ip())?;
    env.add_type(cidr())?;
    env.add_overload("ip", "string_to_ip", vec![STRING_TYPE], |args| {
        Ok(CowVal::owned(Ip(address(&args, 0)?)))
    })?;
    env.add_overload("isIP", "is_ip", vec![STRING_TYPE], |args| bool(parse_ip(text(&args, 0)?).is_ok()))?;
    env.add_overload("cidr", "string_to_cidr", vec![STRING_TYPE], |args| {
        Ok(CowVal::owned(range(&args, 0)?))
    })?;
    env.add_overload("isCIDR", "is_cidr", vec![STRING_TYPE], |args| {
        bool(parse_cidr(text(&args, 0)?).is_ok())
    })?;
    env.add_overload("ip.isCanonical", "ip_is_canonical", vec![STRING_TYPE], |args| {
        bool(address(&args, 0)?.to_string() == text(&args, 0)?)
    })?;
    env.add_overload("string", "ip_to_string", vec![ip()], |args| {
        Ok(CowVal::owned(CelString::from(address(&args, 0)?.to_string())))
    })?;
    env.add_overload("string", "cidr_to_string", vec![cidr()], |args| {
        let range = range(&args, 0)?;
        Ok(CowVal::owned(CelString::from(format!("{}/{}", range.address, range.bits))))
    })?;
    env.add_member_overload("family", "ip_family", ip(), vec![], |args| {
        Ok(CowVal::owned(CelInt::from(if address(&args, 0)?.is_ipv4() { 4 } else { 6 })))
    })?;
    env.add_member_overload("isUnspecified", "ip_is_unspecified", ip(), vec![], |args| {
        bool(address(&args, 0)?.is_unspecified())
    })?;
    env.add_member_overload("isLoopback", "ip_is_loopback", ip(), vec![], |args| {
        bool(address(&args, 0)?.is_loopback())
    })?;
    env.add_member_overload("isGlobalUnicast", "ip_is_global_unicast", ip(), vec![], |args| {
        bool(is_global_unicast(address(&args, 0)?))
    })?;
    env.add_member_overload("isLinkLocalMulticast", "ip_is_link_local_multicast", ip(), vec![], |args| {
        bool(is_link_local_multicast(address(&args, 0)?))
    })?;
    env.add_member_overload("isLinkLocalUnicast", "ip_is_link_local_unicast", ip(), vec![], |args| {
        bool(is_link_local_unicast(address(&args, 0)?))
    })?;
    for (id, argument) in [("cidr_contains_ip", ip()), ("cidr_contains_ip_string", STRING_TYPE)] {
        env.add_member_overload("containsIP", id, cidr(), vec![argument], |args| {
            bool(range(&args, 0)?.contains(address(&args, 1)?))
        })?;
    }
    for (id, argument) in [("cidr_contains_cidr", cidr()), ("cidr_contains_cidr_string", STRING_TYPE)] {
        env.add_member_overload("containsCIDR", id, cidr(), vec![argument], |args| {
            let (outer, inner) = (range(&args, 0)?, range(&args, 1)?);
            bool(outer.contains(inner.address) && outer.bits <= inner.bits)
        })?;
    }
    env.add_member_overload("ip", "cidr_ip", cidr(), vec![], |args| {
        Ok(CowVal::owned(Ip(range(&args, 0)?.address)))
    })?;
    env.add_member_overload("masked", "cidr_masked", cidr(), vec![], |args| {
        Ok(CowVal::owned(range(&args, 0)?.masked()))
    })?;
    env.add_member_overload("prefixLength", "cidr_prefix_length", cidr(), vec![], |args| {
        Ok(CowVal::owned(CelInt::from(i64::from(range(&args, 0)?.bits))))
    })
}

// The names and borders are those of Go's net/netip, which cel-spec refers to.

fn is_link_local_unicast(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(a) => a.is_link_local(),
        IpAddr::V6(a) => a.is_unicast_link_local(),
    }
}

fn is_link_local_multicast(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(a) => a.octets().starts_with(&[224, 0, 0]),
        IpAddr::V6(a) => a.segments().first().is_some_and(|first| first & 0xff0f == 0xff02),
    }
}

fn is_global_unicast(address: IpAddr) -> bool {
    let broadcast = matches!(address, IpAddr::V4(a) if a.is_broadcast());
    !(address.is_unspecified()
        || broadcast
        || address.is_loopback()
        || address.is_multicast()
        || is_link_local_unicast(address))
}

fn bool<'b, 'v>(value: bool) -> Result<CowVal<'b, 'v>, ExecutionError> {
    Ok(CowVal::owned(CelBool::from(value)))
}

fn text<'a>(args: &'a [CowVal<'_, '_>], at: usize) -> Result<&'a str, ExecutionError> {
    args.get(at)
        .and_then(|value| value.downcast_ref::<CelString<'_>>())
        .map(CelString::inner)
        .ok_or_else(|| failed("ip", "a string is needed here"))
}

/// The address that an argument is, or spells.
fn address(args: &[CowVal<'_, '_>], at: usize) -> Result<IpAddr, ExecutionError> {
    match args.get(at).and_then(|value| value.downcast_ref::<Ip>()) {
        Some(ip) => Ok(ip.0),
        None => parse_ip(text(args, at)?).map_err(|why| failed("ip", why)),
    }
}

/// The range that an argument is, or spells.
fn range(args: &[CowVal<'_, '_>], at: usize) -> Result<Cidr, ExecutionError> {
    match args.get(at).and_then(|value| value.downcast_ref::<Cidr>()) {
        Some(cidr) => Ok(*cidr),
        None => {
            let (address, bits) = parse_cidr(text(args, at)?).map_err(|why| failed("cidr", why))?;
            Ok(Cidr { address, bits })
        }
    }
}

fn failed(function: &str, message: &str) -> ExecutionError {
    ExecutionError::FunctionError { function: function.to_owned(), message: message.to_owned() }
}
