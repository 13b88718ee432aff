//! What `server_fn` calls of the published `wasm-streams`, without what that crate exports into every WASM.
//!
//! Leptos links `server_fn` into each bundle, and that links streams between Rust and the browser: JavaScript classes
//! which keep 13 KB of futures and a task queue alive on every phone. No page of Pledge calls a server function, so
//! nothing here ever runs; if something did, it would get an error and not an empty answer. `xtask` checks that no
//! bundle exports the classes again.

use futures_util::stream::{self, Stream};
use wasm_bindgen::JsValue;

/// Stands for a stream of bytes to or from the server. It carries none.
#[derive(Debug)]
pub struct ReadableStream(());

impl ReadableStream {
    /// For the body of a request that streams; the stream is dropped unread.
    pub fn from_stream<S>(_body: S) -> Self
    where
        S: Stream<Item = Result<JsValue, JsValue>> + 'static,
    {
        Self(())
    }

    /// For the body of an answer that streams; it stays unread.
    pub fn from_raw(_body: web_sys::ReadableStream) -> Self {
        Self(())
    }

    /// A value that a request refuses as its body: a symbol cannot become text, so making the request is an error.
    pub fn into_raw(self) -> JsValue {
        JsValue::symbol(Some(LEFT_OUT))
    }

    /// One error, then the end.
    pub fn into_stream(self) -> impl Stream<Item = Result<JsValue, JsValue>> {
        stream::iter([Err(JsValue::from_str(LEFT_OUT))])
    }
}

const LEFT_OUT: &str = "streams are left out of this build";
