package notebook

import (
	"regexp"
	"strings"
)

// A party is who runs a notebook, and for whom.
type party struct {
	name         string
	orcid        string // sixteen digits in four groups; "" for none
	organisation string
	address      string // of the organisation, "" for none
}

var (
	byWhom  = regexp.MustCompile(`^(.+?)\s*\(([^()]+?)(?:,\s*(https?://[^\s()]+))?\)$`)
	byORCID = regexp.MustCompile(`^(.+?),?\s+(?:https://orcid\.org/)?(\d{4}-\d{4}-\d{4}-\d{3}[\dX])$`)
)

// parties reads "A. Reader", "A. Reader (An Institute)" or "A. Reader,
// 0000-0002-1825-0097 (An Institute, https://institute.example)". An ORCID whose
// last character does not fit the others is a protocols.BadInput.
func parties(by string) (p party, err error) {
	p.name = strings.TrimSpace(by)
	if m := byWhom.FindStringSubmatch(by); m != nil {
		p.name, p.organisation, p.address = m[1], m[2], m[3]
	}
	if m := byORCID.FindStringSubmatch(p.name); m != nil {
		p.name, p.orcid = m[1], m[2]
		if checkDigit(p.orcid) != p.orcid[len(p.orcid)-1] {
			return p, badInput("--by takes an ORCID as orcid.org shows it, and %s has a digit that cannot be", p.orcid)
		}
	}
	return p, nil
}

// checkDigit is the last character of an ORCID, from those before it (ISO 7064,
// MOD 11-2).
func checkDigit(orcid string) byte {
	sum := 0
	for _, c := range strings.ReplaceAll(orcid[:len(orcid)-1], "-", "") {
		sum = (sum + int(c-'0')) * 2
	}
	return "0123456789X"[(12-sum%11)%11]
}
