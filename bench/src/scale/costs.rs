//! What things cost, and what one of each part carries. Each default says where it is from; what was measured
//! on other machines is given on the command line.

/// Processor time of an answer out of memory, with its connection, in microseconds.
///
/// An estimate, to be replaced by what `make bench` measures for catalog-query.
const READ_MICROS: f64 = 12.0;
/// Processor time of a load in the process that loads: Redis's answer, the document, its rendering.
///
/// An estimate, to be replaced by processor time per load of a process whose memory holds nothing.
const LOAD_MICROS: f64 = 150.0;
/// Processor time of a record that a process hears, and of the same change in the answer to its poll.
///
/// An estimate, to be replaced by processor time per edit of a process that nobody reads.
const CHANGE_MICROS: f64 = 8.0;
/// Processor time of the primary for a poll that finds nothing.
///
/// An estimate, to be replaced by what polls of an idle catalog measure.
const POLL_MICROS: f64 = 100.0;
/// Processor time of the primary for each row that a poll finds.
///
/// An estimate, to be replaced by what polls of a catalog measure that is edited.
const POLL_ROW_MICROS: f64 = 1.5;

/// What things cost, and what one of each part carries.
#[derive(Debug, Clone, PartialEq, clap::Args)]
pub struct Costs {
    /// Processor time of a process for an answer out of memory, in microseconds.
    #[arg(long, default_value_t = READ_MICROS)]
    pub read_micros: f64,
    /// Processor time of a process for a load, in microseconds.
    #[arg(long, default_value_t = LOAD_MICROS)]
    pub load_micros: f64,
    /// Processor time of a process for a change that it hears of, in microseconds.
    #[arg(long, default_value_t = CHANGE_MICROS)]
    pub change_micros: f64,
    /// Processor time of the primary for a poll that finds nothing, in microseconds.
    #[arg(long, default_value_t = POLL_MICROS)]
    pub poll_micros: f64,
    /// Processor time of the primary for each row that a poll finds, in microseconds.
    #[arg(long, default_value_t = POLL_ROW_MICROS)]
    pub poll_row_micros: f64,
    /// Processors of a process.
    #[arg(long, default_value_t = Costs::DEFAULT.pod_processors)]
    pub pod_processors: f64,
    /// Processors of the primary that polls may take.
    #[arg(long, default_value_t = Costs::DEFAULT.primary_processors)]
    pub primary_processors: f64,
    /// Commands a second of one Redis, which runs them in one thread.
    #[arg(long, default_value_t = Costs::DEFAULT.redis_commands)]
    pub redis_commands: f64,
    /// Products a second that one replica gives.
    #[arg(long, default_value_t = Costs::DEFAULT.replica_loads)]
    pub replica_loads: f64,
    /// Connections that one PostgreSQL holds.
    #[arg(long, default_value_t = Costs::DEFAULT.connections)]
    pub connections: f64,
    /// Connections of a process to each replica: its setting `REPLICA__POOL__SIZE`.
    #[arg(long, default_value_t = Costs::DEFAULT.replica_pool)]
    pub replica_pool: f64,
    /// Bytes a second that a machine sends: of Redis, of a broker.
    #[arg(long, default_value_t = Costs::DEFAULT.network_bytes)]
    pub network_bytes: f64,
    /// Bytes of a record with its headers.
    #[arg(long, default_value_t = Costs::DEFAULT.record_bytes)]
    pub record_bytes: f64,
    /// Bytes of a process for each change that it remembers.
    #[arg(long, default_value_t = Costs::DEFAULT.recent_bytes)]
    pub recent_bytes: f64,
}

impl Costs {
    /// Redis: some 100,000 requests a second without pipelining, as its documentation's page "Redis benchmark"
    /// shows. A replica, a record: estimates. Memory for a change: as the README's settings say. The network is
    /// one of 10 Gbit/s.
    pub const DEFAULT: Self = Self {
        read_micros: READ_MICROS,
        load_micros: LOAD_MICROS,
        change_micros: CHANGE_MICROS,
        poll_micros: POLL_MICROS,
        poll_row_micros: POLL_ROW_MICROS,
        pod_processors: 2.0,
        primary_processors: 8.0,
        redis_commands: 100_000.0,
        replica_loads: 10_000.0,
        connections: 1_000.0,
        replica_pool: 8.0,
        network_bytes: 1.25e9,
        record_bytes: 500.0,
        recent_bytes: 200.0,
    };
}
