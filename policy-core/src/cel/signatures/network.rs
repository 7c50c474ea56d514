//! The extension for addresses and ranges of addresses.

use super::Term::{Bool, Cidr, Int, Ip, String};
use super::{Signature, global, member};

pub(super) const ALL: &[Signature] = &[
    global("ip", &[String], Ip),
    global("isIP", &[String], Bool),
    global("ip.isCanonical", &[String], Bool),
    global("cidr", &[String], Cidr),
    global("isCIDR", &[String], Bool),
    member("family", &[Ip], Int),
    member("isUnspecified", &[Ip], Bool),
    member("isLoopback", &[Ip], Bool),
    member("isGlobalUnicast", &[Ip], Bool),
    member("isLinkLocalMulticast", &[Ip], Bool),
    member("isLinkLocalUnicast", &[Ip], Bool),
    member("containsIP", &[Cidr, String], Bool),
    member("containsIP", &[Cidr, Ip], Bool),
    member("containsCIDR", &[Cidr, String], Bool),
    member("containsCIDR", &[Cidr, Cidr], Bool),
    member("ip", &[Cidr], Ip),
    member("masked", &[Cidr], Cidr),
    member("prefixLength", &[Cidr], Int),
];
