//! The system's calls under their own names, so that the linker finds these first.

use std::ffi::{c_int, c_long, c_void};
use std::ptr;

use super::with;

// The numbers of the calls.
#[cfg(target_arch = "x86_64")]
const MMAP: c_long = 9;
#[cfg(target_arch = "x86_64")]
const MPROTECT: c_long = 10;
#[cfg(target_arch = "x86_64")]
const MUNMAP: c_long = 11;
#[cfg(target_arch = "aarch64")]
const MMAP: c_long = 222;
#[cfg(target_arch = "aarch64")]
const MPROTECT: c_long = 226;
#[cfg(target_arch = "aarch64")]
const MUNMAP: c_long = 215;

/// Readable and writable.
const DATA: c_int = 0x1 | 0x2;
const NO_ACCESS: c_int = 0;
/// Private, anonymous, and a stack; nobody but the coroutines' crate asks for that by this name.
const STACK: c_int = 0x2 | 0x20 | 0x2_0000;

unsafe extern "C" {
    fn syscall(number: c_long, ...) -> c_long;
}

/// Maps memory, or lends a stack.
///
/// # Safety
///
/// As of the system's call of that name.
// SAFETY: the name is taken on purpose, the signature is that of the C library, and whatever is no
// stack goes on to the system unchanged.
#[unsafe(no_mangle)]
unsafe extern "C" fn mmap(
    start: *mut c_void,
    length: usize,
    protection: c_int,
    flags: c_int,
    file: c_int,
    offset: i64,
) -> *mut c_void {
    let is_stack = start.is_null() && protection == DATA && flags == STACK && file == -1;
    if is_stack && let Some(kept) = with(|stacks| stacks.lend(length)) {
        return ptr::with_exposed_provenance_mut(kept);
    }
    // The system reads whole words.
    let (protection, flags) = (c_long::from(protection), c_long::from(flags));
    // SAFETY: the caller's promises are those that the system asks for.
    let mapped = unsafe {
        syscall(
            MMAP,
            start,
            length,
            protection,
            flags,
            c_long::from(file),
            offset,
        )
    };
    // The system gives an address, or -1, as a number.
    let mapped = mapped as usize;
    if is_stack && mapped != usize::MAX {
        with(|stacks| stacks.learn(mapped, length));
    }
    ptr::with_exposed_provenance_mut(mapped)
}

/// Changes who may touch memory; of a lent stack that is guarded already, nothing.
///
/// # Safety
///
/// As of the system's call of that name.
// SAFETY: as for `mmap`.
#[unsafe(no_mangle)]
unsafe extern "C" fn mprotect(start: *mut c_void, length: usize, protection: c_int) -> c_int {
    let is_guard = protection == NO_ACCESS;
    if is_guard && with(|stacks| stacks.is_guarded(start.addr(), length)) {
        return 0;
    }
    // SAFETY: the caller's promises are those that the system asks for.
    let done = unsafe { syscall(MPROTECT, start, length, c_long::from(protection)) };
    if is_guard && done == 0 {
        with(|stacks| stacks.guard(start.addr(), length));
    } else {
        with(|stacks| stacks.forget(start.addr(), length));
    }
    done as c_int
}

/// Unmaps memory; a lent stack is only taken back.
///
/// # Safety
///
/// As of the system's call of that name.
// SAFETY: as for `mmap`.
#[unsafe(no_mangle)]
unsafe extern "C" fn munmap(start: *mut c_void, length: usize) -> c_int {
    if with(|stacks| stacks.take_back(start.addr(), length)) {
        return 0;
    }
    with(|stacks| stacks.forget(start.addr(), length));
    // SAFETY: the caller's promises are those that the system asks for.
    let done = unsafe { syscall(MUNMAP, start, length) };
    done as c_int
}
