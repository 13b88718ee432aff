//! What runs inside the writer's transaction, and what it gives. It knows no table.

use std::pin::Pin;

/// What a write does with the connection.
pub(crate) type Act<'c, T> = Pin<Box<dyn Future<Output = TxResult<T>> + Send + 'c>>;

/// What a statement inside the transaction gave.
pub(crate) type TxResult<T> = std::result::Result<T, sqlx::Error>;
