//! The plumbing as a service uses it: real ports, real signals to tasks, real settings files.

mod health;
mod layers;
mod lifecycle;
mod postgres;
mod problems;
mod serving;
mod settings;
mod support;
