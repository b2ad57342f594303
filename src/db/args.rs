//! Arguments of a statement, given as a tuple in the order of `$1`, `$2`, …

use sqlx::{Arguments, Encode, Postgres, Sqlite, Type, postgres::PgArguments, sqlite::SqliteArguments};

/// A tuple of values that can be bound; `()` binds nothing.
pub trait Args: Send {
    /// The values as SQLite's driver takes them.
    /// Fails when a value cannot be encoded.
    fn for_sqlite(self) -> sqlx::Result<SqliteArguments>;

    /// The values as PostgreSQL's driver takes them.
    /// Fails when a value cannot be encoded.
    fn for_postgres(self) -> sqlx::Result<PgArguments>;
}

/// Arguments as one of the engines takes them.
pub(super) enum BoundArgs {
    Sqlite(SqliteArguments),
    Postgres(PgArguments),
}

impl Args for () {
    fn for_sqlite(self) -> sqlx::Result<SqliteArguments> {
        Ok(SqliteArguments::default())
    }

    fn for_postgres(self) -> sqlx::Result<PgArguments> {
        Ok(PgArguments::default())
    }
}

macro_rules! args {
    ($($name:ident),+) => {
        impl<'t, $($name),+> Args for ($($name,)+)
        where $($name: Encode<'t, Sqlite> + Type<Sqlite> + Encode<'t, Postgres> + Type<Postgres> + Send),+
        {
            #[allow(non_snake_case)]
            fn for_sqlite(self) -> sqlx::Result<SqliteArguments> {
                let ($($name,)+) = self;
                let mut arguments = SqliteArguments::default();
                $(Arguments::add(&mut arguments, $name).map_err(sqlx::Error::Encode)?;)+
                Ok(arguments)
            }

            #[allow(non_snake_case)]
            fn for_postgres(self) -> sqlx::Result<PgArguments> {
                let ($($name,)+) = self;
                let mut arguments = PgArguments::default();
                $(Arguments::add(&mut arguments, $name).map_err(sqlx::Error::Encode)?;)+
                Ok(arguments)
            }
        }
    };
}

args!(A);
args!(A, B);
args!(A, B, C);
args!(A, B, C, D);
args!(A, B, C, D, E);
args!(A, B, C, D, E, F);
args!(A, B, C, D, E, F, G);
args!(A, B, C, D, E, F, G, H);
args!(A, B, C, D, E, F, G, H, I);
args!(A, B, C, D, E, F, G, H, I, J);
args!(A, B, C, D, E, F, G, H, I, J, K);
args!(A, B, C, D, E, F, G, H, I, J, K, L);
args!(A, B, C, D, E, F, G, H, I, J, K, L, M);
args!(A, B, C, D, E, F, G, H, I, J, K, L, M, N);
args!(A, B, C, D, E, F, G, H, I, J, K, L, M, N, O);
args!(A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P);
args!(A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q);
args!(A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R);
args!(A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R, S);
args!(A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R, S, T);
args!(A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R, S, T, U);
