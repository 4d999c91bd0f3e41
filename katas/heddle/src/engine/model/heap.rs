//! Heap nodes whose memory stays until the schedule ends.

use std::alloc::{self, Layout};
use std::collections::HashMap;
use std::ptr::NonNull;

use super::abandon;
use super::event::{Action, Intent, ObjectId};
use super::failure;
use super::faults::{self, FaultKind};
use super::watch::{Reading, Watch, Writing};
use super::world;
use crate::claim::record::Kind;
use crate::engine::Place;

/// For an access that the language makes and no line of the subject does.
pub(crate) const NOWHERE: Option<Place> = None;

/// The nodes of a schedule.
#[derive(Default)]
pub(crate) struct Heap {
    nodes: HashMap<usize, Node>,
    /// Freed nodes, the latest last.
    freed: Vec<usize>,
}

/// A node, alive or dead.
pub(crate) struct Node {
    memory: NonNull<u8>,
    layout: Layout,
    pub(super) watch: std::rc::Rc<Watch>,
    pub(super) made: Place,
    /// The thread that freed it, and where.
    pub(super) freed: Option<(super::event::ThreadIndex, Option<Place>)>,
}

impl Drop for Node {
    fn drop(&mut self) {
        // SAFETY: the memory was allocated with this layout, and each node's once. A node's
        // memory goes on to a later one by `mem::forget` of the earlier.
        unsafe { alloc::dealloc(self.memory.as_ptr(), self.layout) };
    }
}

impl Heap {
    pub(super) fn clear(&mut self) {
        self.nodes.clear();
        self.freed.clear();
    }

    /// The first node that nobody has freed.
    pub(super) fn leaked(&self) -> Option<ObjectId> {
        let alive = self.nodes.values().filter(|node| node.freed.is_none());
        alive.map(|node| node.watch.id()).min()
    }

    /// Takes the memory of the node of this layout that was freed last.
    fn take_freed(&mut self, layout: Layout) -> Option<NonNull<u8>> {
        let index = self
            .freed
            .iter()
            .rposition(|address| self.nodes[address].layout == layout)?;
        let node = self.nodes.remove(&self.freed.remove(index))?;
        let memory = node.memory;
        std::mem::forget(node);
        Some(memory)
    }

    fn has_freed(&self, layout: Layout) -> bool {
        self.freed
            .iter()
            .any(|address| self.nodes[address].layout == layout)
    }
}

/// Moves a value into a new node.
///
/// A new node gets the address of a freed one only as a fault: both happen in real programs, and
/// a pointer that is compared with a new node at an old address is a mistake of its own.
pub(crate) fn allocate<T>(value: T, place: Place) -> NonNull<T> {
    let me = world::current();
    // Even an empty value needs an address of its own.
    let layout = Layout::new::<T>();
    let layout = Layout::from_size_align(layout.size().max(1), layout.align())
        .expect("heddle: the layout of a type is valid");
    let could_reuse = world::with(|world| world.heap.has_freed(layout));
    let reuse = could_reuse && faults::happens(FaultKind::Reuse, me);
    let memory = reuse
        .then(|| world::with(|world| world.heap.take_freed(layout)))
        .flatten()
        // SAFETY: the layout is not empty.
        .or_else(|| NonNull::new(unsafe { alloc::alloc(layout) }))
        .unwrap_or_else(|| alloc::handle_alloc_error(layout));
    let address = memory.cast::<T>();
    // SAFETY: the memory is fresh, or that of a dead node, and large enough.
    unsafe { address.write(value) };
    let watch = std::rc::Rc::new(Watch::new("Box", place));
    let node = Node {
        memory,
        layout,
        watch,
        made: place,
        freed: None,
    };
    world::with(|world| {
        let action = Action::Allocate {
            node: node.watch.id(),
            address: memory.as_ptr() as usize,
            reused: reuse,
        };
        world.heap.nodes.insert(memory.as_ptr() as usize, node);
        world.push(me, Some(place), action);
    });
    address
}

/// Notes that a raw node becomes a box again; it must be alive.
pub(crate) fn take_back(node: *mut (), place: Place) {
    if abandon::leaving() {
        return;
    }
    drop(live(node, Some(place), Intent::Read, "is taken back"));
}

/// Ends the life of a node. Its memory stays, so the caller can still move the value out.
///
/// Returns whether the value may be dropped: not in a schedule that is left, where it may have
/// been dropped before.
pub(crate) fn free(node: NonNull<()>, place: impl Into<Option<Place>>) -> bool {
    if abandon::leaving() {
        return false;
    }
    let place = place.into();
    let me = world::current();
    let watch = live(node.as_ptr(), place, Intent::Free, "is freed");
    watch.free(place);
    world::with(|world| {
        let address = node.as_ptr() as usize;
        if let Some(node) = world.heap.nodes.get_mut(&address) {
            node.freed = Some((me, place));
            world.heap.freed.push(address);
        }
    });
    true
}

/// Begins to read a node, which must be alive.
pub(crate) fn read(node: *const (), place: Option<Place>) -> Reading {
    if abandon::leaving() {
        return Reading::none();
    }
    live(node, place, Intent::Read, "is read").read(place)
}

/// Begins to write a node, which must be alive.
pub(crate) fn write(node: *mut (), place: Option<Place>) -> Writing {
    if abandon::leaving() {
        return Writing::none();
    }
    live(node, place, Intent::Write, "is written").write(place)
}

fn live(
    node: *const (),
    place: Option<Place>,
    intent: impl FnOnce(ObjectId) -> Intent,
    what: &str,
) -> std::rc::Rc<Watch> {
    let me = world::current();
    let (watch, trouble) = world::with(|world| match world.heap.nodes.get(&(node as usize)) {
        Some(node) => {
            let trouble = node.freed.map(|(by, freed)| (by, freed, node.made));
            (Some(std::rc::Rc::clone(&node.watch)), trouble)
        }
        None => (None, None),
    });
    let Some(watch) = watch else {
        let node = if node.is_null() {
            "a null pointer"
        } else {
            "an address that no `Box` of heddle was made at"
        };
        failure::fail_at(Kind::UseAfterFree, &format!("{node} {what}"), place);
    };
    if let Some((by, freed, made)) = trouble {
        world::with(|world| world.thread(me).intent = Some((intent(watch.id()), place)));
        let by = world::with(|world| world.thread_name(by));
        let freed = freed.map_or(String::new(), |place| {
            format!(" at {}:{}", place.file(), place.line())
        });
        let message = format!(
            "a node made at {}:{} {what} after {by} freed it{freed}",
            made.file(),
            made.line()
        );
        failure::fail_at(Kind::UseAfterFree, &message, place);
    }
    watch
}
