//! Any bytes as a request.

use crate::answer::Twins;

pub(crate) fn check(data: &[u8]) {
    let mut twins = Twins::default();
    let first = twins.call(data);
    let again = twins.call(data);
    // Only `unload` is different the second time, and a fresh instance has nothing to unload.
    assert_eq!(first, again, "the second answer is another");
}
