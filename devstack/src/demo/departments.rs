//! What the demonstration shop sells: departments, groups and sorts, in English and German.

use super::taxonomy::{Department, Group, Range, Sort};
use super::words::Both;

const fn sort(one: Both, many: Both, range: Range, euros: (u32, u32)) -> Sort {
    Sort { one, many, range, euros }
}

macro_rules! group {
    ($en:literal, $de:literal, $range:ident: $($one_en:literal $many_en:literal $one_de:literal $many_de:literal $low:literal..$high:literal),+ $(,)?) => {
        Group {
            name: [$en, $de],
            sorts: &[$(sort([$one_en, $one_de], [$many_en, $many_de], Range::$range, ($low, $high))),+],
        }
    };
}

const WEARERS: [Both; 3] =
    [["for women", "für Damen"], ["for men", "für Herren"], ["for children", "für Kinder"]];
const TRIPS: [Both; 3] = [
    ["for day trips", "für Tagestouren"],
    ["for expeditions", "für Expeditionen"],
    ["for families", "für Familien"],
];
const HOMES: [Both; 3] = [
    ["for every day", "für jeden Tag"],
    ["for guests", "für Gäste"],
    ["for small homes", "für kleine Wohnungen"],
];
const GARDENS: [Both; 3] = [
    ["for balconies", "für Balkone"],
    ["for allotments", "für Kleingärten"],
    ["for large gardens", "für große Gärten"],
];
const MAKERS: [Both; 3] = [
    ["for beginners", "für Einsteiger"],
    ["for the practised", "für Geübte"],
    ["for clubs", "für Vereine"],
];

pub(crate) const DEPARTMENTS: [Department; 5] = [
    Department {
        name: ["Outdoors", "Draußen"],
        uses: &TRIPS,
        groups: &[
            group!("Carrying", "Tragen", Carried:
                "Backpack" "Backpacks" "Rucksack" "Rucksäcke" 49..240,
                "Duffel bag" "Duffel bags" "Reisetasche" "Reisetaschen" 39..180,
                "Dry bag" "Dry bags" "Packsack" "Packsäcke" 15..60,
                "Hip bag" "Hip bags" "Hüfttasche" "Hüfttaschen" 19..70),
            group!("Sleeping", "Schlafen", Plain:
                "Tent" "Tents" "Zelt" "Zelte" 120..900,
                "Hammock" "Hammocks" "Hängematte" "Hängematten" 35..140,
                "Sleeping mat" "Sleeping mats" "Isomatte" "Isomatten" 25..190,
                "Camp bed" "Camp beds" "Feldbett" "Feldbetten" 59..220),
            group!("Light and fire", "Licht und Feuer", Coloured:
                "Headlamp" "Headlamps" "Stirnlampe" "Stirnlampen" 22..110,
                "Lantern" "Lanterns" "Laterne" "Laternen" 18..90,
                "Camping stove" "Camping stoves" "Campingkocher" "Campingkocher" 35..180,
                "Fire bowl" "Fire bowls" "Feuerschale" "Feuerschalen" 49..260),
            group!("Eating outside", "Essen unterwegs", Filled:
                "Drinking bottle" "Drinking bottles" "Trinkflasche" "Trinkflaschen" 12..45,
                "Vacuum flask" "Vacuum flasks" "Thermoskanne" "Thermoskannen" 19..70,
                "Food jar" "Food jars" "Speisebehälter" "Speisebehälter" 17..55,
                "Cooking pot" "Cooking pots" "Kochtopf" "Kochtöpfe" 24..120),
        ],
    },
    Department {
        name: ["Clothing and shoes", "Kleidung und Schuhe"],
        uses: &WEARERS,
        groups: &[
            group!("Tops", "Oberteile", Worn:
                "Shirt" "Shirts" "Hemd" "Hemden" 29..110,
                "Jumper" "Jumpers" "Pullover" "Pullover" 39..160,
                "Cardigan" "Cardigans" "Strickjacke" "Strickjacken" 45..180,
                "Waistcoat" "Waistcoats" "Weste" "Westen" 35..140),
            group!("Trousers and skirts", "Hosen und Röcke", Worn:
                "Pair of trousers" "Trousers" "Hose" "Hosen" 39..150,
                "Pair of shorts" "Shorts" "Kurze Hose" "Kurze Hosen" 25..80,
                "Skirt" "Skirts" "Rock" "Röcke" 35..120,
                "Overall" "Overalls" "Latzhose" "Latzhosen" 59..180),
            group!("Coats and jackets", "Mäntel und Jacken", Worn:
                "Rain jacket" "Rain jackets" "Regenjacke" "Regenjacken" 69..280,
                "Winter coat" "Winter coats" "Wintermantel" "Wintermäntel" 120..420,
                "Cape" "Capes" "Cape" "Capes" 49..160,
                "Fleece jacket" "Fleece jackets" "Fleecejacke" "Fleecejacken" 45..140),
            group!("Footwear", "Schuhwerk", Shod:
                "Boot" "Boots" "Stiefel" "Stiefel" 79..290,
                "Sandal" "Sandals" "Sandale" "Sandalen" 35..130,
                "Slipper" "Slippers" "Hausschuh" "Hausschuhe" 19..70,
                "Trainer" "Trainers" "Turnschuh" "Turnschuhe" 49..170),
        ],
    },
    Department {
        name: ["Kitchen and table", "Küche und Tisch"],
        uses: &HOMES,
        groups: &[
            group!("Cooking", "Kochen", Sized:
                "Frying pan" "Frying pans" "Bratpfanne" "Bratpfannen" 29..140,
                "Casserole" "Casseroles" "Schmortopf" "Schmortöpfe" 49..260,
                "Baking tin" "Baking tins" "Backform" "Backformen" 12..45,
                "Mixing bowl" "Mixing bowls" "Rührschüssel" "Rührschüsseln" 11..48),
            group!("Cutting", "Schneiden", Plain:
                "Chef's knife" "Chef's knives" "Kochmesser" "Kochmesser" 39..240,
                "Bread knife" "Bread knives" "Brotmesser" "Brotmesser" 29..130,
                "Chopping board" "Chopping boards" "Schneidebrett" "Schneidebretter" 15..90,
                "Vegetable peeler" "Vegetable peelers" "Gemüseschäler" "Gemüseschäler" 6..24),
            group!("Tableware", "Geschirr", Boxed:
                "Plate" "Plates" "Teller" "Teller" 18..120,
                "Mug" "Mugs" "Becher" "Becher" 14..80,
                "Bowl" "Bowls" "Schale" "Schalen" 16..95,
                "Glass" "Glasses" "Glas" "Gläser" 15..110),
            group!("Coffee and tea", "Kaffee und Tee", Coloured:
                "Teapot" "Teapots" "Teekanne" "Teekannen" 25..120,
                "Coffee maker" "Coffee makers" "Kaffeebereiter" "Kaffeebereiter" 29..160,
                "Kettle" "Kettles" "Wasserkessel" "Wasserkessel" 35..150,
                "Milk jug" "Milk jugs" "Milchkännchen" "Milchkännchen" 9..40),
        ],
    },
    Department {
        name: ["Garden and balcony", "Garten und Balkon"],
        uses: &GARDENS,
        groups: &[
            group!("Tools", "Geräte", Plain:
                "Spade" "Spades" "Spaten" "Spaten" 25..110,
                "Rake" "Rakes" "Rechen" "Rechen" 18..70,
                "Pair of secateurs" "Secateurs" "Gartenschere" "Gartenscheren" 15..85,
                "Trowel" "Trowels" "Pflanzkelle" "Pflanzkellen" 7..30),
            group!("Planting", "Pflanzen", Sized:
                "Planter" "Planters" "Pflanzgefäß" "Pflanzgefäße" 14..190,
                "Raised bed" "Raised beds" "Hochbeet" "Hochbeete" 59..320,
                "Trellis" "Trellises" "Rankgitter" "Rankgitter" 17..90,
                "Cold frame" "Cold frames" "Frühbeet" "Frühbeete" 39..180),
            group!("Watering", "Bewässern", Filled:
                "Watering can" "Watering cans" "Gießkanne" "Gießkannen" 14..65,
                "Rain barrel" "Rain barrels" "Regentonne" "Regentonnen" 39..220,
                "Plant mister" "Plant misters" "Sprühflasche" "Sprühflaschen" 8..28,
                "Bucket" "Buckets" "Eimer" "Eimer" 9..35),
            group!("Sitting", "Sitzen", Coloured:
                "Bench" "Benches" "Bank" "Bänke" 90..480,
                "Deck chair" "Deck chairs" "Liegestuhl" "Liegestühle" 49..210,
                "Folding table" "Folding tables" "Klapptisch" "Klapptische" 45..240,
                "Parasol" "Parasols" "Sonnenschirm" "Sonnenschirme" 39..290),
        ],
    },
    Department {
        name: ["Crafts and pastimes", "Handwerk und Zeitvertreib"],
        uses: &MAKERS,
        groups: &[
            group!("Drawing and painting", "Zeichnen und Malen", Boxed:
                "Coloured pencil" "Coloured pencils" "Buntstift" "Buntstifte" 8..70,
                "Paintbrush" "Paintbrushes" "Pinsel" "Pinsel" 6..55,
                "Watercolour" "Watercolours" "Wasserfarbe" "Wasserfarben" 12..90,
                "Sketchbook" "Sketchbooks" "Skizzenbuch" "Skizzenbücher" 9..38),
            group!("Needlework", "Handarbeit", Coloured:
                "Ball of wool" "Wool" "Wollknäuel" "Wolle" 5..24,
                "Embroidery kit" "Embroidery kits" "Stickset" "Sticksets" 15..60,
                "Sewing box" "Sewing boxes" "Nähkasten" "Nähkästen" 25..110,
                "Knitting bag" "Knitting bags" "Stricktasche" "Stricktaschen" 19..75),
            group!("Woodwork", "Holzarbeit", Plain:
                "Chisel" "Chisels" "Stechbeitel" "Stechbeitel" 15..80,
                "Hand plane" "Hand planes" "Handhobel" "Handhobel" 35..260,
                "Mallet" "Mallets" "Klüpfel" "Klüpfel" 14..50,
                "Saw" "Saws" "Säge" "Sägen" 19..120),
            group!("Playing", "Spielen", Plain:
                "Chess set" "Chess sets" "Schachspiel" "Schachspiele" 25..240,
                "Jigsaw puzzle" "Jigsaw puzzles" "Puzzle" "Puzzles" 12..48,
                "Kite" "Kites" "Drachen" "Drachen" 15..120,
                "Set of juggling balls" "Juggling balls" "Jonglierball-Set" "Jonglierbälle" 12..45),
        ],
    },
];
