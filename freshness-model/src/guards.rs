//! What the promise rests on, each of which can be taken away.

use clap::ValueEnum;

/// One thing that the promise rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ValueEnum)]
pub enum Guard {
    /// An entry is current only in the epoch that polls show.
    Epoch,
    /// An entry is current only if its horizon is at or above `F`.
    Horizon,
    /// An entry is current only if no recent change is greater.
    RecentVersions,
    /// An assembled entry's horizon is the least of its parts'.
    LeastHorizon,
    /// A document, its version and the horizon come from one snapshot.
    OneSnapshot,
    /// A poll asks again for transactions that its predecessor saw in progress.
    InProgress,
    /// A poll proves what was acknowledged before it was sent, not before its answer came.
    SentTime,
    /// The first poll of an epoch sets `F` to its own horizon.
    FirstFloor,
    /// A first fill that left rows out sets `F` above the least that it took.
    FillFloor,
    /// The poll after a first fill asks for all at or above the fill's horizon.
    FillHorizon,
    /// A first fill takes all that a transaction wrote, or nothing of it.
    FillWhole,
    /// A first fill counts only in its own epoch.
    FillEpoch,
    /// Records disprove and prove nothing.
    RecordsOnlyDisprove,
    /// Records of another epoch say nothing.
    RecordsEpoch,
    /// A poll counts only when the incarnation row stands for the history row's epoch.
    Incarnation,
    /// No version is raised before an epoch stands.
    WritesWait,
    /// Of the answer that first shows an epoch only the epoch is used.
    OnlyTheEpoch,
    /// Only a greater epoch takes the place of the one that polls have shown.
    GreaterEpoch,
    /// A poll that returns ids beyond its snapshot's end does not count.
    ForeignRows,
    /// Rows of another cluster get the id 0 when an epoch begins.
    ForeignXids,
    /// Whoever polls enters rows before the poll is published.
    EnterFirst,
    /// Whoever polls raises `F` before rows are forgotten.
    FloorBeforeForget,
    /// Whoever reads takes the sent time before it looks up versions.
    SentReadFirst,
    /// Whoever reads takes the horizon before it looks up versions.
    HorizonReadFirst,
    /// Whoever reads takes `F` last.
    FloorReadLast,
    /// A proof is noted in the very entry that was judged.
    JudgedEntry,
    /// Each epoch has a state of its own, and a proof reads one of them.
    OneState,
    /// Every transaction that changes what readers see raises the version.
    Trigger,
    /// A version is never lowered, nor its row removed.
    VersionsStay,
    /// A list is dated by a poll whose beat was smaller by two.
    TwoBeats,
    /// A list is dated only in the epoch that it was read in.
    ListEpoch,
    /// Redis refuses a fill below the floor.
    RedisFloor,
    /// Floors compare the epoch before the version.
    RedisEpoch,
    /// A token is answered with at least the versions that it names.
    TokenVersions,
    /// A token is answered with what has all up to the id that it folds into.
    TokenFolded,
    /// A poll that was sent before the request arrived proves nothing to a token.
    TokenArrival,
    /// A token folds only what a poll has seen; of the rest it keeps an id apart.
    TokenUnseen,
    /// What a write's token no longer names is folded only if the primary showed it before.
    TokenWriteUnseen,
    /// A token is answered only in its epoch, or told that what it tells of may be lost.
    TokenEpoch,
}

impl Guard {
    /// The scope in which it is missed when it is gone.
    pub const fn scope(self) -> &'static str {
        match self {
            Self::Horizon
            | Self::RecentVersions
            | Self::OneSnapshot
            | Self::InProgress
            | Self::SentTime
            | Self::FirstFloor
            | Self::RecordsOnlyDisprove
            | Self::Trigger => "transactions",
            Self::VersionsStay => "deletion",
            Self::LeastHorizon => "assembling",
            Self::FillFloor | Self::FillHorizon | Self::FillWhole => "filling",
            Self::EnterFirst
            | Self::FloorBeforeForget
            | Self::SentReadFirst
            | Self::HorizonReadFirst
            | Self::FloorReadLast => "interleaving",
            Self::JudgedEntry => "replacing",
            Self::OneState => "interleaving-crash",
            Self::Epoch | Self::Incarnation | Self::RecordsEpoch => "crash",
            Self::OnlyTheEpoch => "ids-given-out-again",
            Self::FillEpoch => "filling-crash",
            Self::GreaterEpoch => "unfenced",
            Self::ForeignRows => "dumps",
            Self::ForeignXids => "restoring",
            Self::TwoBeats => "lists",
            Self::ListEpoch => "lists-crash",
            Self::RedisFloor => "redis",
            Self::RedisEpoch => "redis-crash",
            Self::TokenVersions | Self::TokenFolded => "sessions",
            Self::TokenWriteUnseen => "sessions-named",
            Self::TokenArrival | Self::TokenUnseen => "sessions-folded",
            Self::TokenEpoch | Self::WritesWait => "sessions-crash",
        }
    }

    /// What it says.
    pub fn says(self) -> String {
        let value = self.to_possible_value();
        value.and_then(|value| value.get_help().map(ToString::to_string)).unwrap_or_default()
    }
}
