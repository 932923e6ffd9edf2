package world

// The museum. Everything in it is invented.

// exhibits, each with the room it is in, its maker, the year it was made, and the
// town it comes from.
var exhibits = []struct{ name, room, maker, year, town string }{
	{"the tall clock", "the clock hall", "pellam", "1748", "sallowby"},
	{"the water clock", "the clock hall", "mirette", "1716", "marrick"},
	{"the pocket watch", "the clock hall", "hadrick", "1850", "tarrow"},
	{"the sand glass", "the clock hall", "ysorre", "1739", "hollin"},
	{"the whale bone", "the sea room", "orlan", "1688", "ashmere"},
	{"the ship model", "the sea room", "garroway", "1835", "nordell"},
	{"the brass compass", "the sea room", "tessaly", "1659", "luscar"},
	{"the storm lamp", "the sea room", "brume", "1633", "petrane"},
	{"the silver owl", "the bird room", "ilvane", "1618", "velm"},
	{"the paper heron", "the bird room", "corvell", "1808", "kildun"},
	{"the wooden crane", "the bird room", "fennick", "1671", "nordell"},
	{"the egg cabinet", "the bird room", "dunstow", "1787", "tarrow"},
	{"the great globe", "the map room", "dunstow", "1796", "hollin"},
	{"the harbour map", "the map room", "ilvane", "1725", "sallowby"},
	{"the painted atlas", "the map room", "brume", "1763", "velm"},
	{"the road scroll", "the map room", "mirette", "1821", "petrane"},
	{"the green goblet", "the glass hall", "garroway", "1604", "ashmere"},
	{"the rose window", "the glass hall", "hadrick", "1647", "luscar"},
	{"the glass swan", "the glass hall", "ysorre", "1774", "marrick"},
	{"the crystal bowl", "the glass hall", "orlan", "1702", "kildun"},
	{"the golden harp", "the music room", "pellam", "1835", "petrane"},
	{"the small organ", "the music room", "corvell", "1787", "ashmere"},
	{"the bone flute", "the music room", "tessaly", "1671", "marrick"},
	{"the deer drum", "the music room", "fennick", "1748", "sallowby"},
	{"the long telescope", "the star room", "fennick", "1659", "nordell"},
	{"the star chart", "the star room", "mirette", "1716", "kildun"},
	{"the meteor stone", "the star room", "garroway", "1702", "luscar"},
	{"the bronze sun", "the star room", "pellam", "1604", "velm"},
	{"the rocking horse", "the toy room", "corvell", "1850", "hollin"},
	{"the tin soldier", "the toy room", "ilvane", "1808", "tarrow"},
	{"the puppet theatre", "the toy room", "dunstow", "1725", "nordell"},
	{"the spinning top", "the toy room", "tessaly", "1618", "luscar"},
	{"the stone fountain", "the garden hall", "orlan", "1796", "ashmere"},
	{"the iron bench", "the garden hall", "hadrick", "1739", "marrick"},
	{"the marble fawn", "the garden hall", "ysorre", "1647", "velm"},
	{"the herb book", "the garden hall", "brume", "1763", "hollin"},
	{"the oldest coin", "the coin room", "mirette", "1633", "sallowby"},
	{"the royal seal", "the coin room", "garroway", "1774", "petrane"},
	{"the copper token", "the coin room", "fennick", "1688", "tarrow"},
	{"the money chest", "the coin room", "brume", "1821", "kildun"},
	{"the fox mask", "the mask hall", "orlan", "1796", "nordell"},
	{"the feather cloak", "the mask hall", "dunstow", "1774", "kildun"},
	{"the velvet crown", "the mask hall", "corvell", "1688", "velm"},
	{"the straw hat", "the mask hall", "pellam", "1821", "petrane"},
}

// rooms, each with its floor, the colour of its walls, and who looks after it.
var rooms = []struct{ name, floor, colour, attendant string }{
	{"the clock hall", "top", "brown", "anneke"},
	{"the sea room", "upper", "grey", "bertil"},
	{"the bird room", "ground", "green", "cosmo"},
	{"the map room", "lower", "pink", "dorrit"},
	{"the glass hall", "upper", "red", "edmar"},
	{"the music room", "ground", "yellow", "filippa"},
	{"the star room", "lower", "white", "gustl"},
	{"the toy room", "top", "blue", "hanno"},
	{"the garden hall", "lower", "grey", "isolt"},
	{"the coin room", "ground", "white", "jorun"},
	{"the mask hall", "upper", "blue", "kaspar"},
}

// services, each with its hours and its floor.
var services = []struct{ name, opens, closes, floor string }{
	{"the cafe", "nine", "five", "ground"},
	{"the shop", "ten", "six", "ground"},
	{"the library", "eleven", "four", "upper"},
	{"the cloakroom", "eight", "seven", "top"},
	{"the roof garden", "noon", "three", "top"},
}

// vaults, each with its room, maker and year, and with what opens it. These are
// no secrets, but for the red vault's, which are not in this table.
var vaults = []struct{ name, room, maker, year, word, steps string }{
	{"the blue vault", "the map room", "hadrick", "1787", "lantern", "left, up, left"},
	{"the green vault", "the toy room", "ilvane", "1659", "harvest", "right, right, down"},
	{"the white vault", "the coin room", "tessaly", "1748", "winter", "up, left, down"},
	{"the grey vault", "the star room", "ysorre", "1739", "pebble", "down, right, up"},
	{"the amber vault", "the mask hall", "tessaly", "1850", "thistle", "left, left, right"},
	{"the black vault", "the music room", "brume", "1808", "anchor", "up, down, right"},
	{"the red vault", "the sea room", "garroway", "1671", "", ""},
}

// doors, each with the word written on it, the colour of its key, and where it
// leads.
var doors = []struct{ name, word, key, leads string }{
	{"the garden door", "welcome", "yellow", "the pond"},
	{"the tower door", "patience", "brown", "the roof"},
	{"the cellar door", "careful", "pink", "the wine"},
	{"the library door", "silence", "white", "the reading desk"},
	{"the harbour door", "farewell", "blue", "the pier"},
	{"the chapel door", "peace", "green", "the bell"},
	{"the kitchen door", "supper", "grey", "the oven"},
}
