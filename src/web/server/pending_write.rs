//! An answer of the fast path on its way to the client.

use std::io::{self, IoSlice};

use tokio::{
    net::TcpStream,
    time::{Instant, timeout_at},
};

use super::{
    connection_state::ConnectionState,
    date,
    timeouts::{WRITE_TIMEOUT, extend_deadline},
};
use crate::web::cache::encoded_body::Wire;

pub(crate) struct PendingWrite {
    pub(crate) is_last: bool,
    wire: Wire,
    date: [u8; date::LENGTH],
    sent: usize,
}

impl PendingWrite {
    /// Nothing of it is sent yet.
    #[must_use]
    pub(crate) fn new(wire: Wire, is_last: bool) -> Self {
        Self { is_last, wire, date: date::last_field(), sent: 0 }
    }

    /// Writes as much as the client takes; whether that is all.
    /// Fails when the connection is broken.
    pub(crate) fn push(&mut self, stream: &TcpStream) -> io::Result<bool> {
        let Wire { head, body } = &self.wire;
        let total = head.len() + self.date.len() + body.len();
        while self.sent < total {
            let mut pieces = [IoSlice::new(head), IoSlice::new(&self.date), IoSlice::new(body)];
            let mut left = &mut pieces[..];
            IoSlice::advance_slices(&mut left, self.sent);
            match stream.try_write_vectored(left) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(sent) => self.sent += sent,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(false),
                Err(error) => return Err(error),
            }
        }
        Ok(true)
    }

    /// Writes the rest as the client takes it.
    /// Fails when the connection is broken or the client is too slow.
    pub(crate) async fn send(mut self, stream: &TcpStream, state: &ConnectionState) -> io::Result<()> {
        state.set_answering();
        state.set_sending(self.sent);
        let mut until = Instant::now() + WRITE_TIMEOUT;
        loop {
            timeout_at(until, stream.writable()).await??;
            let before = self.sent;
            if self.push(stream)? {
                return Ok(());
            }
            state.set_sending(self.sent - before);
            until = extend_deadline(until, self.sent - before);
        }
    }
}
