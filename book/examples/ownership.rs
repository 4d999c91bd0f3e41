//! Owning, moving and borrowing.

// ANCHOR: owner
fn longest(names: Vec<String>) -> usize {
    names.iter().map(String::len).max().unwrap_or(0)
} // `names` ends here, and its memory is freed

fn moving() {
    let names = vec![String::from("warp"), String::from("weft")];
    let length = longest(names);
    // println!("{names:?}");  // error: `names` was moved into `longest`
    assert_eq!(length, 4);
}
// ANCHOR_END: owner

// ANCHOR: borrow
fn count(names: &[String]) -> usize {
    names.len()
}

fn add(names: &mut Vec<String>) {
    names.push(String::from("heddle"));
}

fn borrowing() {
    let mut names = vec![String::from("warp")];
    add(&mut names); // nobody else may look meanwhile
    assert_eq!(count(&names), 2); // as many readers as you like
}
// ANCHOR_END: borrow

// ANCHOR: inside
fn inside() {
    let mut queue = vec![3, 1, 2];
    let first = &queue[0];
    assert_eq!(*first, 3);
    // With the next two lines in the other order this would not compile:
    // a push may move the items, and `first` would point at nothing.
    assert_eq!(*first + 1, 4);
    queue.push(4);
}
// ANCHOR_END: inside

fn main() {
    moving();
    borrowing();
    inside();
}
