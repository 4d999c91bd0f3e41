//! What gradings leave behind stays below its size.

use std::fs;
use std::path::{Path, PathBuf};

use xtask::catalogue::Workspace;
use xtask::overlay::prune;

/// The oldest overlays go first, each with its binaries, and only as many as must.
#[test]
fn the_oldest_overlays_go_with_their_binaries() {
    let world = World::new("oldest");
    world.overlay("kata-01-turn-aa", "1111111111111111", 3);
    world.overlay("kata-01-turn-bb", "2222222222222222", 2);
    world.overlay("kata-01-turn-cc", "3333333333333333", 1);
    let left = prune(&world.workspace, 2500).expect("no error");
    assert!(left <= 2500, "{left}");
    assert_eq!(
        world.binaries(),
        ["claims-2222222222222222", "claims-3333333333333333"]
    );
    assert!(!world.dir("kata-01-turn-aa").exists());
    assert!(world.dir("kata-01-turn-bb").exists());
}

/// An overlay that a grading uses is not touched, however old it is.
#[test]
fn an_overlay_in_use_stays() {
    let world = World::new("in-use");
    world.overlay("kata-01-turn-aa", "1111111111111111", 3);
    world.overlay("kata-01-turn-bb", "2222222222222222", 2);
    let in_use = fs::File::create(world.dir("kata-01-turn-aa").join("in-use")).expect("writable");
    in_use.lock_shared().expect("lockable");
    prune(&world.workspace, 0).expect("no error");
    assert_eq!(world.binaries(), ["claims-1111111111111111"]);
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
    fn overlay(&self, name: &str, word: &str, age: u64) {
        let dir = self.dir(name);
        fs::create_dir_all(dir.join("trace")).expect("writable");
        fs::write(dir.join("trace/artefacts"), word).expect("writable");
        let binary = self
            .workspace
            .scratch
            .join("trace/debug/deps")
            .join(format!("claims-{word}"));
        fs::write(binary, [0; 1000]).expect("writable");
        let long_ago =
            std::time::SystemTime::now() - std::time::Duration::from_secs(age * 24 * 3600);
        fs::File::open(&dir)
            .and_then(|dir| dir.set_modified(long_ago))
            .expect("settable");
    }

    fn binaries(&self) -> Vec<String> {
        let deps = self.workspace.scratch.join("trace/debug/deps");
        let mut names: Vec<String> = fs::read_dir(deps)
            .expect("readable")
            .map(|entry| {
                entry
                    .expect("readable")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        names.sort();
        names
    }
}
