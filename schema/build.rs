//! Builds anew when a migration is added; those that are there are watched by the compiler itself.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
