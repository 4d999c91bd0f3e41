//! What gradings leave behind stays below its size.

use std::fs;
use std::path::{Path, PathBuf};

use heddle_terms::catalogue::Workspace;
use xtask::overlay::prune;

/// The oldest overlays go first, each with its binaries, and only as many as must.
#[test]
fn the_oldest_overlays_go_with_their_binaries() {
    let world = World::new("oldest");
    world.overlay("kata-01-turn-aa", 3);
    world.overlay("kata-01-turn-bb", 2);
    world.overlay("kata-01-turn-cc", 1);
    let left = prune(&world.workspace, 2500).expect("no error");
    assert!(left <= 2500, "{left}");
    assert!(!world.dir("kata-01-turn-aa").exists());
    assert!(world.dir("kata-01-turn-bb").exists());
    assert!(world.dir("kata-01-turn-cc").exists());
}

/// An overlay that a grading uses is not touched, however old it is.
#[test]
fn an_overlay_in_use_stays() {
    let world = World::new("in-use");
    world.overlay("kata-01-turn-aa", 3);
    world.overlay("kata-01-turn-bb", 2);
    let in_use = fs::File::create(world.dir("kata-01-turn-aa").join("in-use")).expect("writable");
    in_use.lock_shared().expect("lockable");
    prune(&world.workspace, 0).expect("no error");
    assert!(world.dir("kata-01-turn-aa").exists());
    assert!(!world.dir("kata-01-turn-bb").exists());
}

/// What rustc keeps of a file counts as well, and goes unless a build is at it.
#[test]
fn what_rustc_keeps_of_old_files_goes() {
    let world = World::new("kept");
    let old = world.kept("kata-01-turn-old", 3);
    let busy = world.kept("kata-01-turn-busy", 2);
    let turn = fs::File::create(busy.with_extension("lock")).expect("writable");
    turn.lock().expect("lockable");
    prune(&world.workspace, 1500).expect("no error");
    assert!(!old.exists());
    assert!(busy.exists());
}

/// What all subjects share is no subject's, and stays.
#[test]
fn shared_crates_stay() {
    let world = World::new("shared");
    let shared = world
        .workspace
        .scratch
        .join("trace/debug/deps/libheddle-4444444444444444.rlib");
    fs::write(&shared, [0; 1000]).expect("writable");
    prune(&world.workspace, 0).expect("no error");
    assert!(shared.exists());
}

/// A scratch folder that is not there is small enough.
#[test]
fn nothing_left_behind_is_nothing_to_prune() {
    let workspace = Workspace::at("/no/such/folder");
    assert_eq!(prune(&workspace, 0).expect("no error"), 0);
}

struct World {
    workspace: Workspace,
}

impl World {
    fn new(name: &str) -> World {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join("pruning")
            .join(name);
        // There is none the first time.
        let _ = fs::remove_dir_all(&root);
        let workspace = Workspace::at(&root);
        fs::create_dir_all(workspace.scratch.join("trace/debug/deps")).expect("writable");
        World { workspace }
    }

    fn dir(&self, name: &str) -> PathBuf {
        self.workspace.scratch.join("overlays").join(name)
    }

    /// An overlay of that age in days, with a binary of 1000 bytes.
    fn overlay(&self, name: &str, age: u64) {
        self.leftover(&self.dir(name), age);
    }

    /// What rustc keeps of a file that was edited so many days ago.
    fn kept(&self, name: &str, age: u64) -> PathBuf {
        let kept = self.workspace.scratch.join("trace/incremental").join(name);
        self.leftover(&kept, age);
        kept
    }

    fn leftover(&self, dir: &Path, age: u64) {
        fs::create_dir_all(dir.join("trace")).expect("writable");
        fs::write(dir.join("trace/claims"), [0; 1000]).expect("writable");
        let long_ago =
            std::time::SystemTime::now() - std::time::Duration::from_secs(age * 24 * 3600);
        fs::File::open(dir)
            .and_then(|dir| dir.set_modified(long_ago))
            .expect("settable");
    }
}
