//! A line for whoever waits: on a terminal only, only where it takes longer, and gone when it is done.

use std::io::{self, IsTerminal, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

/// Who waits for less wonders about nothing.
const PATIENCE: Duration = Duration::from_secs(1);

const BEAT: Duration = Duration::from_millis(500);

/// To the start of the line, and nothing on it.
const ERASE: &str = "\r\u{1b}[K";

/// Runs something, and shows for how long.
pub(super) fn during<T>(run: impl FnOnce() -> T) -> T {
    let is_watched =
        io::stderr().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb");
    if !is_watched {
        return run();
    }
    let (done, is_done) = channel::<()>();
    let line = thread::spawn(move || show(&is_done, PATIENCE, BEAT, &mut io::stderr()));
    // Also when `run` panics: the channel closes with its sender.
    let result = run();
    drop(done);
    // A line that could not be shown is no loss.
    let _ = line.join();
    result
}

/// Shows the seconds until the channel is closed.
fn show(
    done: &Receiver<()>,
    patience: Duration,
    beat: Duration,
    out: &mut dyn Write,
) -> io::Result<()> {
    let start = Instant::now();
    let mut wait = patience;
    while let Err(RecvTimeoutError::Timeout) = done.recv_timeout(wait) {
        write!(out, "{ERASE}following the project … {} s", start.elapsed().as_secs())?;
        out.flush()?;
        wait = beat;
    }
    if wait == patience {
        return Ok(());
    }
    write!(out, "{ERASE}")?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::{ERASE, show};
    use std::sync::mpsc::channel;
    use std::time::Duration;

    fn shown(patience: Duration, beats: usize) -> String {
        let (done, is_done) = channel();
        let mut out = Counting { text: Vec::new(), beats, done: Some(done) };
        if beats == 0 {
            out.done = None;
        }
        show(&is_done, patience, Duration::from_millis(1), &mut out).unwrap();
        String::from_utf8(out.text).unwrap()
    }

    /// Hangs up after some lines, so that nothing waits for a clock.
    struct Counting {
        text: Vec<u8>,
        beats: usize,
        done: Option<std::sync::mpsc::Sender<()>>,
    }

    impl std::io::Write for Counting {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.text.extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            self.beats = self.beats.saturating_sub(1);
            if self.beats == 0 {
                self.done = None;
            }
            Ok(())
        }
    }

    #[test]
    fn a_short_run_shows_nothing() {
        assert_eq!(shown(Duration::from_secs(60), 0), "");
    }

    #[test]
    fn a_long_run_leaves_nothing() {
        let text = shown(Duration::from_millis(2), 3);
        assert_eq!(text.matches("following the project").count(), 3);
        assert!(text.ends_with(ERASE));
    }
}
