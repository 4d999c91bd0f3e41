//! A server on the loopback device whose every answer takes the same time.

use std::io::{Read as _, Write as _};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// How long an answer takes: the latency that I/O-bound work consists of.
const SERVICE: Duration = Duration::from_millis(10);

/// Prints its port, then serves until its standard input is closed.
pub fn serve() {
    std::thread::spawn(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    super::one_thread().block_on(async {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        println!("{port}");
        std::io::stdout().flush().expect("somebody reads the port");
        loop {
            if let Ok((client, _)) = listener.accept().await {
                tokio::spawn(answer(client));
            }
        }
    });
}

/// The square of the number on the line that was read, after a while.
async fn answer(mut client: TcpStream) {
    let mut line = String::new();
    let asked = BufReader::new(&mut client).read_line(&mut line).await;
    let number = asked.ok().and_then(|_| line.trim().parse::<u64>().ok());
    tokio::time::sleep(SERVICE).await;
    if let Some(number) = number {
        // Whoever has gone does not wait for it.
        let _ = client
            .write_all(format!("{}\n", number * number).as_bytes())
            .await;
    }
}
