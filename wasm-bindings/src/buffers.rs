//! The buffers that the engine and its host share.
//!
//! A host names a buffer by address and length. Only what stands in this table is ever read or freed, so a foreign,
//! stale or mistyped address is refused and never followed. The table owns the memory: no address is ever turned
//! back into a reference.

/// The longest buffer for a request, in bytes: twice what the engine takes, so that one that is too large is told so.
pub const MAX_REQUEST: usize = 2 * policy_core::wire::LARGEST_ADVANCE;
/// How many buffers may be out at once. A host needs two a call; one that leaks is stopped here.
pub const MAX_LIVE: usize = 64;
/// How many buffers are kept when they come back, one for a request and one for its answer, and the most bytes of each.
const MAX_SPARE: usize = 2;
const MAX_SPARE_BYTES: usize = 16 * 1024;

/// The buffers that a host holds.
#[derive(Debug, Default)]
pub struct Buffers {
    live: Vec<Vec<u8>>,
    /// What came back and serves again: a host asks for the same sizes all day.
    spare: Vec<Vec<u8>>,
}

impl Buffers {
    /// No buffers.
    #[must_use]
    pub const fn new() -> Self {
        Self { live: Vec::new(), spare: Vec::new() }
    }

    /// Hands out a zeroed buffer and gives its address; `None` when the length is 0 or over [`MAX_REQUEST`], when
    /// [`MAX_LIVE`] buffers are out already, or when there is no memory.
    pub fn allocate(&mut self, length: usize) -> Option<usize> {
        if length == 0 || length > MAX_REQUEST || self.live.len() >= MAX_LIVE {
            return None;
        }
        let mut buffer = self.spare();
        buffer.clear();
        buffer.try_reserve_exact(length).ok()?;
        buffer.resize(length, 0);
        self.adopt(buffer)
    }

    /// Hands out a buffer that is already filled; `None` when there is no memory for its entry, or it is empty.
    pub fn adopt(&mut self, buffer: Vec<u8>) -> Option<usize> {
        if buffer.is_empty() {
            return None;
        }
        self.live.try_reserve(1).ok()?;
        self.live.push(buffer);
        // Exposing the address tells the compiler that somebody outside may write through it.
        self.live.last_mut().map(|buffer| buffer.as_mut_ptr().expose_provenance())
    }

    /// The first `length` bytes of the buffer at this address: a host may keep one buffer for requests of several lengths.
    #[must_use]
    pub fn get(&self, address: usize, length: usize) -> Option<&[u8]> {
        let buffer = self.live.iter().find(|buffer| buffer.as_ptr().addr() == address)?;
        buffer.get(..length).filter(|request| !request.is_empty())
    }

    /// Takes back the buffer of exactly this address and length; `false` when there is none.
    pub fn free(&mut self, address: usize, length: usize) -> bool {
        let is_it = |buffer: &Vec<u8>| buffer.as_ptr().addr() == address && buffer.len() == length;
        let Some(index) = self.live.iter().position(is_it) else { return false };
        let buffer = self.live.swap_remove(index);
        let fits = buffer.capacity() <= MAX_SPARE_BYTES && self.spare.len() < MAX_SPARE;
        // Where memory is short, it is given back rather than asked for.
        if fits && self.spare.try_reserve(1).is_ok() {
            self.spare.push(buffer);
        }
        true
    }

    /// A buffer that came back, or an empty one; what it holds is of no account.
    pub fn spare(&mut self) -> Vec<u8> {
        self.spare.pop().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_is_read_from_its_address_and_freed_by_exactly_its_length() {
        let mut buffers = Buffers::new();
        let address = buffers.allocate(16).unwrap();
        for length in [1, 15, 16] {
            assert_eq!(buffers.get(address, length), Some(vec![0; length].as_slice()));
        }
        for length in [0, 17, usize::MAX] {
            assert_eq!(buffers.get(address, length), None, "{length}");
        }
        assert_eq!(buffers.get(address.wrapping_add(1), 15), None);
        assert!(!buffers.free(address, 15));
        assert!(!buffers.free(address, 17));
        assert!(!buffers.free(address.wrapping_add(1), 16));
        assert!(buffers.free(address, 16));
        assert!(!buffers.free(address, 16), "a second free finds nothing");
        assert_eq!(buffers.get(address, 16), None, "nor does a read after the free");
    }

    #[test]
    fn a_buffer_that_serves_again_tells_nothing_of_before() {
        let mut buffers = Buffers::new();
        let address = buffers.allocate(64).unwrap();
        buffers.live[0].fill(7);
        assert!(buffers.free(address, 64));
        assert_eq!(buffers.spare.len(), 1);
        for length in [8, 64, 128] {
            let again = buffers.allocate(length).unwrap();
            assert_eq!(buffers.get(again, length), Some(vec![0; length].as_slice()));
            assert!(buffers.free(again, length));
        }
    }

    #[test]
    fn few_and_small_buffers_are_kept() {
        let mut buffers = Buffers::new();
        let large = MAX_SPARE_BYTES.wrapping_add(1);
        let address = buffers.allocate(large).unwrap();
        assert!(buffers.free(address, large));
        assert!(buffers.spare.is_empty());
        let addresses = [8; MAX_SPARE + 2].map(|length| buffers.allocate(length).unwrap());
        assert!(addresses.iter().all(|address| buffers.free(*address, 8)));
        assert_eq!(buffers.spare.len(), MAX_SPARE);
    }

    #[test]
    fn lengths_that_no_request_has_are_refused() {
        let mut buffers = Buffers::new();
        for length in [0, MAX_REQUEST.wrapping_add(1), u32::MAX as usize, usize::MAX] {
            assert_eq!(buffers.allocate(length), None, "{length}");
        }
        assert!(buffers.allocate(MAX_REQUEST).is_some());
    }

    #[test]
    fn a_host_that_leaks_is_stopped_and_recovers_by_freeing() {
        let mut buffers = Buffers::new();
        let addresses: Vec<usize> = (0..MAX_LIVE).map(|_| buffers.allocate(8).unwrap()).collect();
        assert_eq!(buffers.allocate(8), None);
        assert!(buffers.free(addresses[0], 8));
        assert!(buffers.allocate(8).is_some());
    }

    #[test]
    fn an_answer_is_handed_out_even_when_the_host_leaks() {
        let mut buffers = Buffers::new();
        while buffers.allocate(8).is_some() {}
        let address = buffers.adopt(b"{}".to_vec()).unwrap();
        assert_eq!(buffers.get(address, 2), Some(b"{}".as_slice()));
        assert_eq!(buffers.adopt(Vec::new()), None, "there is no empty answer");
    }
}
