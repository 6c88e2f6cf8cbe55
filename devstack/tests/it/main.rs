//! devstack on real processes.

mod breaking;
mod interrupt;
mod isolation;
mod ports;
mod servers;
mod services;
mod support;
