//! The rows as cells of the temporary tables' columns, in their order.

use tokio_postgres::types::{Json, ToSql, Type};

use super::rows::{
    CategoryRow, MediaRow, MembershipRow, PriceOfVariant, ProductRow, RelationRow, StockOfVariant,
    TranslationRow, VariantRow,
};
use super::staging::{Cell, Staged};
use crate::store::names::{media_kind, relation_kind, status_name};

fn cell<'a>(value: impl ToSql + Sync + Send + 'a) -> Cell<'a> {
    Box::new(value)
}

impl Staged for ProductRow<'_> {
    const COPY: &'static str = "COPY staged_product FROM STDIN BINARY";
    const TYPES: &'static [Type] = &[
        Type::UUID,
        Type::BOOL,
        Type::TEXT,
        Type::TEXT,
        Type::TEXT,
        Type::TEXT,
        Type::TEXT_ARRAY,
        Type::JSONB,
        Type::INT4,
        Type::TIMESTAMPTZ,
        Type::TIMESTAMPTZ,
    ];

    fn cells(&self) -> Vec<Cell<'_>> {
        vec![
            cell(self.id),
            cell(self.is_new),
            cell(self.external_key),
            cell(self.slug),
            cell(status_name(self.status)),
            cell(self.brand),
            cell(self.options),
            cell(Json(self.attributes)),
            cell(self.few_left_threshold),
            cell(self.publish_at),
            cell(self.unpublish_at),
        ]
    }
}

impl Staged for TranslationRow<'_> {
    const COPY: &'static str = "COPY staged_translation FROM STDIN BINARY";
    const TYPES: &'static [Type] = &[Type::UUID, Type::TEXT, Type::TEXT, Type::TEXT];

    fn cells(&self) -> Vec<Cell<'_>> {
        vec![
            cell(self.owner_id),
            cell(self.locale.as_str()),
            cell(self.name),
            cell(self.description),
        ]
    }
}

impl Staged for VariantRow<'_> {
    const COPY: &'static str = "COPY staged_variant FROM STDIN BINARY";
    const TYPES: &'static [Type] =
        &[Type::UUID, Type::UUID, Type::BOOL, Type::TEXT, Type::TEXT, Type::JSONB, Type::INT4];

    fn cells(&self) -> Vec<Cell<'_>> {
        vec![
            cell(self.id),
            cell(self.product_id),
            cell(self.is_new),
            cell(self.sku),
            cell(self.barcode),
            cell(Json(self.options)),
            cell(self.position),
        ]
    }
}

impl Staged for PriceOfVariant<'_> {
    const COPY: &'static str = "COPY staged_price FROM STDIN BINARY";
    const TYPES: &'static [Type] = &[
        Type::UUID,
        Type::UUID,
        Type::TEXT,
        Type::TEXT,
        Type::INT8,
        Type::INT8,
        Type::TIMESTAMPTZ,
        Type::TIMESTAMPTZ,
    ];

    fn cells(&self) -> Vec<Cell<'_>> {
        let price = self.price;
        vec![
            cell(self.product_id),
            cell(self.variant_id),
            cell(price.channel.as_str()),
            cell(price.currency.as_str()),
            cell(price.amount),
            cell(price.compare_at),
            cell(price.valid_from),
            cell(price.valid_until),
        ]
    }
}

impl Staged for StockOfVariant<'_> {
    const COPY: &'static str = "COPY staged_stock FROM STDIN BINARY";
    const TYPES: &'static [Type] = &[Type::UUID, Type::UUID, Type::TEXT, Type::INT4];

    fn cells(&self) -> Vec<Cell<'_>> {
        vec![cell(self.product_id), cell(self.variant_id), cell(self.location), cell(self.quantity)]
    }
}

impl Staged for MembershipRow {
    const COPY: &'static str = "COPY staged_membership FROM STDIN BINARY";
    const TYPES: &'static [Type] = &[Type::UUID, Type::UUID, Type::INT4];

    fn cells(&self) -> Vec<Cell<'_>> {
        vec![cell(self.product_id), cell(self.category_id), cell(self.position)]
    }
}

impl Staged for MediaRow<'_> {
    const COPY: &'static str = "COPY staged_media FROM STDIN BINARY";
    const TYPES: &'static [Type] =
        &[Type::UUID, Type::UUID, Type::UUID, Type::INT4, Type::TEXT, Type::TEXT, Type::JSONB];

    fn cells(&self) -> Vec<Cell<'_>> {
        vec![
            cell(self.id),
            cell(self.product_id),
            cell(self.variant_id),
            cell(self.position),
            cell(media_kind(self.kind)),
            cell(self.url),
            cell(Json(self.alt)),
        ]
    }
}

impl Staged for RelationRow {
    const COPY: &'static str = "COPY staged_relation FROM STDIN BINARY";
    const TYPES: &'static [Type] = &[Type::UUID, Type::UUID, Type::TEXT, Type::INT4];

    fn cells(&self) -> Vec<Cell<'_>> {
        vec![
            cell(self.product_id),
            cell(self.related_id),
            cell(relation_kind(self.kind)),
            cell(self.position),
        ]
    }
}

impl Staged for CategoryRow<'_> {
    const COPY: &'static str = "COPY staged_category FROM STDIN BINARY";
    const TYPES: &'static [Type] =
        &[Type::UUID, Type::BOOL, Type::TEXT, Type::TEXT, Type::UUID, Type::INT4];

    fn cells(&self) -> Vec<Cell<'_>> {
        vec![
            cell(self.id),
            cell(self.is_new),
            cell(self.external_key),
            cell(self.slug),
            cell(self.parent_id),
            cell(self.position),
        ]
    }
}
