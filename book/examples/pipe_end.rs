//! The end of a pipe comes when the last writer is gone.

use std::io::{self, Read, Write};

fn main() -> io::Result<()> {
    // ANCHOR: pipe
    let (mut reader, mut writer) = io::pipe()?;
    let copy = writer.try_clone()?;
    writer.write_all(b"warp and weft")?;
    drop(writer);
    drop(copy); // without this line the next one would never return
    let mut text = String::new();
    reader.read_to_string(&mut text)?;
    // ANCHOR_END: pipe
    assert_eq!(text, "warp and weft");
    Ok(())
}
