package protocols

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/network-fragility/fragility/protocols/stats"
)

// Cohorts of the analysis plan. Claims and margins were written when subjects 0
// to 9 and 42 were known, so these explore; the plan's subjects confirm.
const (
	firstPlanned, lastPlanned = 100, 199
	lastPlannedChapter        = 8
)

// FewestPlanned is the least number of the plan's subjects that confirm.
const FewestPlanned = 30

// PlannedSubjects are the plan's subjects of a chapter, none where it does not
// cover the chapter.
func PlannedSubjects(chapter int) Seeds {
	var list Seeds
	for seed := firstPlanned; chapter <= lastPlannedChapter && seed <= lastPlanned; seed++ {
		list = append(list, seed)
	}
	return list
}

// Standing is what a result can say of claims: it confirms, or it explores.
type Standing string

const (
	Planned     Standing = "plan"
	Exploratory Standing = "exploratory"
)

// Standing is that of the plan where all subjects are the plan's, thirty at
// least, of a chapter that it covers, at the book's settings. Every other result
// explores.
func (r *Result) Standing() Standing {
	if r.Chapter > lastPlannedChapter || r.subjects() < FewestPlanned {
		return Exploratory
	}
	for _, name := range r.Altered {
		if name != "Seeds" {
			return Exploratory
		}
	}
	for _, row := range r.Rows {
		if seed, err := strconv.Atoi(row.Seed); err == nil && (seed < firstPlanned || seed > lastPlanned) {
			return Exploratory
		}
	}
	return Planned
}

// Sentence says it to a reader.
func (s Standing) Sentence() string {
	if s == Planned {
		return "Subjects of the analysis plan " + PlanDigest() + ": these verdicts confirm."
	}
	return "Exploratory: these are not the subjects and settings of the analysis plan " + PlanDigest() + "."
}

// PlanDigest names the plan: the first digits of the SHA-256 of its text.
func PlanDigest() string { return thePlan().digest }

// Plan is the analysis plan as plan/README.md has it, with its digest at the end.
func Plan() string {
	p := thePlan()
	return p.text + "\nDigest (the first digits of the SHA-256 of all above this line): " + p.digest + "\n"
}

type plan struct{ text, digest string }

var thePlan = sync.OnceValue(func() plan {
	text := planText()
	sum := sha256.Sum256([]byte(text))
	return plan{text, hex.EncodeToString(sum[:6])}
})

// planText is the plan without its digest.
func planText() string {
	var b strings.Builder
	fmt.Fprintf(&b, `# Analysis plan

Written by `+"`fragility plan`"+` from the registry of claims; a test holds the two equal. Whoever changes a claim, a margin or a rule changes the digest below,
which stands beside every verdict.

- **Subjects.** %d to %d, of chapters 1 to %d, at the book's settings: a hundred, and no fewer than %d; where fewer are there than a hundred, the number is said.
  Their verdicts confirm. Subjects 0 to 9 and 42 were known when this was written: they, chapters 9 and 10, and every other setting explore.
- **Measure.** The difference between two arms of one subject, or between two measures of one arm; its mean over subjects.
- **Test.** The mean lies above the margin, within it (two one-sided tests) or below. A region is shown where all of Student's t, the bootstrap-t (%d resamples) and
  the test that flips signs (all ways up to 14 subjects, else %d) reject every other one, at %g %% two-sided. The resamples come from a stream named after the contrast.
- **Verdict.** A claim of a difference is *supported* beyond the margin on its side, *opposite* beyond it on the other, *equivalent* within. A claim of none is
  supported within and opposite beyond. Everything else is *undecided*. `+"`bench/verdicts/table.md`"+` has the rule's errors.
- **Multiplicity.** Holm's procedure within a family of a chapter; an interval has the level at which the procedure asks for it. What a chapter repeats of an earlier
  one, of the same subjects, is a family of its own and counts once, there.
- **Missing values.** A subject that lacks one side of a contrast is left out of it, and n says so. No subject is left out for its values.
- **No looking.** Results of these subjects may be computed and stored at any time, and are looked at once, when the cohort is whole.

`, firstPlanned, lastPlanned, lastPlannedChapter, FewestPlanned, stats.Resamples, stats.Resamples, 100*level)
	for _, chapter := range Chapters() {
		p, err := Configure(chapter, nil)
		if err != nil {
			panic("protocols: the book's own settings: " + err.Error())
		}
		planChapter(&b, p)
	}
	return b.String()
}

// planChapter writes the claims of a chapter.
func planChapter(b *strings.Builder, p Protocol) {
	claims := Claims(p)
	size := map[Family]int{}
	for _, c := range claims {
		if c.Needs == "" {
			size[c.Family]++
		}
	}
	standing := "confirmatory"
	if p.Chapter() > lastPlannedChapter {
		standing = "exploratory"
	}
	fmt.Fprintf(b, "## Chapter %d: %s\n\n%s; %d outcomes, %d mechanisms, %d repeated.\n\n", p.Chapter(), p.Title(), capitalised(standing), size[Outcomes], size[Mechanisms], size[Repeated])
	b.WriteString("| | claim | section | difference | says | margin | family | beside it |\n|---|---|---|---|---|---|---|---|\n")
	for _, c := range claims {
		family := string(c.Family)
		if c.Repeats != "" {
			family = "repeats " + c.Repeats
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s | %s | %s |\n", c.ID, c.Words, c.Where, c.difference(), c.Says, c.smallest(), family, c.Control)
	}
	b.WriteString("\n")
}

// difference writes what decides a claim, or what would.
func (c Claim) difference() string {
	switch {
	case c.Needs != "":
		return "no arm; needs " + c.Needs
	case c.Arm == c.Against:
		return fmt.Sprintf("`%s`: `%s` − `%s`", c.Arm, c.Metric, c.MetricAgainst())
	case c.Metric == c.MetricAgainst():
		return fmt.Sprintf("`%s` − `%s`: `%s`", c.Arm, c.Against, c.Metric)
	}
	return fmt.Sprintf("`%s` `%s` − `%s` `%s`", c.Arm, c.Metric, c.Against, c.MetricAgainst())
}

// smallest writes the margin and its reason.
func (c Claim) smallest() string {
	if c.Needs != "" {
		return ""
	}
	return fmt.Sprintf("%v: %s", c.Margin, c.Reason)
}

func capitalised(text string) string { return strings.ToUpper(text[:1]) + text[1:] }
