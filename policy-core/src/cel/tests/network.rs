use super::*;

#[test]
fn addresses_and_ranges_answer_as_in_cel_go() {
    for source in [
        "ip('127.0.0.1').family() == 4 && ip('::1').family() == 6",
        "ip.isCanonical('2001:db8::1') && !ip.isCanonical('2001:DB8::1') && !ip.isCanonical('2001:db8:0:0:0:0:0:1')",
        "isIP('::1') && !isIP('1.2.3') && !isIP('fe80::1%en0') && !isIP('01.2.3.4') && !isIP('::ffff:1.2.3.4')",
        "isCIDR('10.0.0.0/8') && !isCIDR('10.0.0.0/08') && !isCIDR('10.0.0.0/+8') && !isCIDR('10.0.0.0')",
        "ip('224.0.0.1').isLinkLocalMulticast() && !ip('224.0.1.1').isLinkLocalMulticast()",
        "ip('169.254.1.1').isLinkLocalUnicast() && ip('0.0.0.0').isUnspecified() && ip('::1').isLoopback()",
        "ip('10.0.0.1').isGlobalUnicast() && !ip('255.255.255.255').isGlobalUnicast()",
        "cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16') && !cidr('10.1.0.0/16').containsCIDR(cidr('10.0.0.0/8'))",
        "cidr('0.0.0.0/0').containsIP('8.8.8.8') && !cidr('0.0.0.0/0').containsIP('::1') && cidr('::/0').containsIP('::1')",
        "cidr('192.168.1.5/24').masked() == cidr('192.168.1.0/24') && cidr('10.0.0.1/32').masked().ip() == ip('10.0.0.1')",
        "cidr('192.168.1.5/24').ip() == ip('192.168.1.5') && cidr('192.168.1.5/24').prefixLength() == 24",
        "string(ip('2001:DB8::1')) == '2001:db8::1' && string(cidr('10.0.0.1/8')) == '10.0.0.1/8'",
        "type(ip('::1')) == net.IP && type(cidr('::1/128')) == net.CIDR && ip('::1') != ip('::2')",
    ] {
        assert_eq!(eval(source), Ok(true), "{source}");
    }
    assert_eq!(message("cidr('10.0.0.0/8').containsIP(user.username)"), "this is no IP address");
}
