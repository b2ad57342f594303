//! One listening socket for each core, all at one address: the kernel shares the connections out between them.

use std::{io, net::SocketAddr, num::NonZero, thread::available_parallelism};

use tokio::net::TcpSocket;

/// Connections that may wait to be accepted, at each socket.
const WAITING: u32 = 1024;

/// The sockets, listening.
pub struct Listeners {
    sockets: Vec<std::net::TcpListener>,
    address: SocketAddr,
}

impl Listeners {
    /// Takes an address; port 0 means any free one. To be called within a runtime.
    ///
    /// # Errors
    /// When the address is not ours, or somebody else listens there, another Plinth included.
    pub fn bind(address: SocketAddr) -> io::Result<Self> {
        // Sockets that share a port would let a second program in as well, so the port is first asked for alone.
        let alone = std::net::TcpListener::bind(address)?;
        let address = alone.local_addr()?;
        drop(alone);
        let cores = available_parallelism().map_or(1, NonZero::get);
        let sockets = (0..cores).map(|_| shared(address)).collect::<io::Result<_>>()?;
        Ok(Self { sockets, address })
    }

    /// Where they listen.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The sockets, one for each core.
    #[must_use]
    pub fn into_sockets(self) -> Vec<std::net::TcpListener> {
        self.sockets
    }
}

fn shared(address: SocketAddr) -> io::Result<std::net::TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_reuseaddr(true)?;
    socket.set_reuseport(true)?;
    socket.bind(address)?;
    socket.listen(WAITING)?.into_std()
}
