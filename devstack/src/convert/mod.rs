//! Example data of others made into the lines of an import.
//!
//! | source | what it is |
//! |---|---|
//! | `dummyjson` | products with prices in decimals, stock, brand, tags, SKU, images, and their categories |
//! | `bestbuy` | categories with the way to each |
//! | `amazon` | products in three categories, one JSON document a line |

mod amazon;
mod bestbuy;
mod decimal;
mod dummyjson;
mod input;

use std::io::{self, BufRead, Write};
use std::path::{Path, PathBuf};

pub use input::open;

/// Whose data it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Source {
    /// `dummyjson-products.json`.
    Dummyjson,
    /// `bestbuy-categories.json`.
    Bestbuy,
    /// `amazon-products-24576.jsonl.zst`.
    Amazon,
}

impl Source {
    /// Its file in the folder `data`, when it is there.
    pub fn find(self, data: &Path) -> io::Result<PathBuf> {
        let path = data.join(self.file());
        if path.is_file() {
            return Ok(path);
        }
        let told = format!(
            "there is no {}; devstack/README.md says what the example data are",
            path.display()
        );
        Err(io::Error::new(io::ErrorKind::NotFound, told))
    }

    /// The name of its file.
    pub const fn file(self) -> &'static str {
        match self {
            Self::Dummyjson => "dummyjson-products.json",
            Self::Bestbuy => "bestbuy-categories.json",
            Self::Amazon => "amazon-products-24576.jsonl.zst",
        }
    }
}

/// Data that cannot be converted.
#[derive(Debug, thiserror::Error)]
pub enum ConvertError {
    /// It cannot be read, or the lines not be written.
    #[error("cannot read the source or write the lines: {0}")]
    Io(#[from] io::Error),
    /// It is not what its source's data looks like.
    #[error("{place}: {source}")]
    Shape {
        /// Where in the file.
        place: String,
        /// What is wrong there.
        source: serde_json::Error,
    },
    /// A price that is not a whole number of minor units.
    #[error("{place}: {text} is not a price in whole cents")]
    Price {
        /// Which product.
        place: String,
        /// The price as it stands there.
        text: String,
    },
}

/// Writes what `input` holds as the lines of an import, and says how many there are.
pub fn convert(
    source: Source,
    input: impl BufRead,
    out: &mut impl Write,
) -> Result<u64, ConvertError> {
    match source {
        Source::Dummyjson => dummyjson::convert(input, out),
        Source::Bestbuy => bestbuy::convert(input, out),
        Source::Amazon => amazon::convert(input, out),
    }
}

/// Converts the file at `path`, which may be packed with zstd.
pub fn convert_file(
    source: Source,
    path: &Path,
    out: &mut impl Write,
) -> Result<u64, ConvertError> {
    convert(source, open(path)?, out)
}

#[cfg(test)]
mod tests;
