use http::StatusCode;
use service_kit::problem::ProblemKind;

/// No token, or one that is refused.
pub(super) const UNAUTHENTICATED: ProblemKind =
    ProblemKind::new("unauthenticated", StatusCode::UNAUTHORIZED, "Not authenticated");
/// The token's role is not enough.
pub(super) const FORBIDDEN: ProblemKind =
    ProblemKind::new("forbidden", StatusCode::FORBIDDEN, "Not allowed");
/// A change needs `If-Match`.
pub(super) const PRECONDITION_REQUIRED: ProblemKind = ProblemKind::new(
    "precondition-required",
    StatusCode::PRECONDITION_REQUIRED,
    "If-Match required",
);
/// Somebody else changed it first.
pub(super) const VERSION_CONFLICT: ProblemKind =
    ProblemKind::new("version-conflict", StatusCode::PRECONDITION_FAILED, "Version conflict");
/// A slug, SKU or external key belongs to another.
pub(super) const TAKEN: ProblemKind =
    ProblemKind::new("taken", StatusCode::CONFLICT, "Already taken");
/// A category would become its own ancestor.
pub(super) const CATEGORY_CYCLE: ProblemKind =
    ProblemKind::new("category-cycle", StatusCode::CONFLICT, "Category cycle");
/// A category with subcategories cannot be deleted.
pub(super) const CATEGORY_NOT_EMPTY: ProblemKind =
    ProblemKind::new("category-not-empty", StatusCode::CONFLICT, "Category not empty");
/// There is less than a movement takes.
pub(super) const INSUFFICIENT_STOCK: ProblemKind =
    ProblemKind::new("insufficient-stock", StatusCode::CONFLICT, "Insufficient stock");
/// The idempotency key stands for another request.
pub(super) const IDEMPOTENCY_KEY_REUSED: ProblemKind = ProblemKind::new(
    "idempotency-key-reused",
    StatusCode::UNPROCESSABLE_ENTITY,
    "Idempotency key reused",
);

/// The kinds of problems that only this service has.
pub const KINDS: [ProblemKind; 9] = [
    UNAUTHENTICATED,
    FORBIDDEN,
    PRECONDITION_REQUIRED,
    VERSION_CONFLICT,
    TAKEN,
    CATEGORY_CYCLE,
    CATEGORY_NOT_EMPTY,
    INSUFFICIENT_STOCK,
    IDEMPOTENCY_KEY_REUSED,
];
