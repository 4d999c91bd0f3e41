//! A callback may be called when the caller has long gone, so it borrows nothing of the caller's.
//@ error: E0597

use kata_14_future::promise;

fn main() {
    let (task, future) = promise::<u8>();
    {
        let text = String::from("local");
        let borrowed = &text;
        assert_eq!(borrowed.len(), 5);
        #[cfg(refused)]
        future.on_done(move |_| assert_eq!(borrowed.len(), 5));
    }
    drop((task, future));
}
