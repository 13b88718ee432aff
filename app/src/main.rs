//! Trunk builds this. Naming something of the library keeps the islands' exports in the WASM.

#[cfg(feature = "hydrate")]
fn main() {
    let _ = app::hydrate as fn();
}

#[cfg(not(feature = "hydrate"))]
fn main() {}
