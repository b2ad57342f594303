//! A copy of the whole database, as it is at one moment, while others go on reading and writing.

use std::path::Path;

use super::pool::Db;

impl Db {
    /// Copies the database into a file that is empty or not there.
    ///
    /// # Errors
    /// When the file cannot be written, or the database not be read.
    pub async fn copy_to(&self, file: &Path) -> sqlx::Result<()> {
        let file = file.to_string_lossy().into_owned();
        sqlx::query("vacuum into $1").bind(file).execute(self.writer()).await.map(|_| ())
    }
}
