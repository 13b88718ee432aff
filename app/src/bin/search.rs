//! Trunk builds this. Naming something of the library keeps the islands' exports in the WASM.

fn main() {
    let _ = app::hydrate as fn();
}
