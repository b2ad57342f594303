//! Why an encrypted file cannot be read, as a sentence that travels in an error of reading.

use std::{error::Error, fmt, io};

/// What was changed or cut off anywhere behind the head.
pub(super) const DAMAGED: &str = "It was changed, damaged or cut off after it was encrypted.";

#[derive(Debug)]
struct AgeFault(String);

impl fmt::Display for AgeFault {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.0)
    }
}

impl Error for AgeFault {}

pub(super) fn fault(sentence: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, AgeFault(sentence.into()))
}

/// The sentence, however deep it is in the error; none when the fault is another one, such as that of a disk.
#[must_use]
pub(crate) fn fault_of(error: &io::Error) -> Option<String> {
    let mut inner: &(dyn Error + 'static) = error.get_ref()?;
    loop {
        if let Some(AgeFault(sentence)) = inner.downcast_ref() {
            return Some(sentence.clone());
        }
        inner = match inner.downcast_ref::<io::Error>() {
            Some(error) => error.get_ref()?,
            None => inner.source()?,
        };
    }
}
