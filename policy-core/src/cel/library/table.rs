//! Every function by its name.

use super::super::functions::Style::{Global, Member};
use super::{
    Function, convert, encoders, format, lists, math, network, optional, pattern, sets, strings, times,
};

macro_rules! functions {
    ($($style:ident $name:literal $min:literal..=$max:expr => $body:path;)*) => {
        /// Every function.
        pub(crate) static FUNCTIONS: &[Function] = &[
            $(Function { name: $name, style: $style, min: $min, max: $max, body: $body }),*
        ];
    };
}

functions! {
    Global "size" 1..=1 => convert::size;
    Member "size" 0..=0 => convert::size;
    Global "bool" 1..=1 => convert::to_bool;
    Global "bytes" 1..=1 => convert::to_bytes;
    Global "double" 1..=1 => convert::to_double;
    Global "duration" 1..=1 => convert::to_duration;
    Global "dyn" 1..=1 => convert::to_dyn;
    Global "int" 1..=1 => convert::to_int;
    Global "string" 1..=1 => convert::to_string;
    Global "timestamp" 1..=1 => convert::to_timestamp;
    Global "type" 1..=1 => convert::type_of;
    Global "uint" 1..=1 => convert::to_uint;

    Global "matches" 2..=2 => pattern::matches;
    Member "matches" 1..=1 => pattern::matches;
    Member "contains" 1..=1 => strings::contains;
    Member "startsWith" 1..=1 => strings::starts_with;
    Member "endsWith" 1..=1 => strings::ends_with;
    Member "charAt" 1..=1 => strings::char_at;
    Member "indexOf" 1..=2 => strings::index_of;
    Member "lastIndexOf" 1..=2 => strings::last_index_of;
    Member "lowerAscii" 0..=0 => strings::lower_ascii;
    Member "upperAscii" 0..=0 => strings::upper_ascii;
    Member "replace" 2..=3 => strings::replace;
    Member "reverse" 0..=0 => strings::reverse;
    Member "split" 1..=2 => strings::split;
    Member "substring" 1..=2 => strings::substring;
    Member "trim" 0..=0 => strings::trim;
    Member "join" 0..=1 => strings::join;
    Member "format" 1..=1 => format::format;
    Global "strings.quote" 1..=1 => strings::quote;

    Member "getFullYear" 0..=1 => times::full_year;
    Member "getMonth" 0..=1 => times::month;
    Member "getDayOfYear" 0..=1 => times::day_of_year;
    Member "getDayOfMonth" 0..=1 => times::day_of_month;
    Member "getDate" 0..=1 => times::date;
    Member "getDayOfWeek" 0..=1 => times::day_of_week;
    Member "getHours" 0..=1 => times::hours;
    Member "getMinutes" 0..=1 => times::minutes;
    Member "getSeconds" 0..=1 => times::seconds;
    Member "getMilliseconds" 0..=1 => times::milliseconds;

    Global "optional.none" 0..=0 => optional::none;
    Global "optional.of" 1..=1 => optional::of;
    Global "optional.ofNonZeroValue" 1..=1 => optional::of_non_zero;
    Global "optional.unwrap" 1..=1 => optional::unwrap;
    Member "unwrapOpt" 0..=0 => optional::unwrap;
    Member "value" 0..=0 => optional::value;
    Member "hasValue" 0..=0 => optional::has_value;
    Member "or" 1..=1 => optional::or;
    Member "orValue" 1..=1 => optional::or_value;

    Global "lists.range" 1..=1 => lists::range;
    Member "distinct" 0..=0 => lists::distinct;
    Member "flatten" 0..=1 => lists::flatten;
    Member "slice" 2..=2 => lists::slice;
    Member "sort" 0..=0 => lists::sorted;
    Member "first" 0..=0 => lists::first;
    Member "last" 0..=0 => lists::last;

    Global "sets.contains" 2..=2 => sets::contains;
    Global "sets.equivalent" 2..=2 => sets::equivalent;
    Global "sets.intersects" 2..=2 => sets::intersects;

    Global "base64.encode" 1..=1 => encoders::encode;
    Global "base64.decode" 1..=1 => encoders::decode;

    Global "math.greatest" 1..=usize::MAX => math::greatest;
    Global "math.least" 1..=usize::MAX => math::least;
    Global "math.ceil" 1..=1 => math::ceil;
    Global "math.floor" 1..=1 => math::floor;
    Global "math.round" 1..=1 => math::round;
    Global "math.trunc" 1..=1 => math::trunc;
    Global "math.isInf" 1..=1 => math::is_inf;
    Global "math.isNaN" 1..=1 => math::is_nan;
    Global "math.isFinite" 1..=1 => math::is_finite;
    Global "math.abs" 1..=1 => math::abs;
    Global "math.sign" 1..=1 => math::sign;
    Global "math.sqrt" 1..=1 => math::sqrt;
    Global "math.bitAnd" 2..=2 => math::bit_and;
    Global "math.bitOr" 2..=2 => math::bit_or;
    Global "math.bitXor" 2..=2 => math::bit_xor;
    Global "math.bitNot" 1..=1 => math::bit_not;
    Global "math.bitShiftLeft" 2..=2 => math::bit_shift_left;
    Global "math.bitShiftRight" 2..=2 => math::bit_shift_right;

    Global "ip" 1..=1 => network::to_ip;
    Global "isIP" 1..=1 => network::is_ip;
    Global "cidr" 1..=1 => network::to_cidr;
    Global "isCIDR" 1..=1 => network::is_cidr;
    Global "ip.isCanonical" 1..=1 => network::is_canonical;
    Member "family" 0..=0 => network::family;
    Member "isUnspecified" 0..=0 => network::is_unspecified;
    Member "isLoopback" 0..=0 => network::is_loopback;
    Member "isGlobalUnicast" 0..=0 => network::is_global_unicast;
    Member "isLinkLocalMulticast" 0..=0 => network::is_link_local_multicast;
    Member "isLinkLocalUnicast" 0..=0 => network::is_link_local_unicast;
    Member "containsIP" 1..=1 => network::contains_ip;
    Member "containsCIDR" 1..=1 => network::contains_cidr;
    Member "ip" 0..=0 => network::address;
    Member "masked" 0..=0 => network::masked;
    Member "prefixLength" 0..=0 => network::prefix_length;
}
