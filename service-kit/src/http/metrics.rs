use metrics::{describe_gauge, describe_histogram};

use super::in_flight::{IN_FLIGHT, IN_FLIGHT_LIMIT};
use super::measure::REQUEST_DURATION;
use super::server::{CONNECTIONS, CONNECTIONS_LIMIT};

/// Has the metrics of this module explain themselves.
pub fn describe() {
    describe_histogram!(
        REQUEST_DURATION,
        "Seconds from a request's head to the head of its answer, by method, route and status."
    );
    describe_gauge!(
        IN_FLIGHT,
        "Requests that are being worked on; those answered at once from memory are not counted."
    );
    describe_gauge!(
        IN_FLIGHT_LIMIT,
        "How many requests may be worked on at once; more are answered with 503."
    );
    describe_gauge!(CONNECTIONS, "Open connections of callers.");
    describe_gauge!(
        CONNECTIONS_LIMIT,
        "How many connections there may be; more wait to be accepted."
    );
}
