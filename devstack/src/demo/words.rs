//! The words that products are made of. All names are invented.

/// The same word in English and German.
pub(crate) type Both = [&'static str; 2];

pub(crate) const BRANDS: [&str; 32] = [
    "Almgrund",
    "Birkwerk",
    "Calder & Wren",
    "Dünenhaus",
    "Elmbrook",
    "Fjellvik",
    "Grauhorn",
    "Halvik",
    "Immergrün",
    "Juniper Lane",
    "Kesselring",
    "Lindforst",
    "Moorland",
    "Nordkiste",
    "Oakridge",
    "Pfeffermühle",
    "Quellhof",
    "Rotfuchs",
    "Saltmarsh",
    "Tannwald",
    "Uferlicht",
    "Veldkamp",
    "Wildhagen",
    "Yarrow",
    "Zimtstern",
    "Ashdown",
    "Blaufels",
    "Coppice",
    "Drehwerk",
    "Ebbe & Flut",
    "Farnkraut",
    "Greenhythe",
];

pub(crate) const SERIES_FRONT: [&str; 40] = [
    "Alder", "Amber", "Arden", "Birk", "Bram", "Brook", "Cedar", "Corbel", "Dales", "Drift",
    "Dune", "Eber", "Fal", "Fern", "Finster", "Flint", "Fox", "Glen", "Hasel", "Heron", "Holm",
    "Isar", "Kestrel", "Lark", "Linden", "Loch", "Marten", "Merle", "Mistel", "Otter", "Pine",
    "Raven", "Rowan", "Silber", "Sorrel", "Stein", "Thorn", "Ulmen", "Weiden", "Wren",
];

pub(crate) const SERIES_BACK: [&str; 24] = [
    "au", "bach", "beck", "berg", "by", "dale", "fell", "feld", "field", "gard", "grund", "haven",
    "holt", "horn", "kamp", "mark", "mere", "moor", "ness", "see", "stead", "tal", "wick", "wold",
];

/// A colour as an option's value, in a SKU, and in German.
#[derive(Debug)]
pub(crate) struct Colour {
    pub(crate) name: &'static str,
    pub(crate) code: &'static str,
    pub(crate) german: &'static str,
}

const fn colour(name: &'static str, code: &'static str, german: &'static str) -> Colour {
    Colour { name, code, german }
}

pub(crate) const COLOURS: [Colour; 14] = [
    colour("black", "BLK", "Schwarz"),
    colour("charcoal", "CHA", "Anthrazit"),
    colour("navy", "NAV", "Marineblau"),
    colour("sky blue", "SKY", "Himmelblau"),
    colour("moss green", "MOS", "Moosgrün"),
    colour("mint", "MIN", "Mint"),
    colour("brick red", "BRI", "Ziegelrot"),
    colour("coral", "COR", "Koralle"),
    colour("mustard", "MUS", "Senfgelb"),
    colour("sand", "SAN", "Sand"),
    colour("chestnut", "CHE", "Kastanie"),
    colour("plum", "PLU", "Pflaume"),
    colour("cream", "CRE", "Creme"),
    colour("silver", "SIL", "Silber"),
];

pub(crate) const TEXTILES: [Both; 8] = [
    ["merino wool", "Merinowolle"],
    ["organic cotton", "Bio-Baumwolle"],
    ["linen", "Leinen"],
    ["recycled polyester", "recyceltes Polyester"],
    ["hemp", "Hanf"],
    ["waxed canvas", "gewachstes Segeltuch"],
    ["nappa leather", "Nappaleder"],
    ["boiled wool", "Walkwolle"],
];

pub(crate) const SOLIDS: [Both; 8] = [
    ["stainless steel", "Edelstahl"],
    ["beech wood", "Buchenholz"],
    ["borosilicate glass", "Borosilikatglas"],
    ["cast iron", "Gusseisen"],
    ["stoneware", "Steinzeug"],
    ["anodised aluminium", "eloxiertes Aluminium"],
    ["bamboo", "Bambus"],
    ["galvanised steel", "verzinkter Stahl"],
];

pub(crate) const FEATURES: [Both; 14] = [
    ["made to be repaired", "reparierbar gebaut"],
    ["tested for ten years of use", "auf zehn Jahre Gebrauch geprüft"],
    ["packed without plastic", "plastikfrei verpackt"],
    ["finished by hand", "von Hand fertiggestellt"],
    ["easy to clean", "leicht zu reinigen"],
    ["folds flat for storage", "flach zusammenlegbar"],
    ["spare parts available", "Ersatzteile erhältlich"],
    ["water-repellent", "wasserabweisend"],
    ["made in a family workshop", "aus einem Familienbetrieb"],
    ["light enough to carry all day", "leicht genug für den ganzen Tag"],
    ["free of solvents", "frei von Lösungsmitteln"],
    ["built for cold mornings", "gemacht für kalte Morgen"],
    ["quiet in use", "leise im Gebrauch"],
    ["stackable", "stapelbar"],
];

pub(crate) const ORIGINS: [&str; 8] = ["DE", "AT", "PT", "IT", "PL", "SE", "GB", "NL"];

pub(crate) const CLOSINGS: [Both; 5] = [
    ["Goes well with everything else in the series.", "Passt zu allem anderen aus der Serie."],
    ["A favourite of our own team.", "Ein Liebling unseres eigenen Teams."],
    ["Comes with a care guide.", "Mit Pflegeanleitung."],
    ["Designed to last and priced fairly.", "Für lange Zeit entworfen und fair kalkuliert."],
    ["Delivered ready to use.", "Wird gebrauchsfertig geliefert."],
];

pub(crate) const LOCATIONS: [&str; 4] = ["leipzig", "rotterdam", "graz", "leeds"];
