package client

import (
	"strings"
	"testing"

	"github.com/network-fragility/fragility/protocols"
)

// A run of before a parameter came is what it was; one with a parameter that there
// is no more is another version's.
func TestStampOfAnEarlierVersion(t *testing.T) {
	p, err := protocols.Configure(5, map[string]string{"KetamineGain": "1.4"})
	if err != nil {
		t.Fatal(err)
	}
	settings, _ := protocols.Settings(p)
	s := Stamp{Chapter: 5, Settings: SettingsText(settings)}
	delete(settings, "SSRIMaxGain")
	earlier := Stamp{Chapter: 5, Settings: SettingsText(settings)}
	settings["KetamineGlow"] = "1"
	other := Stamp{Chapter: 5, Settings: SettingsText(settings)}
	if s.Differs() != "KetamineGain 1.4" || earlier.Differs() != "KetamineGain 1.4" {
		t.Errorf("%q and %q", s.Differs(), earlier.Differs())
	}
	if _, err := other.Protocol(); err == nil || !strings.Contains(err.Error(), "another version") {
		t.Error(err)
	}
}
