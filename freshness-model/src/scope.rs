//! How much of everything there may be, so that all orders can be tried.

/// A part of the design with what can go wrong there, small enough to be tried out whole.
#[expect(clippy::struct_excessive_bools, reason = "each can be had without the others")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope {
    /// Its name.
    pub name: &'static str,
    /// What it is about.
    pub about: &'static str,
    /// Pods.
    pub pods: usize,
    /// Things, of which the first exists from the beginning.
    pub things: u128,
    /// Transactions, beside those that begin epochs and beats.
    pub transactions: u8,
    /// Writes in all of them together; a thing is written, deleted or created.
    pub writes: u8,
    /// Things that one transaction may write. What it writes twice is seen once.
    pub writes_each: usize,
    /// Whether a transaction that has written may be rolled back.
    pub rollbacks: bool,
    /// Whether writes may delete.
    pub deletes: bool,
    /// Whether a commit may be in the log before the primary shows it.
    pub logged_before_visible: bool,
    /// Polls of each pod.
    pub polls: u8,
    /// Whether a poll is answered and received at other moments than it is sent.
    pub slow_polls: bool,
    /// How many changed things a pod remembers.
    pub limit: usize,
    /// Whether pods begin with a fill from a replica.
    pub fills: bool,
    /// Loads, of all pods together.
    pub loads: u8,
    /// Whether a load may be taken in later than it was made.
    pub slow_loads: bool,
    /// Whether an entry is assembled of two things, loaded one by one.
    pub assembled: bool,
    /// Whether records are heard.
    pub records: bool,
    /// Whether the poller may be stopped between any two of its steps.
    pub slow_pollers: bool,
    /// Whether there is a reader who may be stopped between any two of its steps.
    pub slow_readers: bool,
    /// Beats, by which lists are dated.
    pub beats: u8,
    /// Whether there is a Redis.
    pub redis: bool,
    /// How often Redis may forget or go back.
    pub redis_losses: u8,
    /// Crashes and promotions, which may lose what was in the log.
    pub crashes: u8,
    /// Whether the primary that was goes on answering polls after a promotion, of pods that have been
    /// shown the epoch after its own.
    pub unfenced: bool,
    /// Whether a dump of another cluster may be loaded past the triggers, with greater ids than this
    /// one has given out.
    pub dumps: bool,
    /// Requests of one caller that carries its token from each to the next, to any pod.
    pub requests: u8,
    /// How many things its token names.
    pub names: usize,
    /// Whether the things come from another cluster, with greater ids than this one has given out.
    pub restored: bool,
}

/// Nothing of anything; scopes say what they have.
const NONE: Scope = Scope {
    name: "",
    about: "",
    pods: 1,
    things: 1,
    transactions: 0,
    writes: 0,
    writes_each: 1,
    rollbacks: false,
    deletes: false,
    logged_before_visible: false,
    polls: 0,
    slow_polls: false,
    limit: 8,
    fills: false,
    loads: 0,
    slow_loads: false,
    assembled: false,
    records: false,
    slow_pollers: false,
    slow_readers: false,
    beats: 0,
    redis: false,
    redis_losses: 0,
    crashes: 0,
    unfenced: false,
    dumps: false,
    requests: 0,
    names: 0,
    restored: false,
};

const TRANSACTIONS: Scope = Scope {
    name: "transactions",
    about: "transactions that end in another order than they began, loads from the primary and from replicas ahead and behind, polls that take their time",
    things: 2,
    transactions: 2,
    writes: 2,
    writes_each: 2,
    rollbacks: true,
    logged_before_visible: true,
    polls: 3,
    slow_polls: true,
    loads: 2,
    slow_loads: true,
    records: true,
    ..NONE
};

const DELETION: Scope = Scope {
    name: "deletion",
    about: "a thing is deleted and made again, one that never was is created",
    things: 2,
    transactions: 3,
    writes: 3,
    deletes: true,
    polls: 3,
    loads: 2,
    slow_loads: true,
    ..NONE
};

const FORGETTING: Scope = Scope {
    name: "forgetting",
    about: "a pod remembers one changed thing, so that F rises",
    things: 2,
    transactions: 3,
    writes: 3,
    polls: 4,
    limit: 1,
    loads: 2,
    slow_loads: true,
    ..NONE
};

const FORGETTING_TOGETHER: Scope = Scope {
    name: "forgetting-together",
    about: "the same with transactions that write two things, or are rolled back",
    transactions: 2,
    writes_each: 2,
    rollbacks: true,
    ..FORGETTING
};

const FILLING: Scope = Scope {
    name: "filling",
    about: "pods begin with what a replica knew, which may be less than all there is",
    things: 2,
    transactions: 2,
    writes: 2,
    writes_each: 2,
    rollbacks: true,
    logged_before_visible: true,
    polls: 2,
    limit: 1,
    fills: true,
    loads: 2,
    ..NONE
};

const FILLING_ROWS: Scope = Scope {
    name: "filling-rows",
    about: "pods begin with all that a replica knew, or with all but the oldest",
    limit: 2,
    ..FILLING
};

const FILLING_CRASH: Scope = Scope {
    name: "filling-crash",
    about: "pods begin with what a replica of the primary that was knew",
    transactions: 2,
    writes: 2,
    polls: 3,
    fills: true,
    loads: 2,
    crashes: 1,
    ..NONE
};

const ASSEMBLING: Scope = Scope {
    name: "assembling",
    about: "an answer is put together of two things that were loaded apart",
    things: 2,
    transactions: 2,
    writes: 2,
    writes_each: 2,
    rollbacks: true,
    polls: 3,
    loads: 3,
    assembled: true,
    limit: 1,
    ..NONE
};

const INTERLEAVING: Scope = Scope {
    name: "interleaving",
    about: "poller and reader are stopped between any two of their steps",
    things: 2,
    transactions: 2,
    writes: 2,
    polls: 4,
    limit: 1,
    loads: 1,
    slow_pollers: true,
    slow_readers: true,
    ..NONE
};

const INTERLEAVING_CRASH: Scope = Scope {
    name: "interleaving-crash",
    about: "a reader is stopped between any two of its steps while an epoch ends, and ids are given out again",
    transactions: 2,
    writes: 1,
    polls: 4,
    limit: 0,
    loads: 1,
    slow_readers: true,
    crashes: 1,
    ..NONE
};

const REPLACING: Scope = Scope {
    name: "replacing",
    about: "an entry takes the place of one that somebody reads",
    transactions: 1,
    writes: 1,
    polls: 2,
    loads: 3,
    slow_readers: true,
    ..NONE
};

const CRASH: Scope = Scope {
    name: "crash",
    about: "the primary crashes or a replica takes its place, commits are lost, ids and versions given out again",
    transactions: 2,
    writes: 2,
    logged_before_visible: true,
    polls: 4,
    loads: 2,
    slow_loads: true,
    records: true,
    crashes: 1,
    ..NONE
};

const IDS_GIVEN_OUT_AGAIN: Scope = Scope {
    name: "ids-given-out-again",
    about: "after a crash, ids that a pod has asked beyond are given out again, and one of them stays open",
    transactions: 4,
    writes: 1,
    polls: 2,
    loads: 1,
    crashes: 1,
    ..NONE
};

const UNFENCED: Scope = Scope {
    name: "unfenced",
    about: "a replica takes the primary's place, which goes on answering polls",
    transactions: 2,
    writes: 2,
    polls: 5,
    loads: 2,
    crashes: 1,
    unfenced: true,
    ..NONE
};

const DUMPS: Scope = Scope {
    name: "dumps",
    about: "a dump of another cluster is loaded past the triggers, and an operator begins an epoch",
    things: 2,
    transactions: 1,
    writes: 2,
    polls: 4,
    loads: 2,
    dumps: true,
    ..NONE
};

const RESTORING: Scope = Scope {
    name: "restoring",
    about: "the things come from another cluster, with greater ids",
    things: 2,
    transactions: 2,
    writes: 2,
    polls: 4,
    loads: 2,
    restored: true,
    ..NONE
};

const LISTS: Scope = Scope {
    name: "lists",
    about: "lists are dated by beats",
    transactions: 1,
    writes: 1,
    logged_before_visible: true,
    polls: 3,
    slow_polls: true,
    beats: 4,
    loads: 1,
    ..NONE
};

const LISTS_CRASH: Scope = Scope {
    name: "lists-crash",
    about: "the primary crashes, and beats are counted again",
    transactions: 1,
    writes: 1,
    polls: 3,
    beats: 2,
    loads: 1,
    crashes: 1,
    ..NONE
};

const REDIS: Scope = Scope {
    name: "redis",
    about: "two pods share a Redis that forgets, goes back, and loses leases",
    pods: 2,
    transactions: 1,
    writes: 1,
    polls: 2,
    loads: 2,
    slow_loads: true,
    redis: true,
    redis_losses: 1,
    ..NONE
};

const REDIS_CRASH: Scope = Scope {
    name: "redis-crash",
    about: "Redis and a pod over a crash of the primary",
    transactions: 2,
    writes: 2,
    polls: 3,
    loads: 2,
    slow_loads: true,
    redis: true,
    crashes: 1,
    ..NONE
};

const SESSIONS: Scope = Scope {
    name: "sessions",
    about: "a caller writes and reads, at two pods, and carries a token that names one thing",
    pods: 2,
    things: 2,
    transactions: 2,
    writes: 2,
    writes_each: 2,
    polls: 1,
    loads: 2,
    requests: 2,
    names: 1,
    ..NONE
};

const SESSIONS_NAMED: Scope = Scope {
    name: "sessions-named",
    about: "the same with commits that replicas show before the primary",
    logged_before_visible: true,
    writes_each: 1,
    ..SESSIONS
};

const SESSIONS_FOLDED: Scope = Scope {
    name: "sessions-folded",
    about: "the same with a token that names nothing, and commits that replicas show before the primary",
    pods: 1,
    logged_before_visible: true,
    polls: 2,
    names: 0,
    rollbacks: true,
    ..SESSIONS
};

const SESSIONS_CRASH: Scope = Scope {
    name: "sessions-crash",
    about: "the primary crashes between a caller's requests",
    transactions: 2,
    writes: 2,
    polls: 3,
    loads: 2,
    requests: 2,
    names: 1,
    crashes: 1,
    ..NONE
};

/// Small enough for every run.
pub const SCOPES: &[Scope] = &[
    TRANSACTIONS,
    DELETION,
    FORGETTING,
    FORGETTING_TOGETHER,
    FILLING,
    FILLING_ROWS,
    FILLING_CRASH,
    ASSEMBLING,
    INTERLEAVING,
    INTERLEAVING_CRASH,
    REPLACING,
    CRASH,
    IDS_GIVEN_OUT_AGAIN,
    UNFENCED,
    DUMPS,
    RESTORING,
    LISTS,
    LISTS_CRASH,
    REDIS,
    REDIS_CRASH,
    SESSIONS,
    SESSIONS_NAMED,
    SESSIONS_FOLDED,
    SESSIONS_CRASH,
];

/// The same with more of what makes trouble.
pub const DEEP_SCOPES: &[Scope] = &[
    Scope {
        name: "transactions-deep",
        transactions: 3,
        writes: 3,
        writes_each: 1,
        rollbacks: false,
        ..TRANSACTIONS
    },
    Scope { name: "deletion-deep", logged_before_visible: true, records: true, ..DELETION },
    Scope { name: "forgetting-deep", logged_before_visible: true, records: true, ..FORGETTING },
    Scope { name: "filling-deep", transactions: 3, writes: 3, ..FILLING },
    Scope { name: "assembling-deep", transactions: 3, writes: 3, ..ASSEMBLING },
    Scope { name: "interleaving-deep", transactions: 3, writes: 3, ..INTERLEAVING },
    Scope { name: "crash-deep", transactions: 3, writes: 3, ..CRASH },
    Scope { name: "crash-twice", crashes: 2, ..CRASH },
    Scope { name: "restoring-deep", crashes: 1, ..RESTORING },
    Scope { name: "lists-deep", transactions: 2, writes: 2, ..LISTS },
    Scope {
        name: "redis-deep",
        about: "one pod, two writes, and a Redis that forgets or goes back twice",
        pods: 1,
        transactions: 2,
        writes: 2,
        redis_losses: 2,
        ..REDIS
    },
];

/// The scope with this name.
///
/// # Panics
///
/// When there is none.
pub fn named(name: &str) -> &'static Scope {
    let mut all = SCOPES.iter().chain(DEEP_SCOPES);
    all.find(|scope| scope.name == name).unwrap_or_else(|| panic!("there is no scope {name}"))
}
