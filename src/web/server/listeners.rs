//! One listening socket for each core, all at one address: the kernel shares the connections out between them.

use std::{
    io,
    net::SocketAddr,
    num::NonZero,
    os::fd::AsFd,
    thread::available_parallelism,
    time::{Duration, Instant},
};

use listenfd::ListenFd;
#[cfg(target_os = "linux")]
use socket2::SockFilter;
use socket2::SockRef;
use tokio::net::TcpSocket;
use tokio_rustls::TlsAcceptor;

/// Connections that may wait to be accepted, at each socket.
const WAITING: u32 = 1024;
/// How long a start waits for another program that takes a port at the same time.
const PATIENCE: Duration = Duration::from_secs(5);

pub struct Listeners {
    sockets: Vec<std::net::TcpListener>,
    address: SocketAddr,
    /// Whether they are one socket that outlives this program.
    are_inherited: bool,
    /// What connections begin with; none when they are plain.
    tls: Option<TlsAcceptor>,
}

impl Listeners {
    /// Binds an address; port 0 means any free one. Call it within a runtime.
    /// Fails when the address is not ours, or another program listens there, another Plinth included.
    pub fn bind(address: SocketAddr) -> io::Result<Self> {
        // Sockets that share a port would let a second program share it too, so the port is first bound exclusively. No
        // other start may do so between that and the first shared socket.
        let lock = StartLock::wait()?;
        let alone = std::net::TcpListener::bind(address)?;
        let address = alone.local_addr()?;
        drop(alone);
        let sockets = (0..cores()).map(|_| bind_shared(address)).collect::<io::Result<_>>()?;
        drop(lock);
        Ok(Self { sockets, address, are_inherited: false, tls: None })
    }

    /// The socket that a service manager has opened and hands over (`LISTEN_FDS`), once for each core; none when it hands over
    /// none. Call it before anything else opens files.
    /// Fails when that is not one listening TCP socket.
    pub fn inherit() -> io::Result<Option<Self>> {
        let mut handed = ListenFd::from_env();
        if handed.len() > 1 {
            let sentence = format!("{} sockets were handed over, and only one can be served", handed.len());
            return Err(io::Error::new(io::ErrorKind::InvalidInput, sentence));
        }
        let Some(socket) = handed.take_tcp_listener(0)? else { return Ok(None) };
        if !SockRef::from(&socket).is_listener()? {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "the socket does not listen"));
        }
        socket.set_nonblocking(true)?;
        let address = socket.local_addr()?;
        let sockets = (0..cores()).map(|_| socket.try_clone()).collect::<io::Result<_>>()?;
        Ok(Some(Self { sockets, address, are_inherited: true, tls: None }))
    }

    /// Whether they are one socket that outlives this program, and keeps new connections for the next one.
    #[must_use]
    pub(crate) const fn are_inherited(&self) -> bool {
        self.are_inherited
    }

    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The same with TLS, if there is any.
    #[must_use]
    pub fn with_tls(self, tls: Option<TlsAcceptor>) -> Self {
        Self { tls, ..self }
    }

    /// What connections begin with; none when they are plain.
    #[must_use]
    pub(crate) fn tls(&self) -> Option<TlsAcceptor> {
        self.tls.clone()
    }

    /// The sockets, one for each core.
    #[must_use]
    pub(crate) fn into_sockets(self) -> Vec<std::net::TcpListener> {
        self.sockets
    }
}

fn cores() -> usize {
    available_parallelism().map_or(1, NonZero::get)
}

/// The right to take a port, which one process has at a time. The system takes it back when the process ends.
struct StartLock {
    #[cfg(target_os = "linux")]
    _marker: std::os::unix::net::UnixListener,
}

impl StartLock {
    /// Waits while another start has it, up to a time limit.
    /// Fails when the other one takes longer.
    #[cfg(target_os = "linux")]
    fn wait() -> io::Result<Self> {
        use std::os::{linux::net::SocketAddrExt, unix::net};
        // A name without a file, one for each network namespace, as ports are.
        let name = net::SocketAddr::from_abstract_name("plinth-takes-a-port")?;
        let until = Instant::now() + PATIENCE;
        loop {
            match net::UnixListener::bind_addr(&name) {
                Ok(marker) => return Ok(Self { _marker: marker }),
                Err(error) if Instant::now() > until => return Err(error),
                Err(_) => std::thread::sleep(Duration::from_millis(1)),
            }
        }
    }

    #[cfg(not(target_os = "linux"))]
    fn wait() -> io::Result<Self> {
        Ok(Self {})
    }
}

/// Lets no further connection begin at a listening socket; those that have begun arrive, and wait in its queue. Closing it
/// with some in its queue would reset them. A client that begins now tries again within a second, and finds the next program.
/// Fails when the system refuses.
#[cfg(target_os = "linux")]
pub(crate) fn let_none_begin(socket: &impl AsFd) -> io::Result<()> {
    // For the kernel's packet filter: takes the flags of the TCP header, and drops what has SYN and not ACK.
    const FLAGS: u32 = 13;
    const SYN: u32 = 0x02;
    const ACK: u32 = 0x10;
    let (load, and, jump_if_equal, give) = (0x30, 0x54, 0x15, 0x06);
    let filter = [
        SockFilter::new(load, 0, 0, FLAGS),
        SockFilter::new(and, 0, 0, SYN | ACK),
        SockFilter::new(jump_if_equal, 0, 1, SYN),
        SockFilter::new(give, 0, 0, 0),
        SockFilter::new(give, 0, 0, u32::MAX),
    ];
    SockRef::from(socket).attach_filter(&filter)
}

/// Other systems have nothing of the kind.
#[cfg(not(target_os = "linux"))]
pub(crate) fn let_none_begin(_: &impl AsFd) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

fn bind_shared(address: SocketAddr) -> io::Result<std::net::TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_reuseaddr(true)?;
    socket.set_reuseport(true)?;
    socket.bind(address)?;
    socket.listen(WAITING)?.into_std()
}
